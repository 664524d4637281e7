// While a finger is down the page stands still: what it lifts from is what it was put on.

const LONGEST = 5000; // milliseconds that the page stands still: a browser may never tell of the end
const LATE = 350; // milliseconds in which a touch that was lifted still becomes a click
let isDown = false;
let timer = 0;
let waiting = [];

/** Wait until no finger is down; at once when none is. */
export const still = () => new Promise((done) => (isDown ? waiting.push(done) : done()));

function lifted() {
  clearTimeout(timer);
  isDown = false;
  for (const done of waiting.splice(0)) done();
}

function later(milliseconds) {
  clearTimeout(timer);
  if (isDown) timer = setTimeout(lifted, milliseconds);
}

addEventListener("pointerdown", (event) => {
  // A scroll bar reports no end, nor does a button that opens the browser's own menu.
  if (!event.isPrimary || event.button || !event.target.closest?.("button, a, input, select, .bubble, .spoiler")) return;
  isDown = true;
  later(LONGEST);
}, true);
addEventListener("pointerup", () => later(LATE), true);
addEventListener("click", () => later(0), true);
// Of the window alone, not caught on its way to an element that a finger takes the focus from.
for (const over of ["pointercancel", "blur", "dragend"]) addEventListener(over, () => later(0));
