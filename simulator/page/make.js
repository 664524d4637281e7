// Making elements, and renewing them. Words of people only ever become text nodes.

const HANDLERS = ["onclick", "onkeydown"];
const models = new WeakMap(); // by an element: how it was made, before anything was done to it

export function make(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined || value === null || value === false) continue;
    if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => typeof child === "string" || child instanceof Node));
  return element;
}

/** Remember how an element was made, so that it can be renewed. */
export function keep(element) {
  models.set(element, modelOf(element));
  return element;
}

const modelOf = (node) => ({
  name: node.nodeName,
  text: node.data,
  attributes: new Map([...node.attributes ?? []].map(({ name, value }) => [name, value])),
  children: [...node.childNodes].map(modelOf),
});

/** Make a kept element what `fresh` is, changing only what is now made otherwise: a finger, the focus,
 *  a selection, a sound that plays stay on it. Gives what stands there now. */
export function renew(element, fresh) {
  const model = models.get(element);
  const next = modelOf(fresh);
  const stands = match(element, model, fresh);
  models.set(stands, next);
  return stands;
}

/** Give a box these children, one renewing the other. */
export function fill(box, children) {
  const before = [...box.children];
  children.forEach((child, at) => (before[at] ? renew(before[at], child) : box.append(keep(child))));
  for (const spare of before.slice(children.length)) spare.remove();
}

function match(live, model, fresh) {
  if (model?.name !== fresh.nodeName) {
    live.replaceWith(fresh);
    return fresh;
  }
  if (live instanceof Element) matchElement(live, model, fresh);
  else if (model.text !== fresh.data) live.data = fresh.data;
  return live;
}

function matchElement(live, model, fresh) {
  for (const name of new Set([...model.attributes.keys(), ...fresh.getAttributeNames()])) {
    const value = fresh.getAttribute(name);
    if (value === (model.attributes.get(name) ?? null)) continue;
    if (name === "style") live.style.cssText = value; // as an attribute the page's own policy forbids it
    else if (value === null) live.removeAttribute(name);
    else live.setAttribute(name, value);
  }
  for (const name of HANDLERS) live[name] = fresh[name];
  const [before, children] = [live, fresh].map((element) => [...element.childNodes]);
  children.forEach((child, at) => (before[at] ? match(before[at], model.children[at], child) : live.append(child)));
  for (const spare of before.slice(children.length)) spare.remove();
}

const COLOURS = 7;

export function avatar(name, number) {
  const letters = [...name.trim()][0] ?? "?";
  return make("span", { className: `avatar colour${number % COLOURS}`, ariaHidden: "true" }, letters.toUpperCase());
}

export const hour = (at) =>
  new Date(at * 1000).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });

export const day = (at) =>
  new Date(at * 1000).toLocaleDateString("id-ID", { weekday: "long", day: "numeric", month: "long" });

export const KINDS = {
  photo: "Foto", voice: "Pesan suara", audio: "Lagu", document: "Berkas", video: "Video",
  animation: "GIF", video_note: "Pesan video", sticker: "Stiker", location: "Lokasi",
  venue: "Tempat", contact: "Kontak", dice: "Dadu", poll: "Jajak pendapat", text: "Pesan",
};
