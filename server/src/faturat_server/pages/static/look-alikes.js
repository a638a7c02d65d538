// Warns of a number that looks like another one while it is typed, by the patterns that its company's plugin gave.
// The server says the same once more when the form is sent.

function plain(input) {
  const { ignore, uppercase } = input.dataset;
  const seen = input.value.replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "").normalize("NFKC");
  const dashed = seen.replace(/[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g, "-");
  const signs = [...dashed].filter((sign) => sign.trim() && !ignore.includes(sign));
  return uppercase === undefined ? signs.join("") : signs.join("").toUpperCase();
}

function compile(whole) {
  try {
    return new RegExp(whole, "v");
  } catch {
    return new RegExp(whole); // a browser that is older than the flag
  }
}

function looksLike(pattern, value) {
  try {
    return compile(`^(?:${pattern})$`).test(value);
  } catch {
    return false; // of a plugin that never met the conformance kit
  }
}

function warn(input) {
  const value = plain(input);
  for (const warning of input.parentElement.querySelectorAll("[data-pattern]")) {
    warning.hidden = !looksLike(warning.dataset.pattern, value);
  }
}

for (const input of document.querySelectorAll("[data-ignore]")) {
  input.addEventListener("input", () => warn(input));
}
