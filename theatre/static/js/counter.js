// The counter is a keyboard instrument: a digit picks what stands beside it, unless somebody is typing.
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, button, a, summary")) return;
  const go = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!go) return;
  event.preventDefault();
  go.click();
});
