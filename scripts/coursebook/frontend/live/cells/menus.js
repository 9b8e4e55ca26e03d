/** What can be done with a cell, and with the machine behind it. */

import { codeIn } from "./code.js";

/** @typedef {import("./menu.js").Entry} Entry */

const LANGUAGE = { bash: "bash", python: "Python" };

/**
 * @param {import("./page.js").LivePage} page
 * @param {import("./cell.js").Cell} cell
 * @returns {Entry[]}
 */
export function cellMenu(page, cell) {
  const { host } = page;
  /** @type {Entry[]} */
  const entries = [];
  const add = (label, action, hint = "") => entries.push({ label, action, hint });
  const { language } = cell.item;
  if (host.engine) {
    if (!cell.item.task) add("Run all above, then this", () => page.runAbove(cell));
    else if (page.beginAnew) add("Begin the task anew", () => page.beginAnew(cell), "its folder is emptied");
    if (language === "bash" && host.engine.terminal) {
      add("Show me", () => host.showMe(cell.source), "types it in the terminal");
    }
    if (host.engine.terminal) add("Open a terminal", () => host.openTerminal(), "Ctrl-`");
  }
  if (codeIn(cell.element)) add("Edit", () => page.edit(cell, new Event("edit")), "F2");
  if (cell.isEdited) {
    add("Reset to the author’s text", async () => {
      // In the editor, where undo brings the reader's text back, also one of before a reload.
      if (!cell.editor) await page.edit(cell, new Event("edit"));
      cell.editor.text = cell.item.source;
    });
  }
  if (cell.hasOutput && cell.book) {
    if (cell.showsBook) add("Bring back your output", () => cell.showBook(false));
    else add("Bring back the book’s output", () => cell.showBook(true));
  } else if (cell.hasOutput) add("Remove your output", () => cell.showBook(true));
  if (host.engine) {
    entries.push(null);
    add(`Restart ${LANGUAGE[language]}`, () => host.restart(language), "files stay");
    entries.push(resetEntry(host));
  }
  return entries;
}

/**
 * @param {import("./host.js").Host} host
 * @returns {Entry[]}
 */
export function machineMenu(host) {
  /** @type {Entry[]} */
  const entries = [];
  for (const { name, can, why } of host.choice?.offers ?? []) {
    if (!can) continue;
    entries.push({
      label: host.labelOf(name),
      hint: why,
      isChosen: host.engine?.name === name,
      action: () => host.prefer(name),
    });
  }
  if (entries.length) entries.push(null);
  if (!host.engine) return entries;
  for (const language of Object.keys(LANGUAGE)) {
    entries.push({ label: `Restart ${LANGUAGE[language]}`, hint: "files stay", action: () => host.restart(language) });
  }
  entries.push(resetEntry(host));
  return entries;
}

/** @param {import("./host.js").Host} host @returns {Entry} */
function resetEntry(host) {
  return { label: `Reset the ${host.noun}`, hint: "its files go", action: () => host.reset() };
}
