// A password field with a button that shows what was typed, and hides it again.
export function reveal() {
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const words = [button.textContent, button.dataset.hide];
    button.hidden = false;
    button.onclick = () => {
      const shown = field.type === "password";
      field.type = shown ? "text" : "password";
      button.textContent = words[Number(shown)];
      button.setAttribute("aria-pressed", String(shown));
    };
    // What is sent is a password again, so that the browser does not keep it among other words.
    field.form?.addEventListener("submit", () => (field.type = "password"));
  }
}
