// What blocks of a slide are made of, and leaving some of it, to try where a slide could be split.
// The deck's builder takes blocks apart in the same way (`sphinx_ext/slide_parts.py`).

/** What a box holds: below its title, or in a part of its own. */
const INSIDE = { ".sd-dropdown": ":scope > .sd-summary-content", ".sd-card": ":scope > .sd-card-body" };
const HOLDERS = ".admonition, .sd-tab-content, .sd-col";
const TITLES = ".admonition-title, .sd-card-title";

/**
 * Name what a block is made of, in order: items, rows, cells of a grid, tabs, what a box holds; or nothing.
 * @param {Element} block
 * @returns {Element[][]} the last of each is what holds its own parts
 */
export function parts(block) {
  if (block.matches("ul, ol")) return [...block.children].map((item) => [item]);
  if (block.matches("dl")) {
    const groups = [];
    for (const one of block.children) {
      if (one.localName === "dt" && one.previousElementSibling?.localName !== "dt") groups.push([]);
      groups.at(-1)?.push(one);
    }
    return groups;
  }
  if (block.matches(".sd-container-fluid")) return [...block.querySelectorAll(":scope > .sd-row > *")].map((cell) => [cell]);
  if (block.matches(".sd-tab-set")) {
    const contents = [...block.querySelectorAll(":scope > .sd-tab-content")];
    return contents.map((one) => [one.previousElementSibling.previousElementSibling, one.previousElementSibling, one]);
  }
  const inside = Object.entries(INSIDE).find(([box]) => block.matches(box))?.[1];
  const holder = inside ? block.querySelector(inside) : block.matches(HOLDERS) ? block : null;
  if (holder) return [...holder.children].filter((one) => !one.matches(TITLES)).map((one) => [one]);
  const table = block.matches("table") ? block : block.querySelector(":scope > table");
  return table ? [...table.querySelectorAll(":scope > tbody > tr")].map((row) => [row]) : [];
}

/**
 * Say in which part of a block an element stands, and in which part of that.
 * @param {Element} block @param {Element} element
 * @returns {number[]}
 */
export function pathTo(block, element) {
  const made = parts(block);
  const place = made.findIndex((ones) => ones.some((one) => one.contains(element)));
  return place < 0 ? [] : [place, ...pathTo(made[place].at(-1), element)];
}

/**
 * Leave what stands between two parts of a block, and these; of code, lines.
 * @param {Element} block
 * @param {[number, number][]} first which part, of how many, and so on within it
 * @param {[number, number][]} last
 * @returns {boolean} whether the block is made of as many parts as was thought
 */
export function keepParts(block, [first, ...inFirst], [last, ...inLast]) {
  const made = parts(block);
  const pre = block.querySelector("pre");
  if (made.length === 0 && pre) {
    keepLines(pre, first?.[0] ?? 0, (last?.[0] ?? Infinity) + 1);
    return true;
  }
  const [from, to] = [first?.[0] ?? 0, last?.[0] ?? Infinity];
  let isAsThought = [first, last].every((one) => !one || one[1] === made.length);
  made.forEach((ones, place) => {
    const begin = place === from ? inFirst : [];
    const end = place === to ? inLast : [];
    if (place < from || place > to) for (const one of ones) one.remove();
    else if (begin.length || end.length) isAsThought = keepParts(ones.at(-1), begin, end) && isAsThought;
  });
  return isAsThought;
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
