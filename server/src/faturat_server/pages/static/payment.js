// A payment's page follows it without being loaded again: first each second, then less often, until the payment ends.
// That of several is read again for as long as it says so.

const FIRST = 1000;
const LAST = 10000;

const watched = document.querySelector("[data-watch]");

async function follow(address, version) {
  for (let wait = FIRST; ; wait = Math.min(wait * 1.5, LAST)) {
    await new Promise((resume) => setTimeout(resume, wait));
    if (document.hidden) continue;
    const state = await ask(address);
    if (state === null || state.version === version) continue;
    if (!(await show())) continue;
    if (state.ended) return;
    version = state.version;
    wait = FIRST;
  }
}

// null where there is no answer, or whoever looks is no longer logged in
async function ask(address) {
  try {
    const answer = await fetch(address);
    if (answer.redirected) location.reload();
    return answer.ok && !answer.redirected ? await answer.json() : null;
  } catch {
    return null;
  }
}

async function show() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const now = page.querySelector(`[data-live="${part.dataset.live}"]`);
    if (now && now.innerHTML !== part.innerHTML) part.replaceChildren(...now.childNodes);
  }
  return true;
}

async function readAgain() {
  for (let wait = FIRST; document.querySelector("[data-again]"); wait = Math.min(wait * 1.5, LAST)) {
    await new Promise((resume) => setTimeout(resume, wait));
    if (!document.hidden) await show();
  }
}

readAgain();
if (watched) follow(watched.dataset.watch, Number(watched.dataset.version));
