// The map opens with the whole hall, or as much of it as fits at a size that can be pressed; the button makes seats larger.
const EDGE = 4, CROWDED = 34; // pixels

export function zoomable(map, button, seats, middle) {
  const hall = map.closest("[data-hall]");
  button.hidden = false;
  button.onclick = () => zoom(!map.classList.contains("zoomed"), middle());
  centre(middle());

  function zoom(on, cell) {
    map.classList.toggle("zoomed", on);
    button.setAttribute("aria-pressed", String(on));
    centre(cell);
  }
  // In a hall wider than the screen: your seats in the middle, or what we would take.
  function centre(cell) {
    const box = cell.getBoundingClientRect();
    hall.scrollLeft += box.left + box.width / 2 - hall.getBoundingClientRect().left - hall.clientWidth / 2;
  }

  // A finger between two small seats: we come nearer rather than guess which was meant.
  map.addEventListener("click", (event) => {
    if (event.pointerType !== "touch" || map.classList.contains("zoomed")) return;
    const cell = event.target.closest(".seat");
    if (!cell) return;
    const box = cell.getBoundingClientRect();
    const aside = Math.min(event.clientX - box.left, box.right - event.clientX);
    if (box.width >= CROWDED || aside >= EDGE || !beside(cell, event.clientX > box.left + box.width / 2)) return;
    event.preventDefault();
    zoom(true, cell);
  }, true);

  function beside(cell, right) {
    const seat = seats.find((one) => one.cell === cell);
    return seats.some((one) => one.y === seat.y && one.x === seat.x + (right ? 1 : -1) && !one.off);
  }
}
