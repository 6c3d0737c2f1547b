// A grid of checkboxes: one tab stop, arrows between seats, every seat can be explored.
export function makeGrid(map, seats, { best, list, leave, refuse }) {
  map.setAttribute("role", "grid");
  map.setAttribute("aria-label", map.closest("[role=group]").getAttribute("aria-label"));
  map.setAttribute("aria-multiselectable", "true");
  const rows = [];
  for (const row of map.querySelectorAll(".seat-row")) {
    row.setAttribute("role", "row");
    row.querySelector("[data-name]").setAttribute("role", "rowheader");
    rows.push(seats.filter((seat) => seat.cell.parentNode === row));
  }
  for (const seat of seats) {
    seat.cell.setAttribute("role", "gridcell");
    if (seat.off) {
      seat.box.disabled = false;
      seat.box.setAttribute("aria-disabled", "true");
    }
    seat.box.tabIndex = -1;
  }
  let stop = first();
  if (stop) stop.box.tabIndex = 0;

  // Where Tab enters: your first seat, the suggested one, the free seat nearest the middle.
  function first() {
    const middle = map.getBoundingClientRect();
    const centre = { x: middle.left + middle.width / 2, y: middle.top + (middle.height * 2) / 3 };
    const far = ({ cell }) => {
      const box = cell.getBoundingClientRect();
      return Math.hypot(box.left + box.width / 2 - centre.x, box.top + box.height / 2 - centre.y);
    };
    return seats.find((seat) => seat.box.checked)
      ?? seats.find((seat) => seat.cell.classList.contains("is-tip"))
      ?? seats.filter((seat) => !seat.off).sort((a, b) => far(a) - far(b))[0]
      ?? seats[0];
  }
  function focus(seat) {
    if (!seat) return;
    if (stop) stop.box.tabIndex = -1;
    stop = seat;
    seat.box.tabIndex = 0;
    seat.box.focus();
    seat.cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const x = ({ cell }) => cell.getBoundingClientRect().left + cell.offsetWidth / 2;
  const nearest = (row, at) => row?.reduce((a, b) => (Math.abs(x(b) - at) < Math.abs(x(a) - at) ? b : a));
  const clamp = (at) => rows[Math.min(rows.length - 1, Math.max(0, at))];

  map.addEventListener("focusin", ({ target }) => {
    const seat = seats.find((one) => one.box === target);
    if (seat && seat !== stop) {
      stop.box.tabIndex = -1;
      stop = seat;
      seat.box.tabIndex = 0;
    }
  });
  map.addEventListener("keydown", (event) => {
    const seat = seats.find((one) => one.box === event.target);
    if (!seat || event.altKey || event.metaKey) return;
    const at = rows.findIndex((row) => row.includes(seat));
    const row = rows[at];
    const place = row.indexOf(seat);
    const all = rows.flat();
    const free = (from, step) => {
      for (let i = from + step; i >= 0 && i < all.length; i += step) if (!all[i].off) return all[i];
    };
    const go = {
      ArrowRight: () => row[place + 1], ArrowLeft: () => row[place - 1],
      ArrowDown: () => nearest(rows[at + 1], x(seat)), ArrowUp: () => nearest(rows[at - 1], x(seat)),
      Home: () => (event.ctrlKey ? all[0] : row[0]), End: () => (event.ctrlKey ? all.at(-1) : row.at(-1)),
      PageDown: () => nearest(clamp(at + 3), x(seat)), PageUp: () => nearest(clamp(at - 3), x(seat)),
      n: () => free(all.indexOf(seat), 1), N: () => free(all.indexOf(seat), -1),
    }[event.key];
    if (go && (event.key.length > 1 || !event.ctrlKey)) {
      event.preventDefault();
      return focus(go());
    }
    if (event.ctrlKey) return;
    const act = { b: best, B: best, l: list, L: list, Escape: leave }[event.key];
    if (act) {
      event.preventDefault();
      return act();
    }
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (seat.off) refuse(seat);
      else {
        seat.box.checked = !seat.box.checked;
        seat.box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  });
  return { focus };
}
