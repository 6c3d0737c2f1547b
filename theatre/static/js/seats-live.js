// Seats that go while the page is open: told by a stream, asked for when there is none, said politely and in batches.
import { relabel } from "./seats-label.js";

const EVERY = 5000, AGAIN = 60000, QUIET = 15000, GATHER = 1000, JUST = 8000;
const LOOK = { held: "is-held", sold: "is-sold", blocked: "is-off" };

export function follow(seats, { say, words, redraw, moved, focus }) {
  // Seats of a booking that is being changed are sold to whoever looks: what is told of them is nothing new.
  const byId = new Map(seats.filter(({ id }) => !words.own.includes(id)).map((seat) => [seat.id, seat]));
  const list = new Intl.ListFormat(document.documentElement.lang);
  let source = null, polling = 0, etag = "", asking = null, meanwhile = [];
  let gone = new Set(), suggestion = "", timer = 0, spoken = -QUIET;
  for (const seat of seats) seat.mine = seat.box.getAttribute("aria-label").includes(`, ${words.states.yours}`);

  // The stream tells what strangers see. It is closed while nobody looks: a browser has few connections to a house.
  function open() {
    if (document.hidden || source) return;
    source = new EventSource(words.live);
    source.onopen = () => clearInterval(polling);
    source.onerror = () => {
      poll();
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      setTimeout(open, AGAIN);
    };
    source.addEventListener("all", ({ data }) => hear(JSON.parse(data), true));
    source.addEventListener("some", ({ data }) => hear(JSON.parse(data), false));
    source.addEventListener("show", changed);
  }
  function close() {
    source?.close();
    source = null;
    clearInterval(polling);
  }
  function poll() {
    clearInterval(polling);
    polling = setInterval(ask, EVERY);
  }

  function hear(told, whole) {
    if (words.staff) return ask();
    if (asking) meanwhile.push([told, whole]);
    const now = new Map(Object.entries(told.seats).flatMap(([state, ids]) => ids.map((id) => [id, state])));
    const states = whole ? [...byId.values()].map((seat) => [seat, now.get(seat.id) ?? "free"]) : [...now].map(([id, state]) => [byId.get(id), state]);
    const ours = ([seat, state]) => seat && state !== "free" && (seat.box.checked || seat.mine);
    apply(states.filter((each) => !ours(each)), told.free);
    if (states.some(ours)) ask();
  }

  // What is mine only the answer to me says. What was heard while it was on its way is newer.
  async function ask() {
    if (document.hidden) return;
    if (asking) return void (asking.again = true);
    const question = asking = { again: false };
    try {
      const answer = await fetch(words.list, { headers: etag ? { "If-None-Match": etag } : {}, credentials: "same-origin" });
      if (answer.status === 200) {
        const now = (await answer.json()).seats;
        etag = answer.headers.get("ETag") ?? "";
        apply(now.map(({ id, state }) => [byId.get(id), state]), now.filter(({ state }) => state === "free").length);
      }
    } catch {
      poll();
    }
    asking = null;
    for (const [told, whole] of meanwhile.splice(0)) hear(told, whole);
    if (question.again) ask();
  }

  function apply(states, left) {
    const lost = [], rows = new Map();
    let tip = false, any = false;
    for (const [seat, state] of states) {
      if (!seat) continue;
      seat.mine = state === "yours";
      const off = state !== "free" && state !== "yours";
      if (off === seat.off && (!off || seat.cell.classList.contains(LOOK[state]))) continue;
      any = true;
      if (!rows.has(seat.y)) rows.set(seat.y, free(seat.y));
      if (off && !seat.off) {
        gone.add(seat);
        if (seat.box.checked) lost.push(seat);
        tip ||= seat.cell.classList.contains("is-tip");
      }
      show(seat, state, off);
    }
    const count = document.querySelector("[data-free]");
    if (count) count.textContent = words.free.replace("{free}", left).replace("{of}", count.dataset.of);
    if (!any) return;
    for (const [y, before] of rows) rename(y, before);
    if (lost.length) alert(lost);
    // What we would take is gone, or everything that was chosen: another suggestion.
    if (tip || (lost.length && !seats.some((one) => one.box.checked))) {
      moved().then((sentence) => {
        suggestion = sentence;
        soon(left);
      });
    }
    redraw();
    soon(left);
  }

  function show(seat, state, off) {
    seat.off = off;
    seat.cell.classList.remove("is-tip", "is-just", ...Object.values(LOOK));
    relabel(seat, words.states, state);
    if (!off) return seat.box.removeAttribute("aria-disabled");
    seat.cell.classList.add(LOOK[state]);
    seat.box.checked = false;
    seat.box.setAttribute("aria-disabled", "true");
    if (state !== "sold") return;
    seat.cell.classList.add("is-just");
    relabel(seat, words.states, "just");
    setTimeout(() => {
      if (!seat.cell.classList.contains("is-just")) return;
      seat.cell.classList.remove("is-just");
      relabel(seat, words.states, "sold");
    }, JUST);
  }

  // The row's name ends in how many of it are free.
  const free = (y) => seats.filter((seat) => seat.y === y && !seat.off).length;
  function rename(y, before) {
    const row = seats.filter((seat) => seat.y === y);
    const name = row[0].cell.parentElement.querySelector("[data-name] .vh");
    const said = (number) => words.rowFree.replace("{free}", number).replace("{all}", row.length);
    name.textContent = name.textContent.replace(said(before), said(free(y)));
  }

  // At most one polite message in fifteen seconds, with all that came together.
  function soon(left) {
    soon.left = left;
    if (!timer && (gone.size || suggestion)) timer = setTimeout(tell, Math.max(GATHER, spoken + QUIET - Date.now()));
  }
  function tell() {
    timer = 0;
    const off = [...gone].filter((seat) => seat.off), rows = [...new Set(off.map((seat) => seat.row))];
    const sentence = off.length === 1 ? words.goneOne : rows.length === 1 ? words.goneRow : words.gone;
    const told = off.length ? sentence.replace("{n}", off.length).replace("{rows}", list.format(rows)).replace("{left}", soon.left) : "";
    if (told || suggestion) {
      say([told, suggestion].filter(Boolean).join(" "));
      spoken = Date.now();
    }
    gone = new Set();
    suggestion = "";
  }

  // A chosen seat was lost: said at once, with the free one beside it if there is one.
  function alert(lost) {
    const beside = lost.flatMap((seat) => seats.filter((one) => one.y === seat.y && Math.abs(one.x - seat.x) === 1))
      .find((one) => !one.off && !one.box.checked && one.kind !== "wheelchair" && one.kind !== "companion");
    const said = (lost.length > 1 ? words.lostMany : words.lost).replace("{seat}", list.format(lost.map((one) => one.label)));
    if (!beside) return notice(said);
    const take = Object.assign(document.createElement("button"), { type: "button", textContent: words.takeOne.replace("{seat}", beside.label) });
    const note = notice(`${said} ${words.beside.replace("{seat}", beside.label)}`, take);
    take.onclick = () => {
      note.remove();
      focus(beside);
      if (!beside.off && !beside.box.checked) beside.box.click();
    };
  }
  function changed() {
    const look = Object.assign(document.createElement("a"), { href: location.href, textContent: words.look });
    notice(words.changed, look);
    for (const go of document.querySelectorAll("[data-go]")) go.disabled = true;
    close();
  }
  function notice(said, press) {
    document.getElementById("lost")?.remove();
    const note = document.querySelector("[data-notice]").content.firstElementChild.cloneNode(true);
    note.id = "lost";
    const body = note.querySelector("div");
    body.textContent = said;
    if (press) {
      press.className = "btn btn-s";
      body.append(document.createElement("br"), press);
    }
    document.querySelector("[data-seats]").before(note);
    return note;
  }

  function back() {
    ask();
    open();
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : back()));
  addEventListener("pagehide", close);
  addEventListener("pageshow", ({ persisted }) => persisted && back());
  open();
}
