// Have the device keep a copy of the tickets to come, for when there is no network.
const note = document.getElementById("kept");

if ("serviceWorker" in navigator && note) {
  navigator.serviceWorker.addEventListener("message", (event) => {
    note.hidden = !event.data.kept;
  });
  await navigator.serviceWorker.register("/worker.js");
  (await navigator.serviceWorker.ready).active.postMessage("keep tickets");
}
