// Answers when there is no network. Served from /worker.js.
//
// It keeps the page that says so, and of one person, on this device alone, the tickets to come. Those go with
// the first press that signs somebody in or out, and when the house no longer knows the session.
const HOUSE = "house-1";
const MINE = "tickets-1";
const OFFLINE = "/offline/";
const TICKETS = "/tickets/offline/";
const ENDS = ["/account/sign-out/", "/account/sign-in/", "/account/delete/"];
const THEIRS = /^\/(tickets|bookings)\//;
const FILES = /(?:href|src)="(\/static\/[^"#]+)/g;
let emptied = 0;

async function keep(name, address, still = () => true) {
  const page = await fetch(address, { redirect: "manual", cache: "no-store" });
  if (page.status !== 200 || !still()) return false;
  const files = [...(await page.clone().text()).matchAll(FILES)].map((found) => found[1]);
  const cache = await caches.open(name);
  await cache.addAll([...new Set(files)]);
  await cache.put(address, page);
  if (still()) return true;
  await caches.delete(name);
  return false;
}

function empty() {
  emptied += 1;
  return caches.delete(MINE);
}

async function keepTickets() {
  const before = emptied;
  const kept = await keep(MINE, TICKETS, () => before === emptied);
  if (!kept) await caches.delete(MINE);
  return kept;
}

async function page(event) {
  const path = new URL(event.request.url).pathname;
  try {
    const answer = (await event.preloadResponse) || (await fetch(event.request));
    if (path === "/tickets/" && answer.type === "opaqueredirect") await empty();
    return answer;
  } catch {
    const mine = THEIRS.test(path) && (await caches.match(TICKETS, { cacheName: MINE }));
    return mine || (await caches.match(OFFLINE, { cacheName: HOUSE })) || Response.error();
  }
}

addEventListener("install", (event) => event.waitUntil(keep(HOUSE, OFFLINE).then(() => skipWaiting())));

addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name !== HOUSE && name !== MINE) await caches.delete(name);
      await registration.navigationPreload?.enable();
      await clients.claim();
    })(),
  ),
);

addEventListener("message", (event) => {
  if (event.data === "keep tickets") event.waitUntil(keepTickets().then((kept) => event.source.postMessage({ kept })));
});

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== location.origin) return;
  if (method === "POST" && ENDS.includes(pathname)) event.waitUntil(empty());
  else if (method === "GET" && mode === "navigate") event.respondWith(page(event));
  else if (method === "GET" && pathname.startsWith("/static/"))
    event.respondWith(fetch(event.request).catch(async () => (await caches.match(event.request)) || Response.error()));
});
