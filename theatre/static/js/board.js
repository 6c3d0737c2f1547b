// The week board: a grid for every day, one tab stop in all, arrows from show to show. A show that nobody has booked is dragged, or moved with Shift
// and the arrows; either sends the same form as the show's own page.
import { say } from "./say.js";

const STEP = 5;
const board = document.querySelector("[data-board]");
const form = document.getElementById("place");
const first = Number(board.dataset.first) * 60;
const minutes = Number(board.dataset.hours) * 60;
const lanes = [...board.querySelectorAll("[data-lane]")];
const shows = [...board.querySelectorAll("[data-lane] a")];
const wide = () => matchMedia("(min-width: 761px)").matches;
const showsOf = (lane) => [...lane.querySelectorAll("a")];
const laneOf = (show) => show.closest("[data-lane]");
const clock = (at) =>
  [Math.floor(at / 60) % 24, at % 60].map((part) => String(part).padStart(2, "0")).join(":");

// The grid ---------------------------------------------------------------------------------------------------
document.querySelector("[data-help]").hidden = !wide() || !shows.length;
for (const day of board.querySelectorAll("[data-strip]")) {
  day.setAttribute("role", "grid");
  day.setAttribute("aria-labelledby", day.closest("section").getAttribute("aria-labelledby"));
}
for (const lane of lanes) {
  lane.setAttribute("role", "row");
  const name = lane.querySelector("[data-name]");
  name.setAttribute("role", "rowheader");
  name.removeAttribute("aria-level");
  lane.querySelector("[data-blocks]").setAttribute("role", "presentation");
  for (const show of showsOf(lane)) show.parentNode.setAttribute("role", "gridcell");
}
for (const show of shows) show.tabIndex = -1;
let stop = shows.find((show) => !show.parentNode.classList.contains("is-over")) ?? shows[0];
if (stop) stop.tabIndex = 0;

function focus(show) {
  if (!show) return;
  stop.tabIndex = -1;
  stop = show;
  show.tabIndex = 0;
  show.focus();
}
const middle = (show) => show.getBoundingClientRect().left + show.offsetWidth / 2;
function beyond(show, step) {
  const filled = lanes.filter((lane) => lane === laneOf(show) || showsOf(lane).length);
  const lane = filled[filled.indexOf(laneOf(show)) + step];
  const near = (one) => Math.abs(middle(one) - middle(show));
  return lane && showsOf(lane).reduce((a, b) => (near(b) < near(a) ? b : a));
}
const onDay = (day) => shows.find((show) => laneOf(show).dataset.day === day);
function otherDay(show, step) {
  const days = [...new Set(shows.map((one) => laneOf(one).dataset.day))];
  return onDay(days[days.indexOf(laneOf(show).dataset.day) + step]);
}
board.addEventListener("focusin", ({ target }) => {
  if (shows.includes(target) && target !== stop) {
    stop.tabIndex = -1;
    stop = target;
    stop.tabIndex = 0;
  }
});

// Moving -----------------------------------------------------------------------------------------------------
let moving = null; // { show, lane, begins, was: { lane, next, begins } }

function begin(show) {
  if (moving?.show === show) return;
  putBack();
  const cell = show.parentNode;
  moving = { show, lane: laneOf(show), begins: Number(show.dataset.begins) };
  moving.was = { lane: moving.lane, next: cell.nextElementSibling, begins: moving.begins, classes: cell.className };
  cell.classList.add("is-moving");
}
function to(lane, begins) {
  const { show } = moving;
  const latest = Math.min(first + minutes - Number(show.dataset.length), 24 * 60 - STEP);
  moving.begins = Math.max(first, Math.min(latest, begins));
  moving.lane = lane;
  const cell = show.parentNode;
  if (laneOf(show) !== lane) {
    const focused = document.activeElement === show;
    lane.querySelector("[data-blocks]").append(cell);
    if (focused) show.focus();
  }
  const steps = Math.round((moving.begins - first) / STEP);
  cell.className = cell.className.replace(/\bh-\d+ s-\d+/, `h-${Math.floor(steps / 12)} s-${steps % 12}`);
  show.querySelector("[data-time]").textContent = clock(moving.begins);
}
function tell() {
  const { lane, begins } = moving;
  say(`${clock(begins)}, ${lane.querySelector("[data-name]").textContent}, ${lane.dataset.day}`);
}
function putBack() {
  if (!moving) return;
  const { show, was } = moving;
  const cell = show.parentNode;
  const focused = document.activeElement === show;
  was.lane.querySelector("[data-blocks]").insertBefore(cell, was.next);
  cell.className = was.classes;
  show.querySelector("[data-time]").textContent = clock(was.begins);
  if (focused) show.focus();
  moving = null;
}
function save() {
  const { show, lane, begins, was } = moving;
  if (lane === was.lane && begins === was.begins) return putBack();
  form.action = show.dataset.place;
  form.elements.screen.value = lane.dataset.screen;
  form.elements.day.value = lane.dataset.day;
  form.elements.starts_at.value = clock(begins);
  form.requestSubmit();
}
const sameDay = (lane, step) => {
  const day = lanes.filter((one) => one.dataset.day === lane.dataset.day);
  return day[day.indexOf(lane) + step] ?? lane;
};

board.addEventListener("keydown", (event) => {
  const show = event.target;
  if (!shows.includes(show) || event.altKey || event.metaKey) return;
  const shift = event.shiftKey && show.dataset.place && wide();
  if (shift && /^Arrow/.test(event.key)) {
    event.preventDefault();
    begin(show);
    const step = event.ctrlKey ? 60 : STEP;
    const lane = { ArrowUp: sameDay(moving.lane, -1), ArrowDown: sameDay(moving.lane, 1) }[event.key] ?? moving.lane;
    to(lane, moving.begins + ({ ArrowLeft: -step, ArrowRight: step }[event.key] ?? 0));
    return tell();
  }
  if (moving && event.key === "Enter") {
    event.preventDefault();
    return save();
  }
  if (moving && event.key === "Escape") {
    event.preventDefault();
    putBack();
    return say(show.querySelector("[data-time]").textContent);
  }
  if (event.shiftKey) return;
  const row = showsOf(laneOf(show));
  const at = row.indexOf(show);
  const go = {
    ArrowRight: () => row[at + 1], ArrowLeft: () => row[at - 1],
    ArrowDown: () => beyond(show, 1), ArrowUp: () => beyond(show, -1),
    Home: () => (event.ctrlKey ? shows[0] : row[0]), End: () => (event.ctrlKey ? shows.at(-1) : row.at(-1)),
    PageDown: () => otherDay(show, 1), PageUp: () => otherDay(show, -1),
  }[event.key];
  if (!go) return;
  event.preventDefault();
  putBack();
  focus(go());
});
// By pointer: a mouse or a pen; a finger scrolls.
for (const show of shows.filter((one) => one.dataset.place)) {
  show.draggable = false;
  show.addEventListener("pointerdown", (down) => {
    if (down.button || down.pointerType === "touch" || !wide()) return;
    const perMinute = laneOf(show).querySelector("[data-blocks]").offsetWidth / minutes;
    const begins = Number(show.dataset.begins);
    let dragged = false;
    const move = (event) => {
      if (!dragged && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 5) return;
      if (!dragged) show.setPointerCapture(down.pointerId);
      dragged = true;
      begin(show);
      const under = lanes.find((lane) => {
        const { top, bottom } = lane.getBoundingClientRect();
        return event.clientY >= top && event.clientY <= bottom;
      });
      const shift = Math.round((event.clientX - down.clientX) / perMinute / STEP) * STEP;
      to(under ?? moving.lane, begins + shift);
    };
    const up = () => {
      show.removeEventListener("pointermove", move);
      if (!dragged) return;
      show.addEventListener("click", (event) => event.preventDefault(), { once: true });
      tell();
      save();
    };
    show.addEventListener("pointermove", move);
    show.addEventListener("pointerup", up, { once: true });
    show.addEventListener("pointercancel", () => (show.removeEventListener("pointermove", move), putBack()), { once: true });
  });
}
// Coming back to the page by the browser's own way.
addEventListener("pageshow", putBack);
