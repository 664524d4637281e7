// Text with Telegram's entities (their offsets count UTF-16 units, as strings do here).

import { isTelegram, number, withNumbers } from "./links.js";
import { make } from "./make.js";

const TAGS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};
const LOOKS_LIKE_LINK = new Set(["mention", "hashtag", "cashtag", "email", "text_mention"]);

/** The text as nodes; `does` is what a tapped command, link or number does. */
export function words(text, entities, does) {
  const inOrder = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return build(text, 0, text.length, inOrder, does);
}

function build(text, start, end, entities, does) {
  const nodes = [];
  let at = start;
  while (entities.length) {
    const entity = entities.shift();
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) continue;
    if (from > at) nodes.push(...withNumbers(text.slice(at, from), does.call));
    const inside = [];
    while (entities.length && entities[0].offset < to) inside.push(entities.shift());
    nodes.push(wrap(entity, text.slice(from, to), build(text, from, to, inside, does), does));
    at = to;
  }
  if (at < end) nodes.push(...withNumbers(text.slice(at, end), does.call));
  return nodes;
}

function wrap(entity, text, inside, does) {
  if (TAGS[entity.type]) return make(TAGS[entity.type], {}, inside);
  if (entity.type === "spoiler") return spoiler(inside);
  if (entity.type === "bot_command") {
    return make("button", { type: "button", className: "link", onclick: () => does.command(text) }, inside);
  }
  if (entity.type === "url" || entity.type === "text_link") {
    const given = entity.url ?? text;
    if (isTelegram(given)) {
      const open = (event) => { event.preventDefault(); does.link(given); };
      return make("a", { href: safe(given) || "#", title: given, onclick: open }, text);
    }
    const address = safe(given);
    if (!address) return make("span", { className: "link" }, inside);
    return make("a", { href: address, target: "_blank", rel: "noopener noreferrer", title: address }, inside);
  }
  if (entity.type === "phone_number") return number(text, does.call);
  return make("span", { className: LOOKS_LIKE_LINK.has(entity.type) ? "link" : "" }, inside);
}

function spoiler(inside) {
  const show = ({ currentTarget }) => currentTarget.classList.add("shown");
  return make("span", {
    className: "spoiler", role: "button", tabIndex: 0, title: "Tampilkan",
    onclick: show, onkeydown: (event) => event.key === "Enter" && show(event),
  }, inside);
}

/** The address if it leads to the web; nothing for schemes that could do something here. */
export function safe(address) {
  try {
    const url = new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
    return ["http:", "https:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}
