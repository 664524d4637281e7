// Talking to the simulator: acts go out, and every change comes back by one waiting request.

import { still } from "./press.js";

const PAUSES = [300, 1000, 2000, 4000];
const PATIENCE = 10_000; // milliseconds for an act, which takes the simulator a few
const LONGEST_WAIT = 30_000; // for news: the simulator says within 20 s that there are none
const browser = Math.random().toString(36).slice(2);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
let sending = Promise.resolve();
let acts = 0;
let mark = ""; // of what the page shows
const unseen = new Map(); // by act: what is told once the page shows what came of it, and its mark

/** Do something, after all that was done before. Returns the reason when it was refused, else
 *  nothing, and that only when the page shows what came of it. */
export async function act(about) {
  const once = `${browser}-${++acts}`;
  const one = {};
  const shown = new Promise((done) => { one.shown = () => done({}); });
  unseen.set(once, one);
  sending = sending.then(() => Promise.race([send({ once, ...about }), shown]));
  const answer = await sending;
  one.mark = answer.mark;
  if (!answer.refused && !isShown(one.mark)) await shown;
  unseen.delete(once);
  return answer.refused;
}

/** Asked again when no whole answer came: the simulator does it only once. */
async function send(about) {
  for (const milliseconds of [...PAUSES, 0]) {
    if (!unseen.has(about.once)) return {};
    try {
      return await post(JSON.stringify(about));
    } catch {
      if (milliseconds) await pause(milliseconds);
    }
  }
  return { refused: "Simulator tidak menjawab. Apakah masih berjalan?" };
}

async function post(body) {
  const answer = await fetch("/page/act", {
    method: "POST", headers: { "Content-Type": "application/json" }, body, signal: AbortSignal.timeout(PATIENCE),
  });
  if (answer.ok) return answer.json();
  const told = await answer.json().catch(() => ({}));
  return { refused: told.error ?? `Ditolak (${answer.status}).` };
}

/** Whether the page shows that state, or one of another beginning. */
function isShown(wanted) {
  if (!wanted) return false;
  const [[epoch, number], [other, newest]] = [wanted.split("."), mark.split(".")];
  return epoch !== other || Number(newest) >= Number(number);
}

function nowShows(state) {
  mark = state.mark;
  for (const [once, one] of unseen) if (state.done.includes(once) || isShown(one.mark)) one.shown();
}

/** Hand every change to `changed(state, anew)` for ever, and none while a finger is down;
 *  `lost(true)` while nothing answers. */
export async function follow(changed, lost) {
  for (let failures = 0; ; ) {
    try {
      const answer = await fetch(`/page/state?since=${encodeURIComponent(mark)}`, {
        cache: "no-store", signal: AbortSignal.timeout(LONGEST_WAIT),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      const anew = mark.split(".")[0] !== state.mark.split(".")[0];
      await still();
      failures = 0;
      lost(false);
      changed(state, anew);
      nowShows(state);
    } catch (error) {
      console.error(error);
      await still();
      lost(true);
      await pause(PAUSES[Math.min(failures++, PAUSES.length - 1)]);
    }
  }
}
