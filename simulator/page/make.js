// Making elements. Words of people only ever become text nodes.

export function make(tag, about = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(about)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => typeof child === "string" || child instanceof Node));
  return element;
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
