// The lower part of a phone: what one answers or changes, the field, attachments, the keyboard.

import { Hints } from "./hints.js";
import { icon } from "./icons.js";
import { askPlace } from "./links.js";
import { KINDS, fill, make } from "./make.js";
import { ask, menu } from "./menu.js";

const SAMPLES = [
  ["obat", "Obat di rumah"], ["ruam", "Ruam di lengan"], ["termometer", "Termometer"], ["surat", "Surat lama"],
];
const LONGEST = 4096;
const EMPTY = { text: "", task: undefined, begun: "", returned: "" };
const STANDS_ASIDE = new Set(["edit", "ask"]); // what was being written waits until they are over
const KEYBOARD = matchMedia("(hover: hover) and (pointer: fine)"); // where the focus brings up none on the glass
const joined = (...parts) => parts.filter(Boolean).join("\n");

export class Composer {
  /** `act(about)` does something as the person of `phone` and tells whether it went well. */
  constructor(act, phone) {
    this.act = act;
    this.about = phone;
    this.drafts = new Map(); // by chat: what was being written when it was left
    this.task = undefined; // what the field is for: an answer, a change, a question to a bot
    this.begun = ""; // what stood in it before a change or a question
    this.bar = make("div", { className: "answering", hidden: true });
    this.field = make("textarea", {
      rows: 1, maxLength: LONGEST, placeholder: "Tulis pesan", ariaLabel: `Pesan dari ${phone.name}`,
      oninput: () => this.typed(), onkeydown: (event) => this.pressed(event),
    });
    this.sendButton = make("button", { type: "button", className: "send", ariaLabel: "Kirim", onclick: () => this.send() }, icon("send"));
    this.slash = make("button", { type: "button", className: "round", ariaLabel: "Perintah", title: "Perintah", hidden: true, onclick: () => this.offer(this.about.commands) }, "/");
    this.attach = make("button", { type: "button", className: "round", ariaLabel: "Lampirkan", title: "Lampirkan", onclick: () => this.attachments() }, icon("clip"));
    this.hints = new Hints(this);
    this.keys = make("div", { className: "keys", hidden: true });
    this.big = make("button", { type: "button", className: "big-button", hidden: true });
    this.row = make("div", { className: "compose" }, this.attach, this.slash, this.field, this.sendButton);
    this.element = make("div", { className: "composer" }, this.hints.element, this.bar, this.row, this.big, this.keys);
    this.typed();
  }

  show(phone) {
    if (phone.chat !== this.about.chat) this.turn(phone.chat);
    this.about = phone;
    this.slash.hidden = !phone.commands.length;
    const [label, deed] = phone.blocked && !phone.offline ? ["Buka blokir", "unblock"] : ["Mulai", "start"];
    const had = document.activeElement === this.big;
    this.big.hidden = phone.started && !phone.blocked;
    this.row.hidden = !this.big.hidden && !this.field.value;
    this.big.textContent = label;
    this.big.onclick = () => this.act({ act: deed });
    if (had && this.big.hidden && KEYBOARD.matches) this.field.focus();
    this.field.placeholder = phone.keyboard?.hint || "Tulis pesan";
    this.showKeys(this.big.hidden ? phone.keyboard : null);
    this.hints.show();
  }

  /** Another chat is open: what was begun for one is never sent to another. */
  turn(chat) {
    this.drafts.set(this.about.chat, this.draft);
    this.take(this.drafts.get(chat) ?? EMPTY);
  }

  get draft() {
    const { field: { value: text }, task, begun, returned } = this;
    return { text, task, begun, returned };
  }

  take({ text, task, begun, returned }) {
    Object.assign(this, { task, begun, returned });
    this.showTask();
    if (text === this.field.value) this.typed();
    else this.write(text);
  }

  showKeys(keyboard) {
    this.keys.hidden = !keyboard;
    let number = 0;
    fill(this.keys, (keyboard?.rows ?? []).map((row) => make("div", { className: "buttons" },
      row.map(({ text: label, wants }) => {
        const mine = number++;
        return make("button", { type: "button", onclick: () => this.press({ act: "key", number: mine, label }, wants) }, label);
      }))));
  }

  /** Tap a key; who would share a place or a number is asked first, as Telegram does. */
  async press(key, wants) {
    if (wants === "location") return this.place(key);
    if (wants === "contact") {
      const told = make("p", {}, "Bot akan melihat nomor telepon orang ini (nomor tiruan).");
      if (!(await ask("Bagikan nomor telepon?", [told], "Bagikan"))) return undefined;
    }
    return this.act(key);
  }

  async place(what) {
    const place = await askPlace(this.about.name);
    if (place === "") return ask("Belum terkirim", [make("p", {}, "Tulis koordinat sebagai lintang, koma, bujur. Misalnya: -6.8726, 109.0426")], "Oke");
    const { task } = this;
    if (place && (await this.act({ ...what, ...place })) && what.act !== "key") this.finish(task);
    return undefined;
  }

  answer(message) {
    this.leave();
    this.turnTo({ way: "reply", message, title: message.mine ? "Balas pesan sendiri" : "Balas" });
  }

  change(message) {
    this.leave();
    this.begun = this.field.value;
    this.turnTo({ way: "edit", message, title: "Ubah pesan" });
    this.write(message.text);
  }

  /** «@bot words» takes the field; what was written there comes back afterwards. */
  question(text) {
    if (this.task?.way !== "ask") {
      this.leave();
      this.begun = this.hints.wanted ? "" : this.field.value;
      this.turnTo({ way: "ask" });
    }
    this.write(text);
  }

  turnTo(task) {
    this.task = task;
    this.showTask();
    this.field.focus();
  }

  showTask() {
    const { message, title } = this.task ?? {};
    this.bar.hidden = !message;
    if (message) {
      this.bar.replaceChildren(
        make("span", {}, make("b", {}, title), make("small", {}, message.text || KINDS[message.kind] || "Pesan")),
        make("button", { type: "button", className: "round", ariaLabel: "Batal", onclick: () => this.leave() }, icon("close")));
    }
  }

  leave() {
    if (STANDS_ASIDE.has(this.task?.way)) this.field.value = this.begun;
    this.task = undefined;
    this.begun = "";
    this.showTask();
    this.typed();
  }

  /** That is done, unless something else was begun, or more written, while it was on its way. */
  finish(task, text = this.field.value) {
    if (this.task !== task || this.field.value !== text) return;
    this.leave();
  }

  send() {
    const { task, field: { value: text } } = this;
    if (!text.trim()) return;
    this.field.focus();
    if (task?.way === "edit") this.edit(task, text);
    else this.say(text);
  }

  async edit(task, text) {
    if (await this.act({ act: "edit", text, message: task.message.key })) this.finish(task, text);
  }

  /** Send this in place of what stands in the field. */
  say(text) {
    this.write("");
    return this.sendOff({ act: "say", text });
  }

  /** Send words, a picture: the field is free at once, and gets back what could not be sent. */
  async sendOff(what) {
    const { task, about: { chat } } = this;
    const answers = task?.way === "reply" ? task : undefined;
    if (answers || what.text) this.leave();
    const well = await this.act({ ...what, message: answers?.message.key });
    if (!well) this.giveBack(what.text, chat, answers);
    return well;
  }

  /** What could not be sent stands in the field again, behind what came back before it and before
   *  what was written meanwhile. */
  giveBack(text, chat, task) {
    const isOpen = chat === this.about.chat;
    const draft = isOpen ? this.draft : { ...this.drafts.get(chat) ?? EMPTY };
    const where = STANDS_ASIDE.has(draft.task?.way) ? "begun" : "text";
    const before = draft.returned && draft[where].startsWith(draft.returned) ? draft.returned : "";
    const meanwhile = draft[where].slice(before.length).replace(/^\n/, "");
    draft.returned = joined(before, text);
    draft[where] = joined(draft.returned, meanwhile);
    draft.task ??= task;
    if (isOpen) this.take(draft);
    else this.drafts.set(chat, draft);
  }

  typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight || 40, 120)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.field.value.trim()));
    this.hints.inquire();
    this.hints.show();
  }

  write(text) {
    this.field.value = text;
    this.typed();
  }

  pressed(event) {
    if (this.hints.pressed(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === "Escape") this.leave();
  }

  offer(commands) {
    menu(this.slash, commands.map((one) => [`/${one.command}  ${one.description}`, () => this.act({ act: "say", text: `/${one.command}` })]));
  }

  attachments() {
    const send = (what) => this.sendOff(what);
    const worded = (what) => {
      if (STANDS_ASIDE.has(this.task?.way)) this.leave();
      const text = this.field.value;
      this.write("");
      return send({ ...what, text });
    };
    const photo = (sample) => worded({ act: "photo", sample });
    const pictures = (close) => make("div", { className: "samples" }, SAMPLES.map(([sample, label]) =>
      make("button", { type: "button", role: "menuitem", title: `Foto contoh: ${label}`, onclick: () => { close(); photo(sample); } },
        make("img", { src: `/page/samples/${sample}.svg`, alt: "" }), make("span", {}, label))));
    menu(this.attach, [
      ["Album tiga foto", () => worded({ act: "album", count: 3 }), "photo"],
      ["Pesan suara 5 detik", () => send({ act: "voice", seconds: 5 }), "voice"],
      ["Pesan suara 40 detik", () => send({ act: "voice", seconds: 40 }), "voice"],
      ["Berkas", () => worded({ act: "document" }), "file"],
      ["Lokasi…", () => this.place({ act: "location", message: this.task?.way === "reply" ? this.task.message.key : undefined }), "place"],
      ["Kontak saya", () => send({ act: "contact" }), "person"],
      ["Stiker", () => send({ act: "sticker" }), "smile"],
    ], pictures);
  }
}
