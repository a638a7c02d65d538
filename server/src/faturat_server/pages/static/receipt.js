// A receipt's page with JavaScript: print it, and share its PDF where the browser can. Without, the PDF can be downloaded.

const pdf = document.querySelector("a[download]");
const print = document.querySelector("[data-print]");
const share = document.querySelector("[data-share]");

print.hidden = false;
print.addEventListener("click", () => window.print());

const example = new File([""], "a.pdf", { type: "application/pdf" });
if (navigator.canShare?.({ files: [example] })) {
  share.hidden = false;
  share.addEventListener("click", shareFile);
}

async function shareFile() {
  const answer = await fetch(pdf.href).catch(() => null);
  const type = answer?.headers.get("Content-Type");
  if (!answer?.ok || type !== "application/pdf") {
    location.assign(pdf.href); // whoever is no longer logged in sees the log-in, everybody else what is wrong
    return;
  }
  const file = new File([await answer.blob()], pdf.download, { type });
  await navigator.share({ files: [file] }).catch((error) => {
    if (error.name !== "AbortError") location.assign(pdf.href); // not shared: at least it is downloaded
  });
}
