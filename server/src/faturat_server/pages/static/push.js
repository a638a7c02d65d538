// Turning notices on in this browser. It asks for permission only after a tap; where it cannot, the page says why.

const form = document.getElementById("push");

function show(state) {
  for (const part of form.querySelectorAll("[data-push]")) {
    part.hidden = part.dataset.push !== state && !(state === "failed" && part.dataset.push === "off");
  }
}

async function begin() {
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return; // as without us
  const { pushManager } = await navigator.serviceWorker.ready;
  const known = await pushManager.getSubscription();
  if (Notification.permission === "denied") show("denied");
  else show(known && document.querySelector(".line form") ? "here" : "off");
}

async function turnOn() {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  if (old) await old.unsubscribe(); // perhaps of another key
  const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: form.dataset.key });
  const { endpoint, keys } = made.toJSON();
  form.elements.endpoint.value = endpoint;
  for (const name of ["p256dh", "auth"]) form.elements[name].value = keys[name];
  form.submit();
}

if (form) {
  begin();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    turnOn().catch(() => show("failed"));
  });
}
