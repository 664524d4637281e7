// Small windows: a menu beside what was tapped, and a question in the middle.

import { icon } from "./icons.js";
import { make } from "./make.js";

let close = () => {};

/** Show choices `[label, act, sign]` beside an element; arrows move, Escape leaves. `extra` stands above. */
export function menu(beside, choices, extra) {
  close();
  const items = choices.map(([label, run, sign]) => make("button", {
    type: "button", role: "menuitem", onclick: () => { close(); run(); },
  }, sign && icon(sign), label));
  const box = make("div", { className: "menu", role: "menu" }, extra?.(() => close()), items);
  document.body.append(box);
  const near = beside.getBoundingClientRect();
  const left = Math.min(Math.max(8, near.left), innerWidth - box.offsetWidth - 8);
  const fits = near.bottom + box.offsetHeight + 8 < innerHeight;
  const top = fits ? near.bottom + 4 : Math.max(8, Math.min(near.top, innerHeight) - box.offsetHeight - 4);
  box.style.left = `${left}px`;
  box.style.top = `${top}px`;
  const all = [...box.querySelectorAll("button")];
  const move = (event) => {
    const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
    if (event.key === "Escape" || event.key === "Tab") return close();
    if (!steps[event.key]) return undefined;
    event.preventDefault();
    const at = all.indexOf(document.activeElement) + steps[event.key];
    return all[(at + all.length) % all.length].focus();
  };
  const outside = (event) => box.contains(event.target) || close();
  close = () => {
    box.remove();
    document.removeEventListener("pointerdown", outside);
    close = () => {};
    if (document.activeElement === document.body) beside.focus?.({ preventScroll: true });
  };
  box.addEventListener("keydown", move);
  document.addEventListener("pointerdown", outside);
  all[0]?.focus({ preventScroll: true });
}

/** Ask in a window; the form's fields when it was agreed to, else nothing. */
export function ask(title, body, yes) {
  const window_ = document.querySelector("#ask");
  document.querySelector("#ask-title").textContent = title;
  document.querySelector("#ask-body").replaceChildren(...body);
  const agree = document.querySelector("#ask-yes");
  agree.textContent = yes;
  const form = window_.querySelector("form");
  form.querySelector(".quiet").hidden = yes === "Tutup" || yes === "Oke";
  window_.returnValue = "";
  if (window_.open) window_.close();
  window_.showModal();
  (form.querySelector("select, input") ?? agree).focus();
  return new Promise((done) => {
    window_.onclose = () => done(window_.returnValue ? Object.fromEntries(new FormData(form)) : undefined);
  });
}
