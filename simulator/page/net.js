// Talking to the simulator: acts go out, and every change comes back by one waiting request.

const PAUSES = [300, 1000, 2000, 4000];
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Do something; returns the reason when it was refused, else nothing. */
export async function act(about) {
  try {
    const answer = await fetch("/page/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(about),
    });
    if (answer.ok) return undefined;
    return (await answer.json().catch(() => ({}))).error ?? `Ditolak (${answer.status}).`;
  } catch {
    return "Simulator tidak menjawab. Apakah masih berjalan?";
  }
}

/** Hand every change to `changed(state, anew)` for ever; `lost(true)` while nothing answers. */
export async function follow(changed, lost) {
  let mark = "";
  for (let failures = 0; ; ) {
    try {
      const answer = await fetch(`/page/state?since=${encodeURIComponent(mark)}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      const anew = mark.split(".")[0] !== state.mark.split(".")[0];
      failures = 0;
      lost(false);
      changed(state, anew);
      mark = state.mark;
    } catch (error) {
      console.error(error);
      lost(true);
      await pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
    }
  }
}
