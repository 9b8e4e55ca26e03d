/** The code of a cell where it stands on the page: the author's, or what the reader made of it. */

/** @type {WeakMap<Element, Element>} code that was changed → a copy of the author's */
const authors = new WeakMap();

/**
 * Find the code of a cell.
 * @param {Element} cell
 * @returns {HTMLElement | null} null: the page shows none
 */
export function codeIn(cell) {
  return cell.querySelector(".cell_input pre");
}

/**
 * Read the author's text, whatever stands on the page now.
 * @param {Element} cell
 * @returns {string | undefined} undefined: the page shows none
 */
export function authorsText(cell) {
  const shown = codeIn(cell);
  const author = (authors.get(shown) ?? shown)?.cloneNode(true);
  for (const number of author?.querySelectorAll(".linenos") ?? []) number.remove();
  return author?.textContent.replace(/\n$/, "");
}

/**
 * Let a text stand in the place of a cell's code: what is read, copied, printed and found.
 * @param {Element} cell that shows its code
 * @param {string} text the author's keeps its colours
 */
export function showText(cell, text) {
  const shown = codeIn(cell);
  if (!authors.has(shown)) authors.set(shown, shown.cloneNode(true));
  if (text === authorsText(cell)) shown.replaceChildren(...authors.get(shown).cloneNode(true).childNodes);
  else shown.textContent = `${text}\n`;
}
