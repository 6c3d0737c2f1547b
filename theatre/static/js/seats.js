// The seat map: the form of the page becomes a grid with one tab stop, and the sum follows every choice.
import { bestSeats } from "./seats-best.js";
import { follow } from "./seats-live.js";
import { makeGrid } from "./seats-grid.js";
import { relabel } from "./seats-label.js";
import { say } from "./say.js";

const form = document.querySelector("[data-seats]");
const map = document.querySelector("[data-map]");
if (form && map) start();

function start() {
  const words = JSON.parse(form.dataset.seats);
  const { prices, limit, states } = words;
  const money = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: words.currency });
  const toolbar = document.querySelector("[data-toolbar]");
  const output = toolbar.querySelector("[data-number]");
  const lines = document.querySelector("[data-lines]");
  const gos = document.querySelectorAll("[data-go]");
  let number = words.number;

  const seats = [];
  for (const [y, row] of [...map.querySelectorAll(".seat-row")].entries()) {
    for (const cell of row.querySelectorAll(".seat")) {
      const box = cell.querySelector("input");
      const kind = cell.classList.contains("prem") ? "premium"
        : cell.classList.contains("vip") ? "vip"
        : cell.classList.contains("acc") ? "wheelchair"
        : cell.classList.contains("comp") ? "companion" : "standard";
      seats.push({
        cell, box, kind, y, x: Number(cell.dataset.x), row: row.dataset.row, no: cell.dataset.no ?? cell.textContent, id: Number(box.value),
        view: cell.classList.contains("view"), off: box.disabled,
        get label() { return `${this.row} ${this.no}`; },
        get price() { return Number(prices[this.kind]?.[0] ?? 0); },
      });
    }
  }
  const chosen = () => seats.filter((seat) => seat.box.checked);
  const tips = () => seats.filter((seat) => seat.cell.classList.contains("is-tip"));
  const list = (some) => new Intl.ListFormat(document.documentElement.lang).format(some.map((seat) => seat.label));
  const sum = (some) => money.format(some.reduce((all, seat) => all + seat.price, 0)).replace("-", "−");

  function draw() {
    const mine = chosen();
    const shown = mine.length ? mine : tips();
    lines.replaceChildren(...(shown.length ? shown.map((seat) => line(seat, mine.length > 0)) : [empty()]));
    for (const total of document.querySelectorAll("[data-total]")) total.textContent = sum(shown);
    for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = shown.length ? list(shown) : words.none;
    for (const go of gos) {
      go.setAttribute("form", form.id);
      go.textContent = mine.length || !shown.length ? go.dataset.review : words.take.replace("{seats}", list(shown));
    }
  }

  function line(seat, removable) {
    const item = document.createElement("li");
    const parts = [["tile", seat.label], ["", prices[seat.kind]?.[1] ?? ""], ["num", money.format(seat.price)]];
    item.append(...parts.map(([name, text]) => Object.assign(document.createElement("span"), { className: name, textContent: text })));
    if (removable) {
      const remove = document.createElement("button");
      remove.className = "ib";
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", words.remove.replace("{seat}", seat.label));
      remove.onclick = () => {
        toggle(seat, false);
        (lines.querySelector("button") ?? gos[0]).focus();
      };
      item.append(remove);
    } else {
      item.children[1].append(Object.assign(document.createElement("small"), { textContent: words.suggested }));
    }
    return item;
  }

  const empty = () => Object.assign(document.createElement("li"), { className: "none", textContent: words.empty });


  function mark(seat, on) {
    seat.box.checked = on;
    seat.cell.classList.remove("is-tip");
    relabel(seat, states, on ? "chosen" : "free");
  }
  function clearTips() {
    for (const seat of tips()) {
      seat.cell.classList.remove("is-tip");
      relabel(seat, states, "free");
    }
  }
  function toggle(seat, on) {
    if (on && chosen().length > limit) {
      seat.box.checked = false;
      return say(words.most);
    }
    clearTips();
    mark(seat, on);
    draw();
    const mine = chosen();
    say(`${(on ? words.added : words.removed).replace("{seat}", seat.label)} ${words.count.replace("{n}", mine.length)}, ${sum(mine)}.`);
  }
  // Suggesting holds nothing: the seats are only pointed at, or ticked when asked for. What it comes to is a sentence.
  function propose({ ticking }) {
    const best = bestSeats(seats, number);
    for (const seat of chosen()) mark(seat, false);
    clearTips();
    for (const seat of best ?? []) {
      if (ticking) mark(seat, true);
      else {
        seat.cell.classList.add("is-tip");
        relabel(seat, states, "tip");
      }
    }
    draw();
    return [best, best ? `${ticking ? words.best : words.wouldTake} ${list(best)}, ${sum(best)}.` : words.nothing];
  }
  function suggest(how) {
    const [best, sentence] = propose(how);
    say(sentence);
    return best;
  }

  const grid = makeGrid(map, seats, {
    best: () => grid.focus(suggest({ ticking: true })?.[0]),
    list: () => document.querySelector("[data-list]").click(),
    leave: () => gos[0].focus(),
    refuse: (seat) => say(seat.box.getAttribute("aria-label")),
  });
  map.addEventListener("change", ({ target }) => {
    const seat = seats.find((one) => one.box === target);
    if (!seat) return;
    if (seat.off) {
      target.checked = false;
      say(target.getAttribute("aria-label"));
    } else toggle(seat, target.checked);
  });
  // Only what may be taken is sent: a seat that went while the page was open stays behind.
  form.addEventListener("submit", () => {
    if (!chosen().length) for (const seat of tips()) mark(seat, true);
    for (const seat of seats) if (seat.off) seat.box.disabled = true;
  });
  toolbar.addEventListener("submit", (event) => event.preventDefault());
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.hasAttribute("data-zoom")) return;
    event.preventDefault();
    if (button.hasAttribute("data-best")) return grid.focus(suggest({ ticking: true })?.[0]);
    number = Math.min(limit, Math.max(1, number + Number(button.dataset.step)));
    output.textContent = number;
    toolbar.querySelector("[data-best] span").textContent = number === 1 ? words.bestOne : words.bestMany.replace("{n}", number);
    document.querySelector("[data-list]").search = `?n=${number}`;
    suggest({ ticking: chosen().length > 0 });
  });

  const zoom = toolbar.querySelector("[data-zoom]");
  zoom.hidden = false;
  zoom.onclick = () => {
    zoom.setAttribute("aria-pressed", String(map.classList.toggle("zoomed")));
    centre();
  };
  // In a hall wider than the screen: your seats in the middle, or what we would take.
  function centre() {
    const middle = (chosen()[0] ?? tips()[0] ?? seats[seats.length >> 1]).cell;
    const hall = map.closest("[data-hall]");
    hall.scrollLeft += middle.getBoundingClientRect().left - hall.getBoundingClientRect().left - hall.clientWidth / 2;
  }
  document.querySelector("[data-plain]").hidden = true;
  document.querySelector("[data-keys]").hidden = false;
  draw();
  centre();
  follow(seats, { say, words, redraw: draw, moved: () => propose({ ticking: false })[1], focus: grid.focus });
}
