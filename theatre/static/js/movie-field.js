// A movie is found by typing: the server is asked for titles that fit, and they are offered under the field.
const field = document.querySelector("[data-movies]");
const address = field?.form.dataset.moviesAt;
const list = field?.list;
let waiting = 0;
let asked = field?.value;

async function offer() {
  const typed = field.value;
  if (typed === asked) return;
  asked = typed;
  try {
    const answer = await fetch(`${address}?${new URLSearchParams({ find: typed })}`);
    if (!answer.ok) return;
    const { movies } = await answer.json();
    if (typed !== field.value) return;
    list.replaceChildren(...movies.map((title) => Object.assign(document.createElement("option"), { value: title })));
  } catch {
    // Without an answer the title is typed to its end; the form finds it.
  }
}

field?.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(offer, 150);
});
