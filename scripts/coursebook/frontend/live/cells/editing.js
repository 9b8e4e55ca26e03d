/** Opening the editor at a cell: where the reader clicked, or as it was left. */

import { codeIn } from "./code.js";

/**
 * @param {import("./cell.js").Cell} cell
 * @param {Event} event by which the reader asked for it
 * @param {{run: () => void, changed: (text: string) => void}} tell
 */
export async function openEditor(cell, event, tell) {
  if (!codeIn(cell.element)) return;
  if (cell.editor) {
    cell.editor.focus();
    return;
  }
  const { Editor } = await import("./editor.js");
  const at = event instanceof MouseEvent && event.target instanceof Element
    && event.target.closest(".cell_input pre") ? { x: event.clientX, y: event.clientY } : null;
  const folded = cell.element.querySelector("details.above-input");
  if (folded) folded.open = true;
  cell.editor ??= await Editor.open(cell, tell, at);
}
