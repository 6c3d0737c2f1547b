// A seat's label ends in its state: "Row F seat 7, Premium, €14, available. Aisle seat".
export function relabel(seat, states, state) {
  const label = seat.box.getAttribute("aria-label");
  const known = Object.values(states).sort((a, b) => b.length - a.length).find((word) => label.includes(`, ${word}`));
  if (known) seat.box.setAttribute("aria-label", label.replace(`, ${known}`, `, ${states[state]}`));
}
