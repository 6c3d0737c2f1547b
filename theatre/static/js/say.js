// Politely tell those who listen, at most one message at a time.
const region = document.getElementById("say");
let timer = 0;

export function say(words) {
  if (!region) return;
  clearTimeout(timer);
  region.textContent = "";
  timer = setTimeout(() => (region.textContent = words), 60);
}
