// The sun counts the minutes to the next show while the page is open.
export function countdown() {
  const sun = document.querySelector("[data-sun][data-starts]");
  if (!sun) return;
  const starts = Date.parse(sun.dataset.starts);
  const tick = () => {
    const left = Math.floor((starts - Date.now()) / 60000);
    if (left >= 0 && left <= 180) sun.textContent = String(left);
  };
  if (/^\d+$/.test(sun.textContent)) setInterval(tick, 10000);
}
