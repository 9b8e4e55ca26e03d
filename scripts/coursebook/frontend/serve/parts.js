// What blocks of a slide are made of, and leaving some of it, to try where a slide could be split.

/** Name what a child of the body is made of, in order: items, rows, cells of a grid; or nothing. */
export function parts(child) {
  if (child.matches("ul, ol")) return [...child.children].map((item) => [item]);
  if (child.matches("dl")) {
    const groups = [];
    for (const one of child.children) {
      if (one.localName === "dt" && one.previousElementSibling?.localName !== "dt") groups.push([]);
      groups.at(-1)?.push(one);
    }
    return groups;
  }
  if (child.matches(".sd-container-fluid")) return [...child.querySelectorAll(":scope > .sd-row > *")].map((cell) => [cell]);
  const table = child.matches("table") ? child : child.querySelector(":scope > table");
  return table ? [...table.querySelectorAll(":scope > tbody > tr")].map((row) => [row]) : [];
}

/** Leave some of the parts of a child of the body; of code, some of its lines. */
export function keepParts(child, from, to) {
  const pre = child.querySelector("pre");
  const made = parts(child);
  if (made.length === 0 && pre) {
    keepLines(pre, from, to);
    return;
  }
  made.forEach((ones, number) => {
    if (number < from || number >= to) for (const one of ones) one.remove();
  });
}

/** Cut a block of code down to some of its lines, and keep its colours. */
function keepLines(pre, from, to) {
  const ends = []; // [text, offset behind the line's end]
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  for (let text = walker.nextNode(); text; text = walker.nextNode()) {
    for (let at = text.data.indexOf("\n"); at >= 0; at = text.data.indexOf("\n", at + 1)) ends.push([text, at + 1]);
  }
  const range = document.createRange();
  range.selectNodeContents(pre);
  if (ends[to - 1]) {
    range.setStart(...ends[to - 1]);
    range.deleteContents();
  }
  if (from > 0 && ends[from - 1]) {
    range.selectNodeContents(pre);
    range.setEnd(...ends[from - 1]);
    range.deleteContents();
  }
}
