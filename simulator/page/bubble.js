// One message, or one album, as a bubble.

import { icon } from "./icons.js";
import { isTelegram, mapOf } from "./links.js";
import { KINDS, hour, make } from "./make.js";
import { safe, words } from "./words.js";

const SERVICES = {
  new_chat_members: "Bot ditambahkan", left_chat_member: "Bot dikeluarkan",
  pinned_message: "Bot menyematkan pesan", migrate_to_chat_id: "Grup ini menjadi supergrup", migrate_from_chat_id: "Supergrup dimulai",
};
let playing; // one voice at a time, as phones do
const WAYS = {
  leaving: ["", "sedang dikirim"],
  waiting: ["", "masih di ponsel, menunggu sinyal"],
  sent: ["✓", "sudah di Telegram"],
  fetched: ["✓✓", "sudah diambil bot"],
};

/** `messages` are one message or the items of an album; `does` is what the phone can do. */
export function bubble(messages, does) {
  const [first] = messages;
  const side = first.mine ? "mine" : "theirs";
  if (first.service) return make("p", { className: "line-day" }, make("span", {}, SERVICES[first.service] ?? "Grup berubah"));
  if (first.deleted) {
    return make("div", { className: `line ${side}` },
      make("p", { className: "ghost" }, "Pesan dihapus"));
  }
  const worded = messages.find((one) => one.text) ?? first;
  const last = messages[messages.length - 1];
  const open = ({ target, currentTarget }) => target.closest("a, button, .spoiler, audio") || does.menu(first, currentTarget);
  const body = make("div", {
    className: `bubble ${first.kind}${first.protected ? " protected" : ""}${worded.text ? "" : " wordless"}`,
    tabIndex: 0, onclick: open, "aria-haspopup": "menu",
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      event.preventDefault(); // or this very key would also press what the menu has first
      does.menu(first, event.currentTarget);
    },
  });
  if (first.author) body.append(make("p", { className: "author" }, first.author));
  if (first.via) body.append(make("p", { className: "origin" }, `lewat @${first.via}`));
  if (first.forwarded) body.append(make("p", { className: "origin" }, `Diteruskan dari ${first.forwarded}`));
  if (first.reply) body.append(quote(first.reply, does));
  body.append(...content(messages, does));
  if (worded.text) body.append(make("div", { className: "words" }, words(worded.text, worded.entities, does)));
  if (first.reactions) body.append(reactions(first, does));
  body.append(foot(last, messages.some((one) => one.edited)));
  return make("div", { className: `line ${side}` }, make("div", { className: "stack" }, body,
    first.rows && make("div", { className: "inline" }, first.rows.map((row) => buttons(first, row, does)))));
}

function foot(message, edited) {
  const [mark, meaning] = WAYS[message.way] ?? [];
  return make("p", { className: "foot" },
    make("span", { className: "rehearsal" }, "LATIHAN"),
    message.protected && make("span", { title: "Terlindungi: tidak bisa disalin atau diteruskan" }, icon("lock")),
    edited && make("span", {}, "diubah"),
    message.at && make("time", {}, hour(message.at)),
    meaning && make("span", { className: `way ${message.way}`, title: meaning, ariaLabel: meaning, role: "img" }, mark || icon("clock")));
}

function quote(reply, does) {
  return make("button", { type: "button", className: "quote", onclick: () => does.show(reply.key) },
    make("b", {}, reply.mine ? "Anda" : reply.author), make("span", {}, reply.text || KINDS[reply.kind] || "Pesan"));
}

function reactions(message, does) {
  return make("p", { className: "reactions" }, message.reactions.map((one) =>
    make("button", {
      type: "button", className: one.mine ? "own" : "", disabled: !one.mine,
      title: one.mine ? "Cabut" : does.bot(), onclick: () => does.react(message, ""),
    }, one.emoji)));
}

function buttons(message, row, does) {
  return make("div", { className: "buttons" }, row.map((button) => {
    if (button.url && !isTelegram(button.url)) {
      const address = safe(button.url);
      return make("a", { href: address || undefined, target: "_blank", rel: "noopener noreferrer" },
        button.text, make("i", { className: "corner", ariaHidden: "true" }, icon("out")));
    }
    const tap = (event) => {
      if (button.url) return does.link(button.url);
      if (button.copy) return does.copy(button.copy);
      if (button.asks) return does.ask(button.asks, button.here, event.currentTarget);
      if (button.foreign) return does.say("Tombol seperti ini tidak ditiru di sini.");
      return button.turns ? undefined : does.tap(message, button.data);
    };
    return make("button", {
      type: "button", className: button.turns ? "turning" : "", ariaBusy: button.turns ? "true" : null, onclick: tap,
    }, make("span", {}, button.text));
  }));
}

function content(messages, does) {
  const [{ kind, file, location, venue, contact, dice, poll: asked }] = messages;
  if (messages.length > 1 || kind === "photo") {
    return [make("div", { className: `photos of${Math.min(messages.length, 4)}` }, messages.map((one) =>
      one.kind === "photo"
        ? make("img", { src: one.file.src, alt: "Foto contoh", loading: "lazy", decoding: "async" })
        : make("p", { className: "file" }, KINDS[one.kind])))];
  }
  if (kind === "voice" || kind === "audio") return [voice(file)];
  if (kind === "sticker") return [make("p", { className: "big" }, file.emoji ?? "🙂")];
  if (kind === "dice") return [make("p", { className: "big" }, `${dice.emoji} ${dice.value}`)];
  if (contact) {
    return [card("person", `${contact.first_name} ${contact.last_name ?? ""}`, contact.phone_number)];
  }
  if (location) {
    const place = `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
    return [make("div", { className: "map", role: "img", ariaLabel: "Peta contoh" }, icon("place")),
      card("", venue?.title ?? "Lokasi", venue?.address ?? place),
      make("a", { className: "link map-link", href: mapOf(location), target: "_blank", rel: "noopener noreferrer" }, "Buka peta")];
  }
  if (asked) return [poll(messages[0], asked, does)];
  if (file) return [card(kind === "document" ? "file" : "film", file.name ?? KINDS[kind], size(file), kind === "document" && file.src)];
  return [];
}

function poll(message, asked, does) {
  const total = Math.max(1, asked.total_voter_count);
  return make("div", { className: "poll" }, make("b", {}, asked.question),
    make("small", {}, asked.is_anonymous ? "jajak pendapat tanpa nama" : "jajak pendapat"),
    asked.options.map((one, number) => {
      const mine = message.votes?.includes(number);
      const bar = make("i", { ariaHidden: "true" });
      bar.style.width = `${100 * one.voter_count / total}%`;
      return make("button", {
        type: "button", disabled: asked.is_closed, ariaPressed: String(Boolean(mine)),
        onclick: () => does.vote(message, number),
      }, make("span", {}, `${mine ? "✓ " : ""}${one.text}`), make("small", {}, String(one.voter_count)), bar);
    }));
}

function card(sign, title, under, src) {
  const parts = [sign && make("span", { className: "icon" }, icon(sign)),
    make("span", {}, make("b", {}, title), make("small", {}, under))].filter(Boolean);
  return src ? make("a", { className: "card", href: src, download: title }, parts) : make("div", { className: "card" }, parts);
}

const size = (file) => (file.seconds ? `${file.seconds} detik` : `${Math.max(1, Math.round(file.size / 1024))} KB`);

function voice(file) {
  if (file.playable) return make("audio", { src: file.src, controls: true, preload: "metadata" });
  const seconds = file.seconds ?? 0;
  const heights = Array.from({ length: 28 }, (_, bar) => 4 + ((bar * 37 + seconds * 11) % 17));
  const bars = heights.map((height) => {
    const bar = make("i");
    bar.style.height = `${height}px`;
    return bar;
  });
  const wave = make("span", { className: "wave" }, bars);
  const play = ({ currentTarget }) => {
    const shown = [...currentTarget.parentElement.querySelectorAll(".wave i")]; // not of a later drawing
    const start = performance.now();
    const step = () => {
      const part = Math.min(1, (performance.now() - start) / 1000 / Math.max(1, seconds));
      shown.forEach((bar, number) => bar.classList.toggle("heard", number < part * shown.length));
      if (part === 1) clearInterval(playing);
    };
    clearInterval(playing);
    playing = setInterval(step, 100);
  };
  return make("div", { className: "voice-row" },
    make("button", { type: "button", className: "play", ariaLabel: "Putar suara contoh (tanpa bunyi)", title: "Suara contoh, tanpa bunyi", onclick: play }, icon("play")),
    make("span", {}, wave, make("small", {}, `${Math.floor(seconds / 60)}.${String(seconds % 60).padStart(2, "0")} · contoh`)));
}
