// The messages of one chat: only what changed is drawn anew, and the eye stays where it was.

import { bubble } from "./bubble.js";
import { icon } from "./icons.js";
import { day, keep, make, renew } from "./make.js";

const NEAR = 80; // pixels from the end that still count as being there

export class Thread {
  constructor(does) {
    this.does = does;
    this.drawn = new Map();
    this.list = make("div", { className: "thread", role: "log", ariaLabel: "Pesan", tabIndex: -1 });
    this.down = make("button", { type: "button", className: "down", hidden: true, ariaLabel: "Ke pesan terbaru", onclick: () => this.end(true) }, icon("down"));
    this.element = make("div", { className: "thread-box" }, this.list, this.down);
    this.stays = true;
    this.list.addEventListener("scroll", () => { this.down.hidden = this.stays = this.atEnd; }, { passive: true });
    new ResizeObserver(() => this.stays && this.end(false)).observe(this.list); // a keyboard came up
  }

  get atEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR;
  }

  /** The topmost message in view, which must not move while it is read. */
  get read() {
    return [...this.list.children].find((node) => node.offsetTop + node.offsetHeight > this.list.scrollTop);
  }

  end(smooth) {
    this.stays = true;
    this.list.scrollTo({ top: this.list.scrollHeight, behavior: smooth ? "smooth" : "instant" });
  }

  /** Draw these messages; `firstNew` is the key before which «Pesan baru» stands. */
  show(messages, firstNew) {
    const items = arrange(messages, firstNew);
    const read = this.stays ? null : this.read;
    const height = read?.offsetTop;
    const wanted = new Set(items.map((item) => item.key));
    for (const [key, { node }] of this.drawn) {
      if (!wanted.has(key)) {
        node.remove();
        this.drawn.delete(key);
      }
    }
    const nodes = items.map((item) => this.draw(item));
    let before = this.list.firstChild;
    for (const node of nodes) {
      if (node === before) before = node.nextSibling;
      else this.list.insertBefore(node, before);
    }
    const newest = messages[messages.length - 1];
    if (this.stays || (newest?.mine && newest.key !== this.newest)) this.end(false);
    else if (read?.isConnected) this.list.scrollTop += read.offsetTop - height;
    this.newest = newest?.key;
    this.down.hidden = this.atEnd;
  }

  draw(item) {
    const text = JSON.stringify(item);
    const old = this.drawn.get(item.key);
    if (old?.text === text) return old.node;
    const fresh = item.line
      ? make("p", { className: `line-${item.kind}` }, make("span", {}, item.line))
      : bubble(item.messages, this.does);
    if (item.lastOfSender) fresh.classList.add("tail");
    const node = old ? renew(old.node, fresh) : keep(fresh);
    if (!old && !item.messages?.[0].mine) node.classList.add("new"); // their own words just stand there
    this.drawn.set(item.key, { text, node });
    return node;
  }

  /** Bring a message into view and let it glow. */
  reveal(key) {
    const item = this.drawn.get(key) ?? [...this.drawn.values()].find(({ text }) => text.includes(`"key":"${key}"`));
    if (!item) return;
    item.node.scrollIntoView({ block: "center", behavior: "smooth" });
    item.node.classList.remove("glow");
    requestAnimationFrame(() => item.node.classList.add("glow"));
  }
}

/** Messages as items: albums together, a line for every day, and one before what is new. */
function arrange(messages, firstNew) {
  const items = [];
  let today = "";
  for (const message of messages) {
    const its = message.at && day(message.at);
    if (its && its !== today) {
      items.push({ key: `day-${its}`, line: its, kind: "day" });
      today = its;
    }
    if (message.key === firstNew) items.push({ key: "new", line: "Pesan baru", kind: "fresh" });
    const last = items[items.length - 1];
    if (message.album && last?.messages?.[0].album === message.album && !message.deleted) last.messages.push(message);
    else items.push({ key: message.key, messages: [message] });
  }
  items.forEach((item, number) => {
    const next = items[number + 1];
    item.lastOfSender = Boolean(item.messages) && next?.messages?.[0].mine !== item.messages[0].mine;
  });
  return items;
}
