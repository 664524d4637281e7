// The page: its phones, who is shown, the clock, trouble, and starting again.

import { icon } from "./icons.js";
import { avatar, fill, make } from "./make.js";
import { ask } from "./menu.js";
import { act, follow } from "./net.js";
import { Phone } from "./phone.js";

const WIDEST = 340; // pixels that a phone likes to have
const SHOWN = "telekonsul-shown";
const NARROW = matchMedia("(max-width: 719px)");
const TROUBLES = {
  slow: "Setiap panggilan bot ke Telegram tertahan 3 detik.",
  flood: "Telegram menolak setiap kiriman bot (429): coba lagi 5 detik kemudian.",
  broken: "Telegram menjawab bot dengan galat 502.",
  cut: "Sambungan bot ke Telegram putus.",
  lost: "Sebagian kiriman sampai, tetapi jawabannya tidak kembali ke bot.",
};
const at = (selector) => document.querySelector(selector);
const phones = new Map();
let page = { people: [] };
let clock = { now: 0, since: 0, running: false };
let shown = new Set();
let connected = true;

const now = () => clock.now + (clock.running ? (performance.now() - clock.since) / 1000 : 0);

function changed(state, anew) {
  if (anew) for (const [number, phone] of phones) again(number, phone, state.phones[number]);
  clock = { now: state.now, since: performance.now(), running: state.running };
  if (state.page) page = state.page;
  for (const number of Object.keys(state.phones)) {
    if (!phones.has(number)) phones.set(number, new Phone(Number(number), stage));
  }
  for (const number of phones.keys()) if (!page.people.includes(Number(number))) remove(number);
  if (!shown.size) shown = new Set(firstChoice());
  for (const [number, about] of Object.entries(state.phones)) {
    if (!phones.get(number).element) place(phones.get(number), about);
    else phones.get(number).update(about);
  }
  if (anew) for (const [number, phone] of phones) phone.element.hidden = !shown.has(Number(number));
  if (state.page || anew) showPage();
  tick();
}

/** The same person's phone in another beginning keeps what is being written on it. */
function again(number, phone, about) {
  if (about?.name === phone.about.name) phone.about = undefined;
  else remove(number);
}

function place(phone, about) {
  phone.update(about);
  const later = page.people.slice(page.people.indexOf(about.id) + 1).map((number) => phones.get(String(number))?.element);
  at("#phones").insertBefore(phone.element, later.find((element) => element?.isConnected) ?? null);
  at("#phones > .empty")?.remove();
  phone.element.hidden = !shown.has(about.id);
  if (shown.has(about.id)) phone.appear();
}

const stage = {
  now,
  seen: () => showUnread(),
  others: () => page.people.map((number) => phones.get(String(number))?.about).filter(Boolean)
    .map(({ id, name }) => ({ number: id, name })),
  turn: (number) => {
    if (!shown.has(number)) choose(number);
    phones.get(String(number)).element.scrollIntoView({ inline: "nearest", behavior: "smooth" });
  },
};

function remove(number) {
  phones.get(number).element?.remove();
  phones.delete(number);
  shown.delete(Number(number));
}

/** What this browser showed before it was loaded anew; at first as many as have room. */
function firstChoice() {
  const before = JSON.parse(sessionStorage.getItem(SHOWN) ?? "[]").filter((one) => page.people.includes(one));
  if (before.length) return NARROW.matches ? before.slice(0, 1) : before;
  const room = Math.max(1, Math.floor(at("#phones").clientWidth / WIDEST));
  return page.people.slice(0, NARROW.matches ? 1 : Math.min(room, 4));
}

function choose(number) {
  if (NARROW.matches) shown = new Set([number]);
  else if (!shown.has(number)) shown.add(number);
  else if (shown.size > 1) shown.delete(number);
  showChosen();
  if (NARROW.matches || shown.has(number)) phones.get(String(number)).appear();
}

function showChosen() {
  if (NARROW.matches && shown.size > 1) shown = new Set([[...shown][0]]);
  for (const [number, phone] of phones) {
    const was = phone.element.hidden;
    phone.element.hidden = !shown.has(Number(number));
    if (was && !phone.element.hidden) phone.appear();
  }
  sessionStorage.setItem(SHOWN, JSON.stringify([...shown]));
  showPeople();
  at('.person[aria-pressed="true"]')?.scrollIntoView({ inline: "nearest", block: "nearest" });
}

function showPeople() {
  fill(at("#people"), page.people.filter((number) => phones.get(String(number))?.about).map((number) => {
    const { about, unread } = phones.get(String(number));
    return make("button", {
      type: "button", className: "person", ariaPressed: String(shown.has(number)),
      title: about.note, onclick: () => choose(number),
    }, avatar(about.name, about.id), make("span", { className: "name" }, about.name),
    about.offline && make("span", { className: "off", title: "tanpa sinyal" }, icon("close")),
    unread > 0 && make("b", { className: "unread", ariaLabel: `${unread} belum dibaca` }, String(unread)));
  }));
}

let unreadDue = 0;
function showUnread() {
  cancelAnimationFrame(unreadDue);
  unreadDue = requestAnimationFrame(showPeople);
}

function showPage() {
  at("#moves").hidden = !page.movable;
  at("#restart").hidden = !page.restartable;
  at("#trouble").value = page.trouble;
  warn();
  showPeople();
}

function warn() {
  const text = connected ? [TROUBLES[page.trouble], page.notice].filter(Boolean).join(" ")
    : "Simulator tidak menjawab. Halaman ini mencoba lagi sendiri…";
  at("#warning").textContent = text;
  at("#warning").hidden = !text;
}

function tick() {
  const moment = new Date(now() * 1000);
  const date = moment.toLocaleDateString("id-ID", { weekday: "short", day: "numeric", month: "short" });
  at("#clock").textContent = `${date} · ${moment.toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit", second: "2-digit" })}`;
  for (const phone of phones.values()) if (phone.element) phone.tick();
}

async function does(about) {
  const refused = await act(about);
  if (refused) ask("Tidak bisa", [make("p", {}, refused)], "Oke");
}

async function addPerson() {
  const body = [
    make("label", {}, "Nama", make("input", { name: "name", maxLength: 64, autocomplete: "off", placeholder: "misalnya Ketut" })),
    make("label", {}, "Keterangan", make("input", { name: "note", maxLength: 64, autocomplete: "off", placeholder: "misalnya kader di banjar" })),
    make("p", { className: "hint" }, "Pakai nama karangan, bukan nama pasien."),
  ];
  const given = await ask("Tambah orang", body, "Tambah");
  if (!given?.name.trim()) return;
  closeTools();
  const before = new Set(page.people);
  await does({ act: "add", ...given });
  const appear = setInterval(() => {
    const number = page.people.find((one) => !before.has(one));
    if (!number || !phones.get(String(number))?.element) return;
    clearInterval(appear);
    if (!shown.has(number)) choose(number);
    phones.get(String(number)).element.scrollIntoView({ inline: "end", behavior: "smooth" });
  }, 60);
  setTimeout(() => clearInterval(appear), 4000);
}

async function startAgain() {
  const body = [make("p", {}, "Semua percakapan latihan ini dihapus dan cerita dimulai dari awal.")];
  if (!(await ask("Mulai lagi?", body, "Mulai lagi"))) return;
  closeTools();
  await does({ act: "restart" });
}

for (const button of document.querySelectorAll("[data-seconds]")) {
  button.addEventListener("click", () => does({ act: "clock", seconds: Number(button.dataset.seconds) }));
}
at("#trouble").addEventListener("change", (event) => does({ act: "trouble", trouble: event.target.value }));
at("#add").addEventListener("click", addPerson);
at("#restart").addEventListener("click", startAgain);
at("#help").addEventListener("click", () => ask("Apa yang tiruan?", [at("#about").content.cloneNode(true)], "Tutup"));
at("#tools-open").addEventListener("click", () => {
  const open = at("#tools").classList.toggle("open");
  at("#tools-open").setAttribute("aria-expanded", String(open));
});
const closeTools = () => {
  at("#tools").classList.remove("open");
  at("#tools-open").setAttribute("aria-expanded", "false");
};
document.addEventListener("pointerdown", (event) => {
  if (at("#tools").classList.contains("open") && !event.target.closest("#tools, #tools-open, dialog")) {
    closeTools();
  }
});
document.addEventListener("keydown", (event) => { if (event.key === "Escape") closeTools(); });
document.addEventListener("visibilitychange", () => { for (const phone of phones.values()) if (phone.element) phone.look(); });
NARROW.addEventListener("change", showChosen);
setInterval(tick, 1000);

follow(changed, (lost) => {
  if (connected !== lost) return;
  connected = !lost;
  warn();
});
