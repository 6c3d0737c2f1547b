// The seats of a map as its scripts know them: what the HTML says, row by row.
const KINDS = { prem: "premium", vip: "vip", acc: "wheelchair", comp: "companion" };

export function found(map) {
  return [...map.querySelectorAll(".seat-row")].flatMap((row, y) => [...row.querySelectorAll(".seat")].map((cell) => {
    const box = cell.querySelector("input");
    const name = Object.keys(KINDS).find((one) => cell.classList.contains(one));
    return {
      cell, box, y, kind: KINDS[name] ?? "standard", x: Number(cell.dataset.x), row: row.dataset.row,
      no: cell.dataset.no ?? cell.textContent, id: Number(box.value), off: box.disabled,
      get label() { return `${this.row} ${this.no}`; },
    };
  }));
}
