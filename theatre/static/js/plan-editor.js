// A seat plan to paint, over its text: the text stays what is saved. One tab stop, arrows from place to place, letters for kinds; by mouse and by
// finger a stroke paints. Whatever is done here can be done in the text.
import {
  MARKS, MOST_COLUMNS, MOST_LINES, SEATS, numberAt, paint, read, rowLike, seatsOf, withRows, write,
} from "./plan-text.js";
import { say } from "./say.js";

const form = document.querySelector("[data-plan]");
const text = form.elements.text;
const editor = form.querySelector("[data-editor]");
const grid = editor.querySelector("[data-grid]");
const words = grid.dataset;
const MOST_UNDONE = 200;
const FEWEST_COLUMNS = 12;

let lines = []; // what the text says
let cells = []; // by line, by column: the element
let at = { y: 0, x: 0 };
let undone = [];
let stroke = null; // { id, wide, last, tool, on, before, was }

const wordOf = Object.fromEntries(
  [...editor.querySelectorAll("[name=brush]")].map((brush) => [brush.value, brush.parentNode.querySelector("[data-word]").textContent]),
);
const brush = () => editor.querySelector("[name=brush]:checked").value;
const choose = (value) => (editor.querySelector(`[name=brush][value="${value}"]`).checked = true);
// Two more than the widest row, to go on in; under a stroke the grid stays as it is.
const widest = () => Math.max(0, ...lines.map((line) => line.cells?.length ?? 0));
const columns = () => stroke?.wide ?? Math.min(MOST_COLUMNS, Math.max(FEWEST_COLUMNS, 2 + widest()));

// Drawing ----------------------------------------------------------------------------------------------------
function take() {
  lines = read(text.value);
  if (lines.length === 1 && lines[0].across) lines = [rowLike(null, [])];
}
function label(y, x) {
  const line = lines[y];
  if (!line.cells) return line.across ? words.across : `${line.unread.trim()}: ${words.unread}`;
  const cell = line.cells[x];
  const where = `${words.row} ${line.row}, ${cell ? `${words.seat} ${numberAt(line, x)}` : `${words.place} ${x + 1}`}`;
  return [where, wordOf[cell?.kind ?? "_"], ...[...(cell?.marks ?? "")].map((letter) => wordOf[letter])].join(", ");
}
const shape = () => `${columns()} ${lines.map((line) => (line.cells ? "r" : line.across ? "a" : "u")).join("")}`;

function draw() {
  const wide = columns();
  if (grid.dataset.shape !== shape()) build(wide);
  at = { y: Math.min(at.y, lines.length - 1), x: Math.min(at.x, wide - 1) };
  lines.forEach((line, y) => {
    const [head] = grid.rows[y].cells;
    const name = line.row ?? "";
    if (head.textContent !== name) head.textContent = name;
    cells[y].forEach((cell, x) => {
      const seat = line.cells?.[x];
      const marks = seat?.marks ?? "";
      const look = line.cells ? `k-${seat?.kind ?? "none"}${[...marks].map((letter) => ` m-${letter}`).join("")}` : "";
      const said = label(y, x);
      if (cell.getAttribute("aria-label") === said && cell.className === look) return;
      cell.className = look;
      cell.setAttribute("aria-label", said);
      cell.firstChild.textContent = line.cells ? (seat ? numberAt(line, x) : "") : said;
      cell.firstChild.dataset.marks = marks;
    });
  });
  stop(at);
  editor.querySelector("[data-count]").textContent = seatsOf(lines).length;
  editor.querySelector('[data-do="undo"]').disabled = !undone.length;
}
function build(wide) {
  const focused = grid.contains(document.activeElement);
  grid.dataset.shape = shape();
  grid.style.setProperty("--n", wide);
  cells = [];
  const rows = lines.map((line, y) => {
    const row = document.createElement("tr");
    const head = document.createElement(line.row ? "th" : "td");
    if (line.row) head.scope = "row";
    row.append(head);
    cells.push([]);
    for (let x = 0; x < (line.cells ? wide : 1); x++) {
      const cell = document.createElement("td");
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = -1;
      if (!line.cells) cell.colSpan = wide;
      const seat = document.createElement("span");
      seat.setAttribute("aria-hidden", "true");
      cell.append(seat);
      cells[y].push(cell);
      row.append(cell);
    }
    return row;
  });
  const body = document.createElement("tbody");
  body.append(...rows);
  grid.replaceChildren(body);
  if (focused) {
    at = { y: Math.min(at.y, lines.length - 1), x: Math.min(at.x, wide - 1) };
    stop(at).focus();
  }
}
const cellAt = ({ y, x }) => cells[y][Math.min(x, cells[y].length - 1)];
const placeOf = (cell) => {
  const y = cell?.closest?.("tr")?.rowIndex ?? -1;
  return cells[y]?.includes(cell) ? { y, x: cells[y].indexOf(cell) } : null;
};
function stop(place) {
  grid.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  const cell = cellAt(place);
  cell.tabIndex = 0;
  editor.querySelector("[data-at]").textContent = cell.getAttribute("aria-label");
  return cell;
}
function go(place) {
  at = place;
  stop(at).focus();
  cellAt(at).scrollIntoView({ block: "nearest", inline: "nearest" });
}

// Changing ---------------------------------------------------------------------------------------------------
function remember(was) {
  undone.push(was);
  if (undone.length > MOST_UNDONE) undone.shift();
}
function store(words) {
  text.value = words;
  if (!lines.length) take();
  draw();
  text.dispatchEvent(new CustomEvent("input", { bubbles: true, detail: "grid" }));
}
// What came of it goes into the text, unless nothing did.
function settle(before, was) {
  const after = write(lines);
  if (after === before) return draw();
  remember(was);
  store(after);
}
function change(deed) {
  const before = write(lines);
  deed();
  settle(before, text.value);
}
// Whether a mark is set or taken away is decided where a stroke begins.
const sets = (place, tool) => !MARKS.includes(tool) || !lines[place.y].cells?.[place.x]?.marks.includes(tool);
function paintAt(place, tool, on = sets(place, tool)) {
  return Boolean(lines[place.y].cells) && paint(lines[place.y], place.x, tool, on);
}
function paintHere(tool) {
  change(() => paintAt(at, tool));
  say(label(at.y, at.x));
}
const deeds = {
  addRow() {
    if (lines.length >= MOST_LINES) return;
    change(() => withRows(lines, () => lines.splice(at.y + 1, 0, rowLike(lines[at.y], lines))));
    at = { ...at, y: at.y + 1 };
  },
  addAcross() {
    if (lines.length < MOST_LINES) change(() => lines.splice(at.y + 1, 0, { across: true }));
  },
  removeRow() {
    change(() => withRows(lines, () => lines.splice(at.y, 1)));
  },
  addAisle() {
    const rows = lines.filter((line) => line.cells?.length > at.x);
    if (rows.every((line) => line.cells.length < MOST_COLUMNS)) change(() => rows.forEach((line) => line.cells.splice(at.x, 0, null)));
  },
  removeColumn() {
    change(() => lines.forEach((line) => line.cells?.splice(at.x, 1)));
  },
  turn() {
    change(() => lines[at.y].cells && (lines[at.y].fromRight = !lines[at.y].fromRight));
  },
  undo() {
    if (!undone.length) return;
    const before = undone.pop();
    text.value = before;
    take();
    store(before);
    say(words.undone);
  },
};
function act(name) {
  deeds[name]();
  draw();
  if (name !== "undo") say(label(at.y, at.x));
}
for (const button of editor.querySelectorAll("[data-do]")) button.addEventListener("click", () => act(button.dataset.do));

// By keyboard ------------------------------------------------------------------------------------------------
const onward = (y, x) => {
  const line = Math.max(0, Math.min(lines.length - 1, y));
  return { y: line, x: Math.max(0, Math.min(columns() - 1, x)) };
};
function toolOf(key) {
  if (["_", "-", "Delete", "Backspace"].includes(key)) return "_";
  if (key.length > 1) return "";
  return [...SEATS, ...MARKS].find((tool) => tool.toLowerCase() === key.toLowerCase()) ?? "";
}
const keys = { n: "addRow", a: "addAisle", x: "addAcross", d: "turn" };
grid.addEventListener("keydown", (event) => {
  if (event.altKey || !placeOf(event.target)) return;
  const { key, ctrlKey, metaKey } = event;
  if ((ctrlKey || metaKey) && key.toLowerCase() === "z") {
    event.preventDefault();
    return act("undo");
  }
  if (metaKey) return;
  const next = {
    ArrowRight: [at.y, at.x + 1], ArrowLeft: [at.y, at.x - 1], ArrowDown: [at.y + 1, at.x], ArrowUp: [at.y - 1, at.x],
    Home: [ctrlKey ? 0 : at.y, 0], End: [ctrlKey ? lines.length - 1 : at.y, columns() - 1],
    PageDown: [at.y + 3, at.x], PageUp: [at.y - 3, at.x],
  }[key];
  if (next) {
    event.preventDefault();
    const paints = event.shiftKey && key.startsWith("Arrow") && brush() !== "hand";
    const on = sets(at, brush());
    go(onward(...next));
    if (paints) change(() => paintAt(at, brush(), MARKS.includes(brush()) ? !on : true));
    return;
  }
  if (ctrlKey) return;
  const letter = key.length === 1 ? key : "";
  const tool = toolOf(key);
  if (tool) {
    event.preventDefault();
    choose(tool);
    return paintHere(tool);
  }
  if (key === " " || key === "Enter") {
    event.preventDefault();
    if (brush() !== "hand") paintHere(brush());
  } else if (Object.hasOwn(keys, letter.toLowerCase())) {
    event.preventDefault();
    act(keys[letter.toLowerCase()]);
    cellAt(at).focus();
  }
});
grid.addEventListener("focusin", ({ target }) => {
  const place = placeOf(target);
  if (!place) return;
  at = { y: place.y, x: lines[place.y].cells ? place.x : at.x };
  stop(at);
});

// By mouse and by finger: a stroke paints every place it crosses, and is undone as one -----------------------------
const under = (event) => placeOf(document.elementFromPoint(event.clientX, event.clientY)?.closest?.("td"));
function strokeTo(place) {
  const { last, tool, on } = stroke;
  const steps = Math.max(Math.abs(place.y - last.y), Math.abs(place.x - last.x), 1);
  for (let step = 1; step <= steps; step++) {
    const part = step / steps;
    paintAt({ y: Math.round(last.y + (place.y - last.y) * part), x: Math.round(last.x + (place.x - last.x) * part) }, tool, on);
  }
  stroke.last = at = place;
  draw();
}
grid.addEventListener("pointerdown", (event) => {
  const place = under(event);
  if (event.button || !place || brush() === "hand") return;
  if (event.pointerType !== "mouse") event.target.releasePointerCapture?.(event.pointerId);
  stroke = {
    id: event.pointerId, wide: columns(), last: place, tool: brush(), on: sets(place, brush()), before: write(lines),
    was: text.value,
  };
  strokeTo(place);
});
addEventListener("pointermove", (event) => {
  if (stroke?.id !== event.pointerId) return;
  for (const each of event.getCoalescedEvents?.() ?? [event]) {
    const place = under(each);
    if (place && (place.y !== stroke.last.y || place.x !== stroke.last.x)) strokeTo(place);
  }
});
function end(event) {
  if (stroke?.id !== event.pointerId) return;
  const { before, was } = stroke;
  stroke = null;
  settle(before, was);
  say(label(at.y, at.x));
}
addEventListener("pointerup", end);
addEventListener("pointercancel", end);
const hand = () => grid.classList.toggle("is-moved", brush() === "hand");
editor.addEventListener("change", hand);

// The text is typed: the grid follows. -----------------------------------------------------------------------
let typed = text.value;
text.addEventListener("input", ({ detail }) => {
  if (detail !== "grid") {
    remember(typed);
    take();
    draw();
  }
  typed = text.value;
});
addEventListener("pageshow", () => {
  take();
  draw();
});
take();
draw();
hand();
editor.hidden = false;
