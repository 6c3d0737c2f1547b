// The best seats together: the same order as the server's rule (rules/bestseats.py), for the answer at once.
const ROW = 1.3, ORPHAN = 4, MIXED = 2, VIEW = 6;

export function bestSeats(seats, number) {
  const xs = seats.map((seat) => seat.x);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const rows = Math.max(...seats.map((seat) => seat.y));
  const sweet = (2 * rows) / 3;
  const free = (seat) => !seat.off && seat.kind !== "wheelchair" && seat.kind !== "companion";
  let best = null;
  for (const block of blocks(seats, free)) {
    for (let start = 0; start + number <= block.length; start++) {
      const run = block.slice(start, start + number);
      const orphans = (start === 1) + (block.length - start - number === 1);
      const cost = Math.abs((run[0].x + run.at(-1).x) / 2 - middle) + ROW * Math.abs(run[0].y - sweet)
        + (new Set(run.map((seat) => seat.kind)).size > 1 ? MIXED : 0) + VIEW * run.filter((seat) => seat.view).length
        + ORPHAN * orphans;
      const key = [orphans > 0 ? 1 : 0, cost, run[0].y, run[0].x];
      if (!best || less(key, best.key)) best = { key, run };
    }
  }
  return best?.run ?? null;
}

function* blocks(seats, free) {
  let block = [];
  for (const seat of seats) {
    const last = block.at(-1);
    if (last && (!free(seat) || seat.y !== last.y || seat.x !== last.x + 1)) {
      yield block;
      block = [];
    }
    if (free(seat)) block.push(seat);
  }
  if (block.length) yield block;
}

function less(a, b) {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] < b[i];
  return false;
}
