// What every page does where the browser lets it: it keeps the copy of the bills that static/offline.js shows without
// a connection, and sends no form then; and an open + closes where one taps elsewhere.

const AGAIN = 10 * 60 * 1000; // milliseconds until the copy is made anew, if nothing was sent meanwhile
const COPIED = "copied";
const COPY = "copy";
const COPY_PAGE = "/faturat/kopja";
const { who } = document.documentElement.dataset;

async function keepCopy() {
  await navigator.serviceWorker.ready;
  const age = Date.now() - Number(sessionStorage.getItem(COPIED));
  if (age >= 0 && age < AGAIN && (await caches.match(COPY_PAGE, { cacheName: COPY }))) return;
  const answer = await fetch(COPY_PAGE);
  if (!answer.ok || answer.redirected) return;
  await (await caches.open(COPY)).put(COPY_PAGE, answer);
  sessionStorage.setItem(COPIED, String(Date.now()));
}

async function prepare() {
  await navigator.serviceWorker.register("/offline.js");
  // the log-in page: whoever comes next on this device finds nothing of whoever was here before
  if (who === "nobody") await caches.delete(COPY);
  else if (who === "customer" && location.pathname.startsWith("/faturat")) await keepCopy();
}

if ("serviceWorker" in navigator) prepare().catch(() => {}); // then there is no copy, and nothing else is missing

addEventListener("submit", (event) => {
  if (navigator.onLine) {
    if (event.target.method === "post") sessionStorage.removeItem(COPIED); // a payment, say: the copy is another now
    return;
  }
  event.preventDefault();
  const said = document.getElementById("no-connection");
  said.hidden = false;
  said.scrollIntoView({ block: "center" });
});

addEventListener("online", () => {
  document.getElementById("no-connection").hidden = true;
});

addEventListener("click", (event) => {
  const open = document.querySelector(".plus[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
