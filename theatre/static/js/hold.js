// The time left on held seats: the sweep runs out, the words stay; spoken at 5, 2 and 1 minutes.
import { say } from "./say.js";

export function holdTimers() {
  for (const panel of document.querySelectorAll("[data-hold]")) run(panel);
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

  function tick() {
    const rest = left();
    const minutes = Math.ceil(rest / 60000);
    arc?.setAttribute("stroke-dasharray", `${Math.min(100, (100 * rest) / whole).toFixed(1)} 100`);
    if (figure) figure.textContent = minutes > 1 ? minutes : Math.ceil(rest / 1000);
    const spoken = panel.dataset[`say${minutes}`];
    if (minutes < before && spoken) {
      say(spoken);
      if (words) words.textContent = spoken;
      // A minute before the end: keep the seats with one press, or let them go.
      if (minutes === 1) panel.querySelector("dialog")?.showModal();
    }
    before = minutes;
    if (!rest) {
      clearInterval(timer);
      location.reload(); // The server says what has become of the seats.
    }
  }
}
