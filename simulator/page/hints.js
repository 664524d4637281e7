// What stands above the field: the results of a question to a bot, or the commands that begin like this.

import { fill, make } from "./make.js";

const ASKING = 350; // milliseconds of rest in typing before a bot is asked inline

export class Hints {
  /** Of what is written in the field of that composer. */
  constructor(composer) {
    this.composer = composer;
    this.wanted = ""; // the question that is asked now
    this.element = make("div", { className: "hints", hidden: true, onkeydown: (event) => this.walk(event) });
  }

  /** «@bot words» is a question to that bot: asked after a rest, taken back when it is wiped. */
  inquire() {
    const { about, act, field } = this.composer;
    const [, bot, text] = /^@(\w+)\s([\s\S]*)$/.exec(field.value) ?? [];
    const asking = (about.bots ?? []).some((one) => one.toLowerCase() === bot?.toLowerCase());
    const wanted = asking ? `${bot} ${text}` : "";
    if (wanted === this.wanted) return;
    this.wanted = wanted;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => act(asking ? { act: "ask", bot, text } : { act: "unask" }), asking ? ASKING : 0);
  }

  show() {
    const { about, field } = this.composer;
    const asked = this.wanted ? about.inline : null;
    const found = asked ? this.results(asked) : this.commandsLike(field.value);
    this.element.hidden = !found.length;
    fill(this.element, found);
  }

  commandsLike(typed) {
    if (!/^\/\w*$/.test(typed)) return [];
    const { composer } = this;
    return composer.about.commands.filter((one) => `/${one.command}`.startsWith(typed)).map((one) => make("button", {
      type: "button", onclick: () => { composer.field.focus(); composer.say(`/${one.command}`); },
    }, make("b", {}, `/${one.command}`), ` ${one.description}`));
  }

  results(asked) {
    const { composer, composer: { task, field } } = this;
    const text = field.value;
    const done = () => {
      if (task?.way === "ask") composer.finish(task, text);
      else if (field.value === text) composer.write("");
      field.focus();
    };
    const choose = async (about) => (await composer.act(about)) && done();
    if (!asked.results) return [make("p", { className: "hint" }, `@${asked.bot} sedang mencari…`)];
    const above = asked.button && make("button", {
      type: "button", className: "strong", onclick: () => choose({ act: "link", url: asked.button.url }),
    }, asked.button.text);
    const found = asked.results.map((one) => make("button", {
      type: "button", onclick: () => choose({ act: "choose", result: one.id }),
    }, make("b", {}, one.title), one.about && make("small", {}, one.about)));
    if (!found.length) found.push(make("p", { className: "hint" }, "Tidak ditemukan."));
    return [above, ...found].filter(Boolean);
  }

  /** A key in the field that is for the first of them; tells whether it was. */
  pressed(event) {
    const first = this.element.hidden ? null : this.element.querySelector("button");
    if (!first || !(event.key === "ArrowDown" || (this.wanted && event.key === "Enter"))) return false;
    event.preventDefault();
    if (event.key === "Enter") first.click();
    else first.focus();
    return true;
  }

  /** Arrows walk through them; upwards from the first is the field again. */
  walk(event) {
    const all = [...this.element.querySelectorAll("button")];
    const at = all.indexOf(document.activeElement);
    if (event.key === "Escape" || (event.key === "ArrowUp" && at < 1)) this.composer.field.focus();
    else if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
    else if (event.key === "ArrowUp") all[at - 1].focus();
    else return;
    event.preventDefault();
  }
}
