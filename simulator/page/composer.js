// The lower part of a phone: what one answers or changes, the field, attachments, the keyboard.

import { icon } from "./icons.js";
import { askPlace } from "./links.js";
import { KINDS, fill, make } from "./make.js";
import { ask, menu } from "./menu.js";

const SAMPLES = [
  ["obat", "Obat di rumah"], ["ruam", "Ruam di lengan"], ["termometer", "Termometer"], ["surat", "Surat lama"],
];
const LONGEST = 4096;
const ASKING = 350; // milliseconds of rest in typing before a bot is asked inline

export class Composer {
  /** `act(about)` does something as the person of `phone` and tells whether it went well. */
  constructor(act, phone) {
    this.act = act;
    this.about = phone;
    this.drafts = new Map(); // by chat: what was being written when it was left
    this.bar = make("div", { className: "answering", hidden: true });
    this.field = make("textarea", {
      rows: 1, maxLength: LONGEST, placeholder: "Tulis pesan", ariaLabel: `Pesan dari ${phone.name}`,
      oninput: () => this.typed(), onkeydown: (event) => this.pressed(event),
    });
    this.sendButton = make("button", { type: "button", className: "send", ariaLabel: "Kirim", onclick: () => this.send() }, icon("send"));
    this.slash = make("button", { type: "button", className: "round", ariaLabel: "Perintah", title: "Perintah", hidden: true, onclick: () => this.offer(this.about.commands) }, "/");
    this.attach = make("button", { type: "button", className: "round", ariaLabel: "Lampirkan", title: "Lampirkan", onclick: () => this.attachments() }, icon("clip"));
    this.hints = make("div", { className: "hints", hidden: true, onkeydown: (event) => this.walk(event) });
    this.keys = make("div", { className: "keys", hidden: true });
    this.big = make("button", { type: "button", className: "big-button", hidden: true });
    this.row = make("div", { className: "compose" }, this.attach, this.slash, this.field, this.sendButton);
    this.element = make("div", { className: "composer" }, this.hints, this.bar, this.row, this.big, this.keys);
    this.typed();
  }

  show(phone) {
    if (phone.chat !== this.about.chat) this.turn(phone.chat);
    this.about = phone;
    this.slash.hidden = !phone.commands.length;
    const [label, deed] = phone.blocked && !phone.offline ? ["Buka blokir", "unblock"] : ["Mulai", "start"];
    this.big.hidden = phone.started && !phone.blocked;
    this.row.hidden = !this.big.hidden;
    this.big.textContent = label;
    this.big.onclick = () => this.act({ act: deed });
    this.field.placeholder = phone.keyboard?.hint || "Tulis pesan";
    this.showKeys(this.big.hidden ? phone.keyboard : null);
    this.showHints();
  }

  /** Another chat is open: what was begun for one is never sent to another. */
  turn(chat) {
    this.leave();
    this.drafts.set(this.about.chat, this.field.value);
    this.write(this.drafts.get(chat) ?? "");
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
    if (place && (await this.act({ ...what, ...place })) && what.act !== "key") this.leave();
    return undefined;
  }

  answer(message) {
    this.leave();
    this.turnTo("reply", message, message.mine ? "Balas pesan sendiri" : "Balas");
  }

  change(message) {
    this.leave();
    this.begun = this.field.value;
    this.turnTo("edit", message, "Ubah pesan");
    this.write(message.text);
  }

  turnTo(way, message, title) {
    this.way = way;
    this.target = message.key;
    this.bar.replaceChildren(
      make("span", {}, make("b", {}, title), make("small", {}, message.text || KINDS[message.kind] || "Pesan")),
      make("button", { type: "button", className: "round", ariaLabel: "Batal", onclick: () => this.leave() }, icon("close")));
    this.bar.hidden = false;
    this.field.focus();
  }

  leave() {
    if (this.way === "edit") this.field.value = this.begun;
    this.way = this.target = undefined;
    this.bar.hidden = true;
    this.typed();
  }

  async send() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.focus();
    if (this.way === "edit") {
      if (await this.act({ act: "edit", text, message: this.target })) this.leave();
      return;
    }
    const { target: message, about: { chat } } = this;
    this.write("");
    this.leave();
    if (!(await this.act({ act: "say", text, message }))) this.giveBack(text, chat);
  }

  /** What could not be sent stands in the field again, before what was written meanwhile. */
  giveBack(text, chat) {
    const isOpen = chat === this.about.chat;
    const begun = isOpen ? this.field.value : this.drafts.get(chat);
    const all = [text, begun].filter(Boolean).join("\n");
    if (isOpen) this.write(all);
    else this.drafts.set(chat, all);
  }

  typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight || 38, 120)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.field.value.trim()));
    this.inquire();
    this.showHints();
  }

  /** «@bot words» is a question to that bot: asked after a rest, taken back when it is wiped. */
  inquire() {
    const [, bot, text] = /^@(\w+)\s([\s\S]*)$/.exec(this.field.value) ?? [];
    const asking = (this.about.bots ?? []).some((one) => one.toLowerCase() === bot?.toLowerCase());
    const wanted = asking ? `${bot} ${text}` : "";
    if (wanted === (this.wanted ?? "")) return;
    this.wanted = wanted;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.act(asking ? { act: "ask", bot, text } : { act: "unask" }), asking ? ASKING : 0);
  }

  /** Above the field: the results of a question, or the commands that begin like this. */
  showHints() {
    const asked = this.wanted ? this.about.inline : null;
    const found = asked ? this.results(asked) : this.commandsLike(this.field.value);
    this.hints.hidden = !found.length;
    fill(this.hints, found);
  }

  commandsLike(typed) {
    if (!/^\/\w*$/.test(typed)) return [];
    return this.about.commands.filter((one) => `/${one.command}`.startsWith(typed)).map((one) => make("button", {
      type: "button", onclick: () => { this.begin(""); this.act({ act: "say", text: `/${one.command}` }); },
    }, make("b", {}, `/${one.command}`), ` ${one.description}`));
  }

  results(asked) {
    const choose = async (result) => {
      if (await this.act({ act: "choose", result })) this.begin("");
    };
    if (!asked.results) return [make("p", { className: "hint" }, `@${asked.bot} sedang mencari…`)];
    const above = asked.button && make("button", {
      type: "button", className: "strong", onclick: () => { this.begin(""); this.act({ act: "link", url: asked.button.url }); },
    }, asked.button.text);
    const found = asked.results.map((one) => make("button", { type: "button", onclick: () => choose(one.id) },
      make("b", {}, one.title), one.about && make("small", {}, one.about)));
    if (!found.length) found.push(make("p", { className: "hint" }, "Tidak ditemukan."));
    return [above, ...found].filter(Boolean);
  }

  /** Arrows walk through the hints; upwards from the first is the field again. */
  walk(event) {
    const all = [...this.hints.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape" || (event.key === "ArrowUp" && at < 1)) this.field.focus();
    else if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp") all[at - 1].focus();
    else return;
    event.preventDefault();
  }

  write(text) {
    this.field.value = text;
    this.typed();
  }

  begin(text) {
    this.write(text);
    this.field.focus();
  }

  pressed(event) {
    const first = this.hints.hidden ? null : this.hints.querySelector("button");
    if (first && event.key === "ArrowDown") {
      event.preventDefault();
      return first.focus();
    }
    if (first && this.wanted && event.key === "Enter") {
      event.preventDefault();
      return first.click();
    }
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === "Escape") this.leave();
    return undefined;
  }

  offer(commands) {
    menu(this.slash, commands.map((one) => [`/${one.command}  ${one.description}`, () => this.act({ act: "say", text: `/${one.command}` })]));
  }

  attachments() {
    const send = async (what) => {
      const message = this.way === "reply" ? this.target : undefined;
      const well = await this.act({ ...what, message });
      if (well) this.leave();
      return well;
    };
    const worded = async (what) => {
      if (this.way === "edit") this.leave();
      const { field: { value: text }, about: { chat } } = this;
      this.write("");
      if (!(await send({ ...what, text }))) this.giveBack(text, chat);
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
      ["Lokasi…", () => this.place({ act: "location", message: this.way === "reply" ? this.target : undefined }), "place"],
      ["Kontak saya", () => send({ act: "contact" }), "person"],
      ["Stiker", () => send({ act: "sticker" }), "smile"],
    ], pictures);
  }
}
