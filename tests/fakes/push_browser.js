// What a browser with a push service does, which no browser without a window has. It keeps its subscription as a real
// one does, until it is told to give it up; a person let the page show notices.
(({ origin, keys }) => {
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
  const read = (name) => JSON.parse(localStorage.getItem(name));
  const subscription = ({ endpoint, key }) => ({
    endpoint,
    options: { applicationServerKey: bytes(key).buffer },
    toJSON: () => ({ endpoint, keys }),
    unsubscribe: async () => (localStorage.removeItem("subscription"), true),
  });
  Object.defineProperty(Notification, "permission", { get: () => "granted" });
  Notification.requestPermission = async () => "granted";
  PushManager.prototype.getSubscription = async () => {
    const kept = read("subscription");
    return kept && subscription(kept);
  };
  PushManager.prototype.subscribe = async ({ applicationServerKey }) => {
    if (read("subscription")) throw new DOMException("of another key", "InvalidStateError");
    const made = (read("made") ?? 0) + 1;
    const kept = { endpoint: `${origin}/push/${made}`, key: applicationServerKey };
    localStorage.setItem("made", made);
    localStorage.setItem("subscription", JSON.stringify(kept));
    return subscription(kept);
  };
})
