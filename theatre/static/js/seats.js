// The seat map: the form of the page becomes a grid with one tab stop, and the sum follows every choice.
import { found } from "./seats-found.js";
import { follow } from "./seats-live.js";
import { makeGrid } from "./seats-grid.js";
import { relabel } from "./seats-label.js";
import { zoomable } from "./seats-zoom.js";
import { say } from "./say.js";

const form = document.querySelector("[data-seats]");
const map = document.querySelector("[data-map]");
// A window too narrow for a map opens on the list, which has a way back here.
const list = document.querySelector("[data-list]");
if (form && innerWidth < 360 && !location.search && location.hash !== "#map") location.replace(list.href);
else if (form && map) start();

function start() {
  const words = JSON.parse(form.dataset.seats);
  const { prices, limit, states } = words;
  const language = document.documentElement.lang;
  const money = new Intl.NumberFormat(language, { style: "currency", currency: words.currency });
  const toolbar = document.querySelector("[data-toolbar]");
  const output = toolbar.querySelector("[data-number]");
  const lines = document.querySelector("[data-lines]");
  const reason = document.querySelector("[data-reason]");
  const advice = document.querySelector("[data-advice]");
  const gos = document.querySelectorAll("[data-go]");
  let number = words.number;
  let asked = 0; // an answer to an earlier question comes too late

  const seats = found(map);
  const byId = new Map(seats.map((seat) => [seat.id, seat]));
  const chosen = () => seats.filter((seat) => seat.box.checked);
  const tips = () => seats.filter((seat) => seat.cell.classList.contains("is-tip"));
  const listed = (some) => new Intl.ListFormat(language).format(some.map((seat) => seat.label));
  const cost = ({ kind }) => Number(prices[kind]?.[0] ?? 0);
  const sum = (some) => money.format(some.reduce((all, seat) => all + cost(seat), 0)).replace("-", "−");

  function draw(why = "") {
    const mine = chosen();
    const shown = mine.length ? mine : tips();
    lines.replaceChildren(...(shown.length ? shown.map((seat) => line(seat, mine.length > 0)) : [empty()]));
    reason.textContent = why;
    reason.hidden = !why;
    for (const total of document.querySelectorAll("[data-total]")) total.textContent = sum(shown);
    for (const place of document.querySelectorAll("[data-chosen]")) place.textContent = shown.length ? listed(shown) : words.none;
    for (const go of gos) {
      go.setAttribute("form", form.id);
      go.textContent = mine.length || !shown.length ? go.dataset.review : words.take.replace("{seats}", listed(shown));
    }
  }

  function line(seat, removable) {
    const item = document.createElement("li");
    const parts = [["tile", seat.label], ["", prices[seat.kind]?.[1] ?? ""], ["num", money.format(cost(seat))]];
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
    const said = `${(on ? words.added : words.removed).replace("{seat}", seat.label)} ${words.count.replace("{n}", mine.length)}, ${sum(mine)}.`;
    say(said);
    consider(said);
  }
  // What the rules of the house say (rules/bestseats.py, rules/seating.py); null when they are out of reach.
  async function ask(query) {
    const mine = ++asked;
    try {
      const answer = await fetch(`${words.advice}?${query}`, { credentials: "same-origin" });
      const told = answer.ok ? await answer.json() : null;
      return mine === asked ? told : null;
    } catch {
      return null;
    }
  }
  // Suggesting holds nothing: the seats are only pointed at, or ticked when asked for. What it comes to is a sentence;
  // nothing when the rules are out of reach, or when another question was asked meanwhile.
  async function propose({ ticking }) {
    const told = await ask(`n=${number}${words.access ? "&access=1" : ""}`);
    if (!told) return [[], ""];
    for (const seat of chosen()) mark(seat, false);
    clearTips();
    const best = told.seats.map((id) => byId.get(id)).filter((seat) => seat && !seat.off);
    for (const seat of best) {
      if (ticking) mark(seat, true);
      else {
        seat.cell.classList.add("is-tip");
        relabel(seat, states, "tip");
      }
    }
    draw(told.words);
    advice.hidden = true;
    return [best, best.length ? `${ticking ? words.best : words.wouldTake} ${listed(best)}, ${sum(best)}. ${told.words}.` : words.nothing];
  }
  async function suggest(how) {
    const [best, sentence] = await propose(how);
    if (sentence) say(sentence);
    return best;
  }
  // A seat left on its own: a polite note with a way out, once the choice stands still for a moment.
  let pause = 0;
  function consider(said) {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const mine = chosen();
      // Who is still choosing is left in peace.
      const told = mine.length >= number ? await ask(mine.map((seat) => `seat=${seat.id}`).join("&")) : { note: "" };
      if (!told) return;
      advice.hidden = !told.note;
      if (!told.note) return;
      advice.querySelector("[data-note]").textContent = told.note;
      const move = advice.querySelector("[data-move]");
      move.textContent = told.press;
      move.href = `?${told.seats.map((id) => `seat=${id}`).join("&")}`;
      say(`${said} ${told.note}`);
    }, 250);
  }
  advice.querySelector("[data-move]").addEventListener("click", (event) => {
    event.preventDefault();
    const wanted = new URL(event.target.href).searchParams.getAll("seat").map((id) => byId.get(Number(id)));
    if (wanted.some((seat) => !seat || (seat.off && !seat.box.checked))) return;
    for (const seat of chosen()) mark(seat, false);
    for (const seat of wanted) mark(seat, true);
    advice.hidden = true;
    draw();
    gos[0].focus({ preventScroll: true });
    say(`${words.best} ${listed(wanted)}, ${sum(wanted)}.`);
  });

  const tick = async () => grid.focus((await suggest({ ticking: true }))[0]);
  const grid = makeGrid(map, seats, {
    best: tick,
    list: () => list.click(),
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
    for (const seat of chosen()) {
      seat.cell.classList.add("is-saving");
      seat.box.setAttribute("aria-label", seat.box.getAttribute("aria-label").replace(`, ${states.chosen}`, `, ${words.saving}`));
    }
    for (const seat of seats) if (seat.off) seat.box.disabled = true;
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) location.reload(); // come back with the browser's button: the hall of this moment
  });
  toolbar.addEventListener("submit", (event) => event.preventDefault());
  toolbar.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button || button.hasAttribute("data-zoom")) return;
    event.preventDefault();
    if (button.hasAttribute("data-best")) return tick();
    number = Math.min(limit, Math.max(1, number + Number(button.dataset.step)));
    output.textContent = number;
    toolbar.querySelector("[data-best] span").textContent = number === 1 ? words.bestOne : words.bestMany.replace("{n}", number);
    for (const link of toolbar.querySelectorAll("[data-list], [data-access]")) {
      const to = new URL(link.href);
      to.searchParams.set("n", number);
      link.href = to;
    }
    suggest({ ticking: chosen().length > 0 });
  });

  zoomable(map, toolbar.querySelector("[data-zoom]"), seats, () => (chosen()[0] ?? tips()[0] ?? seats[seats.length >> 1]).cell);
  document.querySelector("[data-plain]").hidden = true;
  document.querySelector("[data-keys]").hidden = false;
  draw(reason.textContent);
  const redraw = () => draw(tips().length ? reason.textContent : "");
  follow(seats, { say, words, redraw, moved: async () => (await propose({ ticking: false }))[1], focus: grid.focus });
}
