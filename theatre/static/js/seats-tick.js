// A map whose form is only sent, where a booking takes other seats: the seat page's grid, one tab stop, without its sums.
import { found } from "./seats-found.js";
import { makeGrid } from "./seats-grid.js";
import { follow } from "./seats-live.js";
import { relabel } from "./seats-label.js";
import { zoomable } from "./seats-zoom.js";
import { say } from "./say.js";

const map = document.querySelector("[data-map]");
const form = map.closest("form");
const seats = found(map);
const words = JSON.parse(form.dataset.seats);
const refuse = ({ box }) => say(box.getAttribute("aria-label"));

// A window too narrow for a map opens on the list where there is one, which has a way back here.
const list = document.querySelector("[data-list]");
if (list && innerWidth < 360 && !/seat=|difference=/.test(location.search) && location.hash !== "#map") location.replace(list.href);

const grid = makeGrid(map, seats, { leave: () => form.querySelector("button:not([type])").focus(), refuse });
map.addEventListener("change", ({ target }) => {
  const seat = seats.find((one) => one.box === target);
  if (!seat) return;
  if (!seat.off) return relabel(seat, words.states, target.checked ? "chosen" : "free");
  target.checked = false;
  refuse(seat);
});
// What can't be taken can be explored, but is never sent.
form.addEventListener("submit", () => {
  for (const { off, box } of seats) if (off) box.disabled = true;
});
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) location.reload();
});
const middle = () => (seats.find(({ box }) => box.checked) ?? seats[seats.length >> 1]).cell;
zoomable(map, document.querySelector("[data-zoom]"), seats, middle);
follow(seats, { say, words, redraw() {}, moved: async () => "", focus: grid.focus });
