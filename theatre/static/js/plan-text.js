// A seat plan's text as lines that can be painted, and back. theatre/rules/plans.py has the last word on what it means; a line that is not
// understood here is kept as it is.
export const SEATS = "SPVWC";
export const MARKS = "rhb";
export const MOST_COLUMNS = 50;
export const MOST_LINES = 60;
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
const HEAD = /^\s*([A-Za-z]{1,3})\s*(\d{1,4})?\s*(<)?\s*:/;

// { row, start, fromRight, cells: [{ kind, marks } or null] }, { across: true } or { unread: "the line" }
export function read(text) {
  const lines = text.replace(/[\s_]+$/, "").split(/\r\n|\r|\n/);
  return lines.map((line, place) => (place < MOST_LINES ? readLine(line) : { unread: line }));
}
function readLine(line) {
  if (!line.replace(/[ \t_]/g, "")) return { across: true };
  const head = HEAD.exec(line);
  const cells = [];
  for (const letter of head ? line.slice(head[0].length) : "") {
    if (letter.trim() === "") continue;
    if (letter === "_") cells.push(null);
    else if (SEATS.includes(letter.toUpperCase())) cells.push({ kind: letter.toUpperCase(), marks: "" });
    else if (MARKS.includes(letter.toLowerCase()) && cells.at(-1)) mark(cells.at(-1), letter.toLowerCase(), true);
    else return { unread: line };
  }
  if (!head || cells.length > MOST_COLUMNS) return { unread: line };
  return { row: head[1].toUpperCase(), start: Number(head[2] ?? 1), fromRight: Boolean(head[3]), cells };
}

export function write(lines) {
  const width = Math.max(0, ...lines.filter((line) => line.row).map((line) => headOf(line).length));
  const written = lines.map((line) => {
    if (line.across) return "";
    return line.unread ?? `${headOf(line).padEnd(width)} ${bodyOf(line)}`.trimEnd();
  });
  return written.join("\n");
}
const headOf = ({ row, start, fromRight }) => `${row}${start === 1 ? "" : ` ${start}`}${fromRight ? "<" : ""}:`;
const bodyOf = ({ cells }) =>
  cells.map((cell) => (cell ? cell.kind + cell.marks : "_")).join("").replace(/_+$/, "");

// The number of a row's seat at a column.
export function numberAt({ cells, start, fromRight }, column) {
  const others = fromRight ? cells.slice(column + 1) : cells.slice(0, column);
  return start + others.filter(Boolean).length;
}
export const seatsOf = (lines) => lines.flatMap((line) => line.cells?.filter(Boolean) ?? []);

// Paint one place: with a seat, with "_" for none, with a mark that is set or taken away. Whether it is another now.
export function paint(line, column, brush, on = true) {
  const cell = line.cells[column] ?? null;
  if (MARKS.includes(brush)) return Boolean(cell) && mark(cell, brush, on);
  if ((cell?.kind ?? "_") === brush) return false;
  while (line.cells.length < column) line.cells.push(null);
  line.cells[column] = brush === "_" ? null : { kind: brush, marks: cell?.marks ?? "" };
  return true;
}
function mark(cell, letter, on) {
  if (cell.marks.includes(letter) === on) return false;
  cell.marks = [...MARKS].filter((each) => (each === letter ? on : cell.marks.includes(each))).join("");
  return true;
}

// A row under this one, of the same shape and without its marks and its places for wheelchairs.
export function rowLike(like, lines) {
  const cells = like?.cells?.map((cell) => cell && { kind: "WC".includes(cell.kind) ? "S" : cell.kind, marks: "" });
  return { row: freeLetter(lines), start: like?.start ?? 1, fromRight: like?.fromRight ?? false, cells: cells ?? [] };
}
function freeLetter(lines) {
  const taken = new Set(lines.map((line) => line.row));
  for (let place = 0; ; place++) if (!taken.has(letterAt(place))) return letterAt(place);
}
export function letterAt(place) {
  const rest = Math.floor(place / LETTERS.length);
  return (rest ? letterAt(rest - 1) : "") + LETTERS[place % LETTERS.length];
}
// Rows lettered in their order keep to it when one comes or goes between them.
const inOrder = (lines) => lines.filter((line) => line.row).every(({ row }, place) => row === letterAt(place));
export function withRows(lines, change) {
  const kept = inOrder(lines);
  change();
  if (kept) lines.filter((line) => line.row).forEach((line, place) => (line.row = letterAt(place)));
}
