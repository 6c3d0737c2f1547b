// The time left on held seats: the sweep runs out, the words stay; spoken at 5, 2 and 1 minutes.
import { say } from "./say.js";

export function holdTimers() {
  for (const panel of document.querySelectorAll("[data-hold]")) run(panel);
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-extend]")) extend(event, event.target.closest("[data-hold]"));
  });
  // Come back with the browser's button: the server says what has become of the seats.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted && document.querySelector("[data-hold]")) location.reload();
  });
}

function run(panel) {
  const until = Date.parse(panel.dataset.hold);
  const whole = Number(panel.dataset.holdMinutes) * 60000;
  const arc = panel.querySelector(".part");
  const figure = panel.querySelector("svg text");
  const words = panel.querySelector("[data-hold-left]");
  const left = () => Math.max(0, until - Date.now());
  let before = Math.ceil(left() / 60000);
  if (!left()) return;
  const timer = setInterval(tick, 1000);
  tick();
  if (before === 1) ask();

  function tick() {
    if (!panel.isConnected) return clearInterval(timer); // another panel is in its place
    const rest = left();
    const minutes = Math.ceil(rest / 60000);
    arc?.setAttribute("stroke-dasharray", `${Math.min(100, (100 * rest) / whole).toFixed(1)} 100`);
    if (figure) figure.textContent = minutes > 1 ? minutes : Math.ceil(rest / 1000);
    const spoken = panel.dataset[`say${minutes}`];
    if (minutes < before && spoken) {
      say(spoken);
      if (words) words.textContent = spoken;
      if (minutes === 1) ask();
    }
    before = minutes;
    if (!rest) {
      clearInterval(timer);
      location.assign(panel.dataset.home); // says what has become of the seats, and offers them again
    }
  }
  // A minute before the end: keep the seats with one press, or release them.
  function ask() {
    panel.querySelector("dialog")?.showModal();
  }
}

// More time with one press, and what was typed on the page stays as it is.
async function extend(event, panel) {
  event.preventDefault();
  const form = event.target;
  let fresh;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    // nosemgrep: page-read-from-text - the page itself, asked of our own server again
    fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-hold]");
  } catch {
    fresh = null;
  }
  if (!fresh) return location.assign(panel.dataset.home);
  panel.replaceWith(fresh);
  run(fresh);
  fresh.querySelector("button")?.focus({ preventScroll: true });
  const until = fresh.querySelector("[data-until]").textContent;
  for (const place of document.querySelectorAll("[data-until-short]")) place.textContent = until;
  say(until);
}
