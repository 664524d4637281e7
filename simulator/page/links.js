// Links and telephone numbers in what people read, and places to stand.

import { make } from "./make.js";
import { ask } from "./menu.js";

const TELEGRAM = /^(?:https?:\/\/)?(?:t|telegram)\.me\/\w|^tg:\/\/resolve\?/i;
const NUMBER = /(?<![\w@./-])(?:\+62|0)[\d][\d ().-]{4,15}\d(?![\w/])/g;
const PLACES = [
  ["Brebes", -6.8726, 109.0426], ["Tegal", -6.8694, 109.1402], ["Tanjung Redeb, Berau", 2.1530, 117.4930],
  ["Kupang", -10.1772, 123.6070], ["Jakarta Pusat", -6.1754, 106.8272], ["Karangasem, Bali", -8.4500, 115.6120],
];

/** Whether an address leads into Telegram itself, so that a phone would not open a browser. */
export const isTelegram = (address) => TELEGRAM.test(address.trim());

/** The first such address in a message: in its words, behind them, or on a button. */
export function linkIn(message) {
  const spoken = (message.entities ?? []).map((one) => one.url ?? (one.type === "url" ? message.text.slice(one.offset, one.offset + one.length) : ""));
  return [...spoken, ...(message.rows ?? []).flat().map((one) => one.url ?? "")].find(isTelegram);
}

/** Words with their telephone numbers as buttons, as phones show them. */
export function withNumbers(text, call) {
  const nodes = [];
  let at = 0;
  for (const found of text.matchAll(NUMBER)) {
    nodes.push(text.slice(at, found.index), number(found[0], call));
    at = found.index + found[0].length;
  }
  return [...nodes, text.slice(at)].filter((one) => one !== "");
}

export const number = (text, call) => make("button", { type: "button", className: "link", onclick: () => call(text) }, text);

/** A map of a place on the web, for those who are online. */
export const mapOf = ({ latitude, longitude }) => `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

/** Ask where somebody stands; `{latitude, longitude}`, "" for what is no place, nothing when left. */
export async function askPlace(name) {
  const known = make("select", { name: "place" },
    PLACES.map(([label], place) => make("option", { value: String(place) }, label)),
    make("option", { value: "" }, "Koordinat sendiri"));
  const own = make("input", { name: "own", autocomplete: "off", placeholder: "-6.8726, 109.0426", oninput: () => { known.value = ""; } });
  const given = await ask(`Di mana ${name}?`, [
    make("label", {}, "Tempat contoh", known), make("label", {}, "atau koordinat: lintang, bujur", own),
    make("p", { className: "hint" }, "Lokasi latihan, bukan tempat Anda sekarang."),
  ], "Kirim lokasi");
  if (!given) return undefined;
  if (given.place !== "") return { latitude: PLACES[given.place][1], longitude: PLACES[given.place][2] };
  const found = given.own.match(/^\s*(-?\d+(?:\.\d+)?)\s*[,;\s]\s*(-?\d+(?:\.\d+)?)\s*$/);
  return found ? { latitude: Number(found[1]), longitude: Number(found[2]) } : "";
}
