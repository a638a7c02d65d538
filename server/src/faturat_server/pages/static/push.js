// Turning notices on in this browser. It asks for permission only after a tap; where it cannot, the page says why.
// The page knows each device by a digest of its endpoint: only the browser itself can tell that it is one of them.

const form = document.getElementById("push");

function show(state) {
  for (const part of form.querySelectorAll("[data-push]")) {
    part.hidden = part.dataset.push !== state && !(state === "failed" && part.dataset.push === "off");
  }
}

function base64url(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function markOf({ endpoint }) {
  const digest = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(endpoint)));
  return document.querySelector(`[data-browser="${digest}"]`);
}

// the server may have another key since; not every browser says which one it subscribed with
function hasOurKey({ options }) {
  return !options?.applicationServerKey || base64url(options.applicationServerKey) === form.dataset.key;
}

async function begin() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return; // as without us
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (Notification.permission === "denied") return show("denied");
  const mark = known && (await markOf(known));
  if (!mark) return show("off"); // never turned on, or removed at the server
  if (!hasOurKey(known)) return turnOn();
  mark.hidden = false;
  show("here");
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old) {
    form.elements.before.value = old.endpoint;
    await old.unsubscribe(); // perhaps of another key, or no more at its push service
  }
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key });
  const { endpoint, keys } = made.toJSON();
  form.elements.endpoint.value = endpoint;
  for (const name of ["p256dh", "auth"]) form.elements[name].value = keys[name];
  form.submit();
}

if (form) {
  begin().catch(() => show("failed"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turnOn().catch(() => show("failed"));
  });
}
