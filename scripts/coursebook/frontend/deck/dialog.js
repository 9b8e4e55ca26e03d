/** A dialog above the deck: it has the keyboard while it is open, and gives it back. */

import { loadToolStyles } from "./styles.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text] becomes text, never markup
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  if (tag === "button") made.type = "button";
  return made;
}

/**
 * Open a dialog.
 * @param {string} title
 * @param {string} className
 * @param {(dialog: HTMLDialogElement) => void} fill puts the content below the title
 * @returns {Promise<HTMLDialogElement>} shown
 */
export async function openDialog(title, className, fill) {
  await loadToolStyles();
  const cameFrom = document.activeElement;
  const dialog = make("dialog", `cb-dialog ${className}`);
  const heading = make("h2", "cb-dialog-title", title);
  heading.id = "cb-dialog-title";
  dialog.setAttribute("aria-labelledby", heading.id);
  const close = make("button", "cb-dialog-close", "Close");
  close.addEventListener("click", () => dialog.close());
  dialog.append(heading, close);
  fill(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (cameFrom instanceof HTMLElement && cameFrom.isConnected && !cameFrom.closest("[inert]")) {
      cameFrom.focus({ preventScroll: true });
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
