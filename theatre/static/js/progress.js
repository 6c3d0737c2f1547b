// What the worker does while the page is open: asked every other second until the last letter is sent. That all is
// given back is said once.
import { say } from "./say.js";

const EVERY = 2000;

async function look() {
  const shown = document.querySelector("[data-progress=running]");
  if (!shown) return;
  if (!document.hidden && !shown.contains(document.activeElement)) {
    try {
      const answer = await fetch(location.href, { credentials: "same-origin" });
      // nosemgrep: page-read-from-text - the page itself, asked of our own server again
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (answer.ok && fresh) {
        if (fresh.dataset.done && !shown.dataset.done) say(fresh.dataset.said);
        shown.replaceWith(fresh);
      }
    } catch {
      // The next look will tell.
    }
  }
  setTimeout(look, EVERY);
}

setTimeout(look, EVERY);
