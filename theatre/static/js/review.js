// The review and the counter's sale answer at once: a coupon or an age group is asked of the server, and the parts of
// its page that say something else now take their places. Without this, the same forms load the page.
import { say } from "./say.js";

addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-live]")) ask(event, `${form.action}?${new URLSearchParams(new FormData(form))}`);
}, true);
addEventListener("click", (event) => {
  const link = event.target.closest("a[data-live-press]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) ask(event, link.href);
});
addEventListener("change", ({ target }) => {
  if (target.matches("select[data-live]")) show(target.dataset.live, { method: "POST", body: new FormData(target.form) });
});
quiet();

// The button is for those without JavaScript: a changed age group asks by itself, and Enter is for paying.
function quiet() {
  for (const button of document.querySelectorAll("[data-update]")) button.remove();
}

function ask(event, address) {
  event.preventDefault();
  show(address, { headers: { Accept: "text/html" } });
}

async function show(address, how) {
  const parts = document.querySelectorAll("[data-swap]");
  const wait = setTimeout(() => parts.forEach((part) => part.setAttribute("aria-busy", "true")), 400);
  let answer, page;
  try {
    answer = await fetch(address, how);
    // nosemgrep: page-read-from-text - the page itself, asked of our own server again
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return location.reload();
  } finally {
    clearTimeout(wait);
  }
  // The hold is over, or somebody signed out elsewhere: another page has to be read.
  if (!page.getElementById("order-side")) return location.assign(answer.url);
  const focused = document.activeElement?.id;
  const within = document.activeElement?.closest("[data-swap]")?.id;
  for (const part of parts) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceWith(fresh);
  }
  quiet();
  history.replaceState(null, "", answer.url);
  // What was pressed may be gone: the focus stays in its place, at what was answered.
  const here = (focused && document.getElementById(focused)) || document.getElementById(within)?.querySelector("input[aria-invalid=true], a, summary, button");
  here?.focus({ preventScroll: true });
  const wrong = document.querySelector("#coupon .error, #problem .notice");
  say(wrong?.textContent.trim() || document.querySelector("#order-side .total")?.innerText.replace(/\s+/g, " "));
}
