// Below a list of invoices: how many are marked, and what they come to. The text keeps its height, so that nothing moves.

{
  const said = document.querySelector("#choice p");
  const usual = said.textContent;
  // as the server writes amounts: Albanian's own grouping, by a space, is not in use there
  const amounts = new Intl.NumberFormat(document.documentElement.lang === "sq" ? "de" : "en", { minimumFractionDigits: 2 });

  function count() {
    const sums = {};
    const marked = document.querySelectorAll(".pick :checked");
    for (const { dataset } of marked) sums[dataset.currency] = (sums[dataset.currency] ?? 0) + Number(dataset.total);
    const totals = Object.entries(sums).map(([currency, sum]) => `${amounts.format(sum / 100)} ${currency}`);
    said.style.minHeight = `${said.offsetHeight}px`;
    said.textContent = marked.length ? [said.dataset.chosen.replace("#", marked.length), ...totals].join(" · ") : usual;
  }

  addEventListener("change", count);
  addEventListener("pageshow", count);
}
