/** The cells of a page as they stand in its HTML, with those that it does not show. */

import { authorsText } from "./code.js";

/**
 * @typedef {object} Task
 * @property {string} chapter by this name its room is known
 * @property {string} topic name of its folder
 * @property {string} setup bash that prepares the folder
 * @property {"bash" | "python"} language of the check
 * @property {string} check
 */
/**
 * @typedef {object} ChapterCell
 * @property {number} number place among all cells of the chapter
 * @property {string} language
 * @property {string} source as the author wrote it
 * @property {HTMLElement | null} element null: this page does not show it
 * @property {boolean} mayFail the author announced a failure
 * @property {boolean} isSkipped it does not run in the build, nor by "run all above"
 * @property {string} needs what it needs that the machine in the tab does not have; mostly ""
 * @property {Task | null} task of which it is the cell: it stands apart from the others
 */
/**
 * @typedef {object} ChapterOfPage
 * @property {string} chapter `foundations/activation`
 * @property {string} topic `activation`
 * @property {string} place the chapter in its rendering, whose cells may be others: `deck foundations/activation`
 * @property {string} title what readers call it
 * @property {ChapterCell[]} cells in the order in which they run
 */

/** @param {HTMLElement} element of the task's cell @returns {Task | null} */
function readTask(element) {
  if (!("cbTask" in element.dataset)) return null;
  return JSON.parse(element.parentElement.querySelector(".cb-task-data").textContent);
}

/**
 * Read a page's cells. Changes nothing.
 * @param {Document} page
 * @returns {ChapterOfPage}
 */
export function readChapter(page) {
  const data = page.querySelector(".cb-cells-not-shown");
  /** @type {Map<number, ChapterCell>} */
  const cells = new Map();
  for (const { cell, language, source, needs = "" } of JSON.parse(data?.textContent || "[]")) {
    cells.set(cell, {
      number: cell, language, source, element: null, mayFail: false, isSkipped: false, needs, task: null,
    });
  }
  for (const element of page.querySelectorAll(".cell[data-cb-live]")) {
    const number = Number(element.dataset.cbCell);
    const source = authorsText(element) ?? cells.get(number)?.source;
    if (source === undefined) continue; // its text is nowhere: it has no Run
    cells.set(number, {
      number,
      language: element.dataset.cbLanguage,
      source,
      element,
      mayFail: element.dataset.cbStatus !== "0" || element.matches(".tag_raises-exception"),
      isSkipped: element.matches(".tag_skip-execution, [data-cb-task]"),
      needs: element.dataset.cbNeeds ?? "",
      task: readTask(element),
    });
  }
  const chapter = data?.dataset.cbChapter ?? "";
  const rendering = page.documentElement.classList.contains("cb-deck") ? "deck" : "page";
  return {
    chapter,
    place: `${rendering} ${chapter}`,
    topic: data?.dataset.cbTopic ?? "",
    title: page.querySelector("h1")?.textContent.trim() ?? "",
    cells: [...cells.values()].sort((one, other) => one.number - other.number),
  };
}
