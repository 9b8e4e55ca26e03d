/** What a reader made of a cell's code, kept for as long as the tab lives: it is there again after a
 *  reload, after Back, and after a look at another chapter. To show it needs no editor. */

import { readChapter } from "./chapter.js";
import { codeIn, showText } from "./code.js";

/** @typedef {import("./chapter.js").ChapterCell} ChapterCell */
/** @typedef {import("./chapter.js").ChapterOfPage} ChapterOfPage */

// start.js asks for names that begin so, to know whether there is something to show.
const KEY = "cb-edit";

/** Stands in the toolbar of a cell that is not the author's any more. */
export const EDITED = "edited";

/** @param {ChapterOfPage} chapter @param {ChapterCell} item */
const nameOf = (chapter, item) => `${KEY} ${chapter.place} ${item.number}`;

/**
 * Keep what a cell's code is now; the author's text needs no keeping.
 * @param {ChapterOfPage} chapter
 * @param {ChapterCell} item
 * @param {string} text
 */
export function keepEdit(chapter, item, text) {
  const name = nameOf(chapter, item);
  try {
    if (text === item.source) sessionStorage.removeItem(name);
    else sessionStorage.setItem(name, JSON.stringify({ author: item.source, text }));
  } catch {
    // Storage is full or forbidden: after a reload the author's text stands there.
  }
}

/**
 * Recall what a reader made of a cell.
 * @param {ChapterOfPage} chapter
 * @param {ChapterCell} item
 * @returns {string | null} null: nothing, or it was made of a text that the author has changed since
 */
function recall(chapter, item) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(nameOf(chapter, item)) ?? "{}");
    return kept.author === item.source && typeof kept.text === "string" ? kept.text : null;
  } catch {
    return null; // forbidden, or written by somebody else
  }
}

/**
 * Show again what a reader made of the cells of a page.
 * @param {ChapterOfPage} chapter
 * @returns {Map<ChapterCell, string>} the texts
 */
export function restoreEdits(chapter) {
  const edits = new Map();
  for (const item of chapter.cells) {
    const text = item.element && codeIn(item.element) ? recall(chapter, item) : null;
    if (text === null) continue;
    edits.set(item, text);
    showText(item.element, text);
    item.element.querySelector(".cb-bar-state").textContent = EDITED;
  }
  return edits;
}

/** The same for a page on which nothing runs yet. @param {Document} page */
export function showEdits(page) {
  restoreEdits(readChapter(page));
}
