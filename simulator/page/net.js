// Talking to the simulator: acts go out, and every change comes back by one waiting request.

import { still } from "./press.js";

const PAUSES = [300, 1000, 2000, 4000];
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
let sending = Promise.resolve();
let mark = ""; // of what the page shows
const unseen = new Map(); // by what is told when the page shows it: the mark of an act

/** Do something, after all that was done before. Returns the reason when it was refused, else
 *  nothing, and that only when the page shows what came of it. */
export async function act(about) {
  sending = sending.then(() => send(about));
  const answer = await sending;
  if (!answer.refused && !isShown(answer.mark)) await new Promise((done) => unseen.set(done, answer.mark));
  return answer.refused;
}

async function send(about) {
  try {
    const answer = await fetch("/page/act", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(about),
    });
    const told = await answer.json().catch(() => ({}));
    return answer.ok ? told : { refused: told.error ?? `Ditolak (${answer.status}).` };
  } catch {
    return { refused: "Simulator tidak menjawab. Apakah masih berjalan?" };
  }
}

/** Whether the page shows that state, or one of another beginning. */
function isShown(wanted) {
  const [[epoch, number], [other, newest]] = [wanted.split("."), mark.split(".")];
  return epoch !== other || Number(newest) >= Number(number);
}

function nowShows(newest) {
  mark = newest;
  for (const [done, wanted] of unseen) if (isShown(wanted) && unseen.delete(done)) done();
}

/** Hand every change to `changed(state, anew)` for ever, and none while a finger is down;
 *  `lost(true)` while nothing answers. */
export async function follow(changed, lost) {
  for (let failures = 0; ; ) {
    try {
      const answer = await fetch(`/page/state?since=${encodeURIComponent(mark)}`, { cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      const anew = mark.split(".")[0] !== state.mark.split(".")[0];
      await still();
      failures = 0;
      lost(false);
      changed(state, anew);
      nowShows(state.mark);
    } catch (error) {
      console.error(error);
      await still();
      lost(true);
      await pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
    }
  }
}
