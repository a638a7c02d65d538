// What every page does where the browser lets it: it keeps the copy of the bills that static/offline.js shows without
// a connection, and sends no form then.

const COPY = "copy";
const COPY_PAGE = "/faturat/kopja";
const { who } = document.documentElement.dataset;

async function keepCopy() {
  await navigator.serviceWorker.ready;
  const answer = await fetch(COPY_PAGE);
  if (answer.ok && !answer.redirected) await (await caches.open(COPY)).put(COPY_PAGE, answer);
}

async function prepare() {
  await navigator.serviceWorker.register("/offline.js");
  // the log-in page: whoever comes next on this device finds nothing of whoever was here before
  if (who === "nobody") await caches.delete(COPY);
  else if (who === "customer" && location.pathname.startsWith("/faturat")) await keepCopy();
}

if ("serviceWorker" in navigator) prepare().catch(() => {}); // then there is no copy, and nothing else is missing

addEventListener("submit", (event) => {
  if (navigator.onLine) return;
  event.preventDefault();
  const said = document.getElementById("no-connection");
  said.hidden = false;
  said.scrollIntoView({ block: "center" });
});

addEventListener("online", () => {
  document.getElementById("no-connection").hidden = true;
});
