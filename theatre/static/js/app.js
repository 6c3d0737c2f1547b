// What every page may use; each part does nothing where its element is missing. All pages work without it.
import { countdown } from "./countdown.js";
import { holdTimers } from "./hold.js";
import { lights } from "./lights.js";
import { reveal } from "./reveal.js";

lights();
countdown();
holdTimers();
reveal();

// A refused form: its summary is read first.
document.querySelector("[data-focus]")?.focus();

// A form is sent once: the button says that it is at work.
addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) return event.preventDefault();
  event.target.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy=true]")) button.removeAttribute("aria-busy");
});

// Toasts stay until they are dismissed.
for (const notice of document.querySelectorAll(":is(.toasts, .said) .notice")) {
  const close = document.createElement("button");
  close.className = "ib";
  close.type = "button";
  close.textContent = "×";
  close.setAttribute("aria-label", "Dismiss");
  close.onclick = () => notice.remove();
  notice.append(close);
}
