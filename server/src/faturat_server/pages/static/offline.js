// The service worker. It shows the notices that are pushed to this device. Where a page cannot be loaded it shows the copy of the bills, else a page that says so.
// Of what the server sends it keeps nothing but FILES (named by the hash of their content) and that page;
// what is sent to the server it leaves alone, so that nothing is sent late or twice.

const KEPT = `files ${FILES.join(" ")}`;
const COPY = "copy";
const COPY_PAGE = "/faturat/kopja";
const NO_CONNECTION = "/pa-lidhje";

addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([...FILES, NO_CONNECTION])));
});

addEventListener("activate", (event) => event.waitUntil(takeOver()));

addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { pathname } = new URL(url);
  if (method === "POST" && pathname === "/dil") event.waitUntil(caches.delete(COPY));
  if (method !== "GET") return;
  if (mode === "navigate") event.respondWith(fetch(event.request).catch(withoutConnection));
  else if (pathname.startsWith("/static/")) event.respondWith(file(event.request));
});

// a notice; one that comes twice has the same id, and is shown once
addEventListener("push", (event) => {
  const { id, title, body, path } = event.data.json();
  event.waitUntil(registration.showNotification(title, { body, tag: id, data: path, icon: "/static/icon-192.png" }));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});

async function takeOver() {
  const old = (await caches.keys()).filter((name) => name !== KEPT && name !== COPY);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function file(request) {
  const kept = await caches.match(request);
  // the copy may ask for what an older worker kept
  return kept ?? fetch(request).catch(async () => (await caches.match(request, { ignoreSearch: true })) ?? Response.error());
}

async function withoutConnection() {
  const copy = await caches.match(COPY_PAGE, { cacheName: COPY });
  if (copy && Date.parse(copy.headers.get("expires")) > Date.now()) return copy;
  await caches.delete(COPY);
  return caches.match(NO_CONNECTION);
}
