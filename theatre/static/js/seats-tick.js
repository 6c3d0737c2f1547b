// A map whose form is only sent, where a booking takes other seats: the seat page's grid, one tab stop, without its sums.
import { found } from "./seats-found.js";
import { makeGrid } from "./seats-grid.js";
import { follow } from "./seats-live.js";
import { relabel } from "./seats-label.js";
import { say } from "./say.js";

const map = document.querySelector("[data-map]");
const form = map.closest("form");
const seats = found(map);
const words = JSON.parse(form.dataset.seats);
const refuse = ({ box }) => say(box.getAttribute("aria-label"));

const grid = makeGrid(map, seats, { leave: () => form.querySelector("button").focus(), refuse });
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
follow(seats, { say, words, redraw() {}, moved: async () => "", focus: grid.focus });
