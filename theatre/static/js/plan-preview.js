// What a form would make, shown while somebody types: the server is asked for the same preview that its button gives.
const form = document.querySelector("[data-live]");
const place = document.querySelector(form.dataset.live);
const PAUSE = 250; // milliseconds after the last key
const SLOW = 400; // after which a word says that it is on its way
let waiting = 0;
let asking = null;

async function show() {
  asking?.abort();
  const asked = (asking = new AbortController());
  place.setAttribute("aria-busy", "true");
  const slow = setTimeout(() => (place.dataset.saying = form.dataset.saying), SLOW);
  const body = new FormData(form);
  body.set("preview", "1");
  body.set("fragment", "1");
  try {
    const answer = await fetch(location.href, { method: "POST", body, signal: asked.signal });
    // nosemgrep: markup-from-text - drawn and escaped by our own server, and the page runs no script of its own
    if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
  } catch {
    // Without an answer the last preview stays; the button asks again.
  }
  clearTimeout(slow);
  if (asked !== asking) return;
  place.removeAttribute("aria-busy");
  delete place.dataset.saying;
}

form.addEventListener("input", (event) => {
  if (event.target.closest("[data-editor]")) return;
  clearTimeout(waiting);
  waiting = setTimeout(show, PAUSE);
});
