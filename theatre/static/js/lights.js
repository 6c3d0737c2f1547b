// House lights change at once; the server keeps the choice in its cookie.
export function lights() {
  const form = document.querySelector("[data-lights]");
  form?.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const theme = button.value;
    if (theme === "device") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const other of form.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", String(other === button));
    const shown = document.querySelector(`[popovertarget=${form.id}] use`);
    shown?.setAttribute("href", button.querySelector("use").getAttribute("href"));
    form.hidePopover?.();
    const data = new FormData(form, button);
    await fetch(form.action, { method: "POST", body: data, redirect: "manual" }).catch(() => form.submit());
  });
}
