// Drawn signs: unlike letters and emoji they look the same on every computer.

const PATHS = {
  clip: "M20 11.5 12.2 19.3a5 5 0 0 1-7.1-7.1l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4l7.1-7.1",
  send: "M4 20 21 12 4 4v6.4l10 1.6-10 1.6z",
  close: "M6 6l12 12M18 6 6 18",
  down: "M5 9l7 7 7-7",
  more: "M12 5.2v.1M12 12v.1M12 18.7v.1",
  play: "M8 5v14l11-7z",
  out: "M8 16 17 7M10 7h7v7",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3.5 2",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  reply: "M10 7 4 12.5 10 18v-3.6c5 0 8 1 10 4-.4-5-3.6-8.3-10-8.3z",
  forward: "M14 7l6 5.5-6 5.5v-3.6c-5 0-8 1-10 4 .4-5 3.6-8.3 10-8.3z",
  edit: "M4 20l1-4.5L16 4.5l3.5 3.5-11 11zM13.5 7l3.5 3.5",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13M10.5 11v5.5M13.5 11v5.5",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1",
  photo: "M4 5h16v14H4zM4 16l4.5-5 4 4.5 2.5-2.5 5 5M15.5 9v.1",
  voice: "M12 3.5a2.5 2.5 0 0 0-2.5 2.5v6a2.5 2.5 0 0 0 5 0V6A2.5 2.5 0 0 0 12 3.5zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  film: "M4 6h16v12H4zM8 6v12M16 6v12M4 12h4M16 12h4",
  place: "M12 21c4.5-5 7-8.3 7-11.5a7 7 0 0 0-14 0C5 12.7 7.5 16 12 21zM12 7.2a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6z",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.5 20.5c.7-4 3.5-6 7.5-6s6.8 2 7.5 6",
  people: "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2.5 20c.6-3.6 3-5.4 6.5-5.4s5.9 1.8 6.5 5.4M16 5.3a3.5 3.5 0 0 1 0 6.5M17.5 14.8c2.3.6 3.6 2.3 4 5.2",
  chat: "M4 5h16v11H11l-5 4v-4H4z",
  channel: "M4 10v4h3l8 5V5L7 10zM18 9a4 4 0 0 1 0 6",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.1M15 9.5v.1",
  signal: "M5 19v-3M10 19v-7M15 19V8M20 19V4",
  warning: "M12 4 2.5 20h19zM12 10v4.5M12 17.4v.1",
  again: "M5 12a7 7 0 1 1 2.2 5.1M5 17.5V13h4.5",
  stop: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM6 6l12 12",
};

export function icon(name) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("class", `sign sign-${name}`);
  drawing.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  drawing.append(path);
  return drawing;
}
