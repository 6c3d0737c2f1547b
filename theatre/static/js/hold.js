// The time left on held seats: the sweep runs out, the words stay; spoken at 5, 2 and 1 minutes.
import { say } from "./say.js";

const SPOKEN = [5, 2, 1];

export function holdTimers() {
  for (const panel of document.querySelectorAll("[data-hold]")) run(panel);
}

function run(panel) {
  const until = Date.parse(panel.dataset.hold);
  const whole = Number(panel.dataset.holdMinutes) * 60000;
  const arc = panel.querySelector(".part");
  const figure = panel.querySelector("svg text");
  const words = panel.querySelector("[data-hold-left]");
  let before = Math.ceil((until - Date.now()) / 60000);
  const tick = () => {
    const left = Math.max(0, until - Date.now());
    const minutes = Math.ceil(left / 60000);
    arc?.setAttribute("stroke-dasharray", `${Math.min(100, (100 * left) / whole)} 100`);
    if (figure) figure.textContent = left < 60000 ? String(Math.ceil(left / 1000)) : String(minutes);
    if (minutes < before && SPOKEN.includes(minutes)) {
      say(panel.dataset[`say${minutes}`] ?? "");
      if (words) words.textContent = panel.dataset[`say${minutes}`] ?? "";
    }
    if (left < 60000 && left > 0 && !panel.dataset.warned) warn(panel);
    before = minutes;
    if (left === 0) {
      clearInterval(timer);
      if (panel.dataset.holdEnd) location.assign(panel.dataset.holdEnd);
    }
  };
  const timer = setInterval(tick, 1000);
  tick();
}

// One minute before the end: keep the seats with one press, or let them go.
function warn(panel) {
  panel.dataset.warned = "1";
  const dialog = document.getElementById(panel.dataset.holdDialog ?? "");
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
