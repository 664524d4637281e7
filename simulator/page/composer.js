// The lower part of a phone: what one answers or changes, the field, attachments, the keyboard.

import { KINDS, make } from "./make.js";
import { menu } from "./menu.js";

const SAMPLES = [
  ["obat", "Obat di rumah"], ["ruam", "Ruam di lengan"], ["termometer", "Termometer"], ["surat", "Surat lama"],
];
const LONGEST = 4096;

export class Composer {
  /** `act(about)` does something as this phone's person and tells whether it went well. */
  constructor(act, name) {
    this.act = act;
    this.about = { commands: [] };
    this.bar = make("div", { className: "answering", hidden: true });
    this.field = make("textarea", {
      rows: 1, maxLength: LONGEST, placeholder: "Tulis pesan", ariaLabel: `Pesan dari ${name}`,
      oninput: () => this.typed(), onkeydown: (event) => this.pressed(event),
    });
    this.sendButton = make("button", { type: "button", className: "send", ariaLabel: "Kirim", onclick: () => this.send() }, "➤");
    this.slash = make("button", { type: "button", className: "round", ariaLabel: "Perintah", title: "Perintah", hidden: true, onclick: () => this.offer(this.about.commands) }, "/");
    this.attach = make("button", { type: "button", className: "round", ariaLabel: "Lampirkan", title: "Lampirkan", onclick: () => this.attachments() }, "📎");
    this.hints = make("div", { className: "hints", hidden: true });
    this.keys = make("div", { className: "keys", hidden: true });
    this.big = make("button", { type: "button", className: "big-button", hidden: true });
    this.row = make("div", { className: "compose" }, this.attach, this.slash, this.field, this.sendButton);
    this.element = make("div", { className: "composer" }, this.hints, this.bar, this.row, this.big, this.keys);
    this.typed();
  }

  show(phone) {
    this.about = phone;
    this.slash.hidden = !phone.commands.length;
    const [label, deed] = phone.blocked && !phone.offline ? ["Buka blokir", "unblock"] : ["Mulai", "start"];
    this.big.hidden = phone.started && !phone.blocked;
    this.row.hidden = !this.big.hidden;
    this.big.textContent = label;
    this.big.onclick = () => this.act({ act: deed });
    this.field.placeholder = phone.keyboard?.hint || "Tulis pesan";
    this.showKeys(this.big.hidden ? phone.keyboard : null);
  }

  showKeys(keyboard) {
    const text = JSON.stringify(keyboard);
    if (text === this.shownKeys) return;
    this.shownKeys = text;
    this.keys.hidden = !keyboard;
    let number = 0;
    this.keys.replaceChildren(...(keyboard?.rows ?? []).map((row) => make("div", { className: "buttons" },
      row.map((label) => {
        const mine = number++;
        return make("button", { type: "button", onclick: () => this.act({ act: "key", number: mine }) }, label);
      }))));
  }

  answer(message) {
    this.turnTo("reply", message, message.mine ? "Balas pesan sendiri" : "Balas");
  }

  change(message) {
    this.turnTo("edit", message, "Ubah pesan");
    this.field.value = message.text;
    this.typed();
  }

  turnTo(way, message, title) {
    this.way = way;
    this.target = message.key;
    this.bar.replaceChildren(
      make("span", {}, make("b", {}, title), make("small", {}, message.text || KINDS[message.kind] || "Pesan")),
      make("button", { type: "button", className: "round", ariaLabel: "Batal", onclick: () => this.leave() }, "✕"));
    this.bar.hidden = false;
    this.field.focus();
  }

  leave() {
    if (this.way === "edit") this.field.value = "";
    this.way = this.target = undefined;
    this.bar.hidden = true;
    this.typed();
  }

  async send() {
    const text = this.field.value;
    if (!text.trim()) return;
    const about = { act: this.way === "edit" ? "edit" : "say", text, message: this.target };
    if (!(await this.act(about))) return;
    this.field.value = "";
    this.leave();
    this.field.focus();
  }

  typed() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight || 38, 120)}px`;
    this.sendButton.classList.toggle("ready", Boolean(this.field.value.trim()));
    const found = /^\/\w*$/.test(this.field.value)
      ? this.about.commands.filter((one) => `/${one.command}`.startsWith(this.field.value)) : [];
    this.hints.hidden = !found.length;
    this.hints.replaceChildren(...found.map((one) => make("button", {
      type: "button", onclick: () => this.say(`/${one.command}`),
    }, make("b", {}, `/${one.command}`), ` ${one.description}`)));
  }

  pressed(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.send();
    }
    if (event.key === "Escape") this.leave();
  }

  async say(text) {
    this.field.value = "";
    this.typed();
    await this.act({ act: "say", text });
  }

  offer(commands) {
    menu(this.slash, commands.map((one) => [`/${one.command}  ${one.description}`, () => this.say(`/${one.command}`)]));
  }

  attachments() {
    const caption = () => {
      const text = this.field.value;
      this.field.value = "";
      this.typed();
      return text;
    };
    const send = async (what) => {
      const message = this.way === "reply" ? this.target : undefined;
      if (await this.act({ ...what, message })) this.leave();
    };
    const photo = (sample) => send({ act: "photo", sample, text: caption() });
    const pictures = (close) => make("div", { className: "samples" }, SAMPLES.map(([sample, label]) =>
      make("button", { type: "button", role: "menuitem", title: `Foto contoh: ${label}`, onclick: () => { close(); photo(sample); } },
        make("img", { src: `/page/samples/${sample}.svg`, alt: "" }), make("span", {}, label))));
    menu(this.attach, [
      ["🖼️  Album tiga foto", () => send({ act: "album", count: 3, text: caption() })],
      ["🎤  Pesan suara 5 detik", () => send({ act: "voice", seconds: 5 })],
      ["🎤  Pesan suara 40 detik", () => send({ act: "voice", seconds: 40 })],
      ["📄  Berkas", () => send({ act: "document", text: caption() })],
      ["📍  Lokasi saya", () => send({ act: "location" })],
      ["👤  Kontak saya", () => send({ act: "contact" })],
      ["🙂  Stiker", () => send({ act: "sticker" })],
    ], pictures);
  }
}
