// Seats that go while the page is open: asked every few seconds, told politely and in batches.
import { relabel } from "./seats-label.js";

const EVERY = 5000, QUIET = 15000;
const LOOK = { held: "is-held", sold: "is-sold", blocked: "is-off" };

export function follow(url, seats, { say, words, redraw, moved }) {
  const byId = new Map(seats.map((seat) => [seat.id, seat]));
  let etag = "", gone = [], spoken = 0;

  async function ask() {
    if (document.hidden) return;
    let answer;
    try {
      answer = await fetch(url, { headers: etag ? { "If-None-Match": etag } : {}, credentials: "same-origin" });
    } catch {
      return;
    }
    if (answer.status !== 200) return;
    etag = answer.headers.get("ETag") ?? "";
    apply((await answer.json()).seats);
  }

  function apply(now) {
    let left = 0, lost = [], tip = false, changed = false;
    for (const { id, state } of now) {
      const seat = byId.get(id);
      if (!seat) continue;
      if (state === "free") left++;
      const off = state !== "free" && state !== "yours";
      if (off === seat.off && (!off || seat.cell.classList.contains(LOOK[state]))) continue;
      changed = true;
      if (off && !seat.off) {
        gone.push(seat);
        if (seat.box.checked) lost.push(seat);
        tip ||= seat.cell.classList.contains("is-tip");
      }
      show(seat, state, off);
    }
    if (!changed) return;
    const free = document.querySelector("[data-free]");
    if (free) free.textContent = words.free.replace("{free}", left).replace("{of}", free.dataset.of);
    if (lost.length) alert(lost, byId);
    // What we would take is gone, or everything that was chosen: another suggestion.
    if (tip || (lost.length && !seats.some((one) => one.box.checked))) moved();
    redraw();
    if (gone.length && Date.now() - spoken > QUIET && !lost.length) {
      say(words.gone.replace("{n}", gone.length).replace("{rows}", [...new Set(gone.map((seat) => seat.row))].join(", ")).replace("{left}", left));
      gone = [];
      spoken = Date.now();
    }
  }

  function show(seat, state, off) {
    seat.off = off;
    seat.cell.classList.remove("is-tip", "is-just", ...Object.values(LOOK));
    if (off) {
      seat.cell.classList.add(LOOK[state]);
      if (state === "sold") {
        seat.cell.classList.add("is-just");
        setTimeout(() => seat.cell.classList.remove("is-just"), 8000);
      }
      seat.box.checked = false;
      seat.box.setAttribute("aria-disabled", "true");
    } else seat.box.removeAttribute("aria-disabled");
    relabel(seat, words.states, state);
  }

  // A chosen seat was lost: said at once, with the free one beside it if there is one.
  function alert(lost, all) {
    const seat = lost[0];
    const beside = [...all.values()].find((one) => one.y === seat.y && Math.abs(one.x - seat.x) === 1 && !one.off && !one.box.checked);
    const note = document.createElement("div");
    note.className = "notice is-error";
    note.setAttribute("role", "alert");
    const body = document.createElement("div");
    const names = new Intl.ListFormat(document.documentElement.lang).format(lost.map((one) => one.label));
    body.textContent = (lost.length > 1 ? words.lostMany : words.lost).replace("{seat}", names) + (beside ? ` ${words.beside.replace("{seat}", beside.label)}` : "");
    note.append(body);
    if (beside) {
      const take = document.createElement("button");
      take.className = "btn btn-s";
      take.type = "button";
      take.textContent = words.takeOne.replace("{seat}", beside.label);
      take.onclick = () => {
        beside.box.checked = true;
        beside.box.dispatchEvent(new Event("change", { bubbles: true }));
        note.remove();
      };
      body.append(document.createElement("br"), take);
    }
    document.querySelector("[data-seats]").before(note);
  }

  setInterval(ask, EVERY);
  document.addEventListener("visibilitychange", ask);
}
