// One phone: its head, its chat, its composer, and what pops up on it.

import { Composer } from "./composer.js";
import { icon } from "./icons.js";
import { linkIn } from "./links.js";
import { KINDS, avatar, fill, hour, make } from "./make.js";
import { ask, menu } from "./menu.js";
import { act } from "./net.js";
import { still } from "./press.js";
import { Thread } from "./thread.js";

const REACTIONS = ["👍", "❤️", "🙏", "😢"];
const TYPING = 5000; // as long as Telegram shows it
const TOAST = 3500;
const ICONS = { bot: "chat", group: "people", supergroup: "people", channel: "channel" };
const TROUBLES = {
  "": "tidak ada", slow: "lambat (3 detik)", flood: "ditolak dulu (429)", broken: "server rusak (502)",
  cut: "sambungan putus", lost: "jawaban hilang di jalan",
};
const LEAVING = new Set(["say", "photo", "album", "document"]);
const ONCE = new Set(["tap", "key", "vote", "choose", "edit", "start", "unblock"]);
const ACTIONS = { typing: "sedang mengetik…", upload_photo: "mengirim foto…", record_voice: "merekam suara…", upload_document: "mengirim berkas…" };

let left = 0;

export class Phone {
  /** `now()` is the page's clock, `seen()` is called when unread marks may have changed, `others()`
   *  gives all phones, `turn(number)` brings one into view. */
  constructor(number, { now, seen, others, turn }) {
    this.number = number;
    this.now = now;
    this.seen = seen;
    this.others = others;
    this.turn = turn;
    this.read = undefined;
    this.about = undefined;
    this.underWay = new Set();
    this.leaving = []; // messages that the page does not show as sent yet
  }

  build(about) {
    this.does = {
      menu: (message, beside) => this.choices(message, beside),
      show: (key) => this.thread.reveal(key),
      bot: () => this.place.name,
      command: (text) => this.act({ act: "say", text }),
      react: (message, emoji) => this.act({ act: "react", message: message.key, emoji }),
      tap: (message, data) => this.tap({ act: "tap", message: message.key, data }),
      vote: (message, number) => this.act({ act: "vote", message: message.key, number }),
      say: (text) => this.toast(text),
      link: (url) => this.act({ act: "link", url }),
      call: (number) => this.toast(`Latihan: tidak ada panggilan. Ponsel sungguhan akan menelepon ${number}.`),
      copy: (text) => this.copy(text),
      ask: (text, here, beside) => this.ask(text, here, beside),
    };
    this.thread = new Thread(this.does);
    this.thread.list.addEventListener("scroll", () => this.look(), { passive: true });
    this.composer = new Composer((what) => this.act(what), about);
    this.time = make("span", { className: "hour" });
    this.signal = make("button", {
      type: "button", className: "signal", role: "switch", ariaLabel: "Tanpa sinyal",
      onclick: () => this.act({ act: "signal", on: this.about.offline }),
    });
    this.title = make("span", { className: "title" });
    this.status = make("span", { className: "status" });
    this.pick = make("button", { type: "button", className: "round", ariaLabel: "Menu ponsel", title: "Menu ponsel", onclick: () => this.more() }, icon("more"));
    this.toasts = make("div", { className: "toasts", role: "status" });
    this.element = make("section", { className: "phone", ariaLabel: `Ponsel ${about.name}` },
      make("header", { className: "owner" }, avatar(about.name, about.id),
        make("span", { className: "who" }, make("b", {}, about.name), make("small", { title: about.note }, about.note)), this.time, this.signal),
      make("header", { className: "chat" }, this.face = make("span"), make("span", { className: "who" }, this.title, this.status),
        this.badge = make("button", { type: "button", className: "badge", hidden: true, onclick: () => this.disturb() }, "gangguan"), this.pick),
      this.pinned = make("button", { type: "button", className: "pinned", hidden: true, onclick: () => this.showPinned() }),
      this.about_ = make("p", { className: "about", hidden: true }),
      this.thread.element, this.composer.element);
    this.thread.element.append(this.toasts);
  }

  /** The chat that is open: with a bot, in a group, or a channel. */
  get place() {
    return this.about.chats.find((one) => one.id === this.about.chat) ?? this.about.chats[0];
  }

  get heard() {
    return this.about.messages.filter((one) => !one.mine && !one.deleted).map((one) => one.key);
  }

  get unread() {
    const at = this.heard.indexOf(this.read);
    return at < 0 && this.read !== undefined ? 0 : this.heard.length - 1 - at;
  }

  update(about) {
    const before = this.about;
    this.about = about;
    if (!this.element) this.build(about);
    const turned = before?.chat !== about.chat;
    if (turned) {
      this.read = this.heard.at(-1);
      this.firstNew = undefined;
      this.face.replaceWith(this.face = avatar(this.place.name, Math.abs(this.place.id)));
      this.title.textContent = this.place.name;
      this.type("");
    }
    if (before && !turned && before.actions < about.actions) this.type(about.action);
    if (before && before.messages.at(-1)?.key !== about.messages.at(-1)?.key && !about.messages.at(-1)?.mine) this.type("");
    this.element.classList.toggle("offline", about.offline);
    this.signal.ariaChecked = String(about.offline);
    this.signal.textContent = about.offline ? "tanpa sinyal" : "ada sinyal";
    this.signal.title = about.offline ? "Nyalakan sinyal lagi" : "Matikan sinyal ponsel ini";
    this.badge.hidden = !about.trouble;
    this.badge.title = `Hanya ponsel ini: ${TROUBLES[about.trouble] ?? ""}`;
    this.drawPinned(turned);
    this.draw();
    this.tell();
    for (const { text, alert } of before ? about.toast.slice(-(about.toasts - before.toasts) || about.toast.length) : []) {
      if (alert) ask(this.place.name, [make("p", {}, text)], "Oke");
      else this.toast(text);
    }
  }

  draw() {
    const leaving = this.leaving.filter((one) => one.chat === this.about.chat);
    const started = this.about.started || leaving.length > 0;
    this.about_.textContent = this.about.about;
    this.about_.hidden = started || !this.about.about;
    this.composer.show({ ...this.about, started });
    const unread = this.unread;
    const visible = this.visible;
    if (unread && !(visible && this.thread.atEnd)) this.firstNew ??= this.heard.at(-unread);
    this.thread.show([...this.about.messages, ...leaving], this.firstNew);
    this.look();
  }

  get visible() {
    return !document.hidden && this.element.offsetParent !== null;
  }

  /** Count as read what is in view. */
  look() {
    if (this.about && this.visible && this.thread.atEnd && this.read !== this.heard.at(-1)) {
      this.read = this.heard.at(-1);
      clearTimeout(this.forget);
      this.forget = setTimeout(() => this.forgetNew(), 4000);
    }
    this.thread.down.dataset.unread = this.unread || "";
    this.seen();
  }

  async forgetNew() {
    await still();
    this.firstNew = undefined;
    this.draw();
  }

  /** The phone came into view. */
  appear() {
    this.thread.end(false);
    this.look();
  }

  /** The bar at the head: the newest pinned message, or the one before at each tap. */
  drawPinned(anew) {
    const all = this.about.pinned;
    const text = JSON.stringify(all);
    if (anew || text !== this.pinnedText) this.pinAt = all.length - 1;
    this.pinnedText = text;
    this.pinned.hidden = !all.length;
    const one = all[this.pinAt];
    if (!one) return;
    const which = all.length > 1 ? ` ${this.pinAt + 1}/${all.length}` : "";
    fill(this.pinned, [make("b", {}, `Pesan tersemat${which}`), make("span", {}, one.text || KINDS[one.kind])]);
  }

  showPinned() {
    const all = this.about.pinned;
    this.thread.reveal(all[this.pinAt].key);
    this.pinAt = (this.pinAt + all.length - 1) % all.length;
    this.drawPinned();
  }

  tick() {
    this.time.textContent = hour(this.now());
  }

  type(action) {
    clearTimeout(this.typing);
    this.action = action && action !== "cancel" ? ACTIONS[action] ?? ACTIONS.typing : "";
    if (this.action) this.typing = setTimeout(() => this.type(""), TYPING);
    this.tell();
  }

  tell() {
    const waiting = this.about.messages.filter((one) => one.way === "waiting").length;
    const still = waiting ? ` · ${waiting} pesan menunggu` : "";
    this.status.textContent = this.about.offline ? `menunggu jaringan…${still}` : this.action || placed(this.place);
    this.status.classList.toggle("typing", Boolean(this.action) && !this.about.offline);
  }

  toast(text) {
    const note = make("p", {}, text);
    this.toasts.append(note);
    setTimeout(() => note.remove(), TOAST);
  }

  /** Do it as this person; a second tap on the same is none until the page shows what came of the first. */
  async act(what) {
    const about = { person: this.number, here: this.about.chat, ...what };
    const name = ONCE.has(what.act) ? JSON.stringify(about) : Symbol();
    if (this.underWay.has(name)) return false;
    this.underWay.add(name);
    const arrives = this.leave(about);
    const refused = await act(about);
    this.underWay.delete(name);
    await still();
    arrives();
    if (refused) this.toast(refused);
    else if (this.about.offline && ["edit", "delete", "react"].includes(what.act)) this.toast("Tersimpan di ponsel. Berangkat saat ada sinyal.");
    return !refused;
  }

  /** Show words with a clock until the page shows what came of them, which is what the result is for. */
  leave({ act: name, text, here: chat }) {
    const words = name === "start" ? "/start" : LEAVING.has(name) ? text : "";
    if (!words) return () => {};
    const message = { key: `leaving-${++left}`, chat, mine: true, kind: "text", text: words, entities: [], way: "leaving" };
    this.leaving.push(message);
    this.draw();
    return () => {
      this.leaving.splice(this.leaving.indexOf(message), 1);
      if (this.about) this.draw();
    };
  }

  async tap(what) {
    const well = await this.act(what);
    if (well && this.about.offline) this.toast("Ketukan tersimpan. Berangkat saat ada sinyal.");
  }

  choices(message, beside) {
    if (message.way === "leaving") return menu(beside, [["Salin", () => this.copy(message.text), "copy"]]);
    const choices = [["Balas", () => this.composer.answer(message), "reply"]];
    const worded = message.text && ["text", "photo", "voice", "document"].includes(message.kind);
    if (message.mine && worded) choices.push(["Ubah", () => this.composer.change(message), "edit"]);
    if (message.text && !message.protected) choices.push(["Salin", () => this.copy(message.text), "copy"]);
    if (message.way !== "waiting" && !message.protected) choices.push(["Teruskan…", () => this.forward(message, beside), "forward"]);
    const link = linkIn(message);
    if (link) choices.push(["Buka tautannya di ponsel lain…", () => this.passLink(link, beside), "link"]);
    choices.push(["Hapus untuk semua", () => this.act({ act: "delete", message: message.key }), "bin"]);
    const faces = (close) => make("div", { className: "faces" }, REACTIONS.map((emoji) => make("button", {
      type: "button", role: "menuitem", onclick: () => { close(); this.does.react(message, emoji); },
    }, emoji)));
    return menu(beside, choices, faces);
  }

  /** Into the clipboard; a page without https must do it the old way. */
  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = make("textarea", { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    this.toast("Disalin.");
  }

  /** What an inviter does outside of this Telegram: the link reaches another person, who taps it. */
  passLink(url, beside) {
    const others = this.others().filter(({ number }) => number !== this.number);
    menu(beside, others.map(({ number, name }) => [name, async () => {
      if (await this.act({ act: "link", person: number, here: undefined, url })) this.turn(number);
    }]), () => make("p", { className: "menu-title" }, "Siapa yang membuka tautan ini?"));
  }

  async openLink() {
    const given = await ask(`${this.about.name} membuka tautan`, [
      make("label", {}, "Tempel tautannya", make("input", { name: "url", autocomplete: "off", placeholder: "https://t.me/…?start=…" })),
    ], "Buka");
    if (given?.url.trim()) this.act({ act: "link", url: given.url });
  }

  /** A button wants a question to be asked inline: here, or in a chat to be chosen. */
  ask(text, here, beside) {
    if (here) return this.composer.question(text);
    return menu(beside, this.about.chats.map((one) => [one.name, async () => {
      if (await this.act({ act: "open", chat: one.id })) this.composer.question(text);
    }, ICONS[one.kind]]), () => make("p", { className: "menu-title" }, "Cari di obrolan mana?"));
  }

  forward(message, beside) {
    menu(beside, this.about.chats.map((one) => [one.name, async () => {
      const well = await this.act({ act: "forward", message: message.key, chat: one.id });
      if (well) this.toast(this.about.offline ? "Tersimpan di ponsel. Berangkat saat ada sinyal." : `Diteruskan ke ${one.name}.`);
    }, ICONS[one.kind]]), () => make("p", { className: "menu-title" }, "Teruskan ke"));
  }

  disturb() {
    menu(this.pick, Object.entries(TROUBLES).map(([name, label]) => [
      `${name === this.about.trouble ? "●" : "○"}  ${label}`, () => this.act({ act: "trouble", trouble: name }),
    ]), () => make("p", { className: "menu-title" }, "Gangguan bot ke ponsel ini"));
  }

  more() {
    const others = this.about.chats.filter((one) => one.id !== this.about.chat);
    const group = (what) => this.act({ act: "group", what });
    menu(this.pick, [
      ...others.map((one) => [`Buka ${one.name}`, () => this.act({ act: "open", chat: one.id }), ICONS[one.kind]]),
      [this.about.offline ? "Nyalakan sinyal" : "Matikan sinyal", () => this.signal.click(), "signal"],
      ["Gangguan untuk ponsel ini…", () => this.disturb(), "warning"],
      ...(this.place.kind === "bot" ? [
        ["Kirim /start lagi", () => this.act({ act: "start" }), "again"],
        ["Buka tautan undangan…", () => this.openLink(), "link"],
        this.about.blocked ? ["Buka blokir bot", () => this.act({ act: "unblock" }), "stop"] : ["Blokir bot", () => this.act({ act: "block" }), "stop"],
      ] : [
        this.place.with_bot ? ["Keluarkan bot", () => group("remove"), "close"] : ["Tambahkan bot", () => group("add"), "chat"],
        ...(this.place.kind === "group" ? [["Jadikan supergrup", () => group("upgrade"), "people"]] : []),
      ]),
    ]);
  }
}

function placed(place) {
  if (place.kind === "bot") return "bot";
  const what = place.kind === "channel" ? "kanal" : place.kind === "supergroup" ? "supergrup" : "grup";
  return `${what} · ${place.with_bot ? "dengan" : "tanpa"} bot`;
}
