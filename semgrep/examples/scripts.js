// What each rule of scripts.yml finds, and what it lets through. Nothing here is ever run.

function show(list, text) {
  // ruleid: markup-from-text
  list.innerHTML = `<li>${text}</li>`;
  // ok: markup-from-text
  list.textContent = text;
}

function read(text) {
  // ruleid: page-read-from-text
  return new DOMParser().parseFromString(text, "text/html");
}

function readData(text) {
  // ok: page-read-from-text
  return JSON.parse(text);
}

function later(look) {
  // ruleid: text-as-code
  setTimeout("look()", 1000);
  // ok: text-as-code
  setTimeout(look, 1000);
}

function lead(button) {
  const asked = new URLSearchParams(location.search);
  // ruleid: address-from-the-page
  location.href = asked.get("next");
  // ok: address-from-the-page
  location.href = button.dataset.href;
}

function remember(token) {
  // ruleid: secret-kept-in-the-browser
  localStorage.setItem("token", token);
  // ok: secret-kept-in-the-browser
  document.documentElement.dataset.theme = "dark";
}

function tell(other) {
  // ruleid: message-to-any-window
  other.postMessage("sold", "*");
  // ok: message-to-any-window
  other.postMessage("sold", location.origin);
}

async function ask() {
  // ruleid: address-of-somebody-elses-server
  await fetch("https://elsewhere.example/seats");
  // ok: address-of-somebody-elses-server
  await fetch("/shows/1/seats.json");
}
