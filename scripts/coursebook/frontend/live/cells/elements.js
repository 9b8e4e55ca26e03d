/** Making elements; text becomes text, never markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} [className]
 * @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, className = "", text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/**
 * @param {string} text what is seen
 * @param {string} name what is heard
 * @param {(event: MouseEvent) => void} action
 * @param {string} [className]
 */
export function makeButton(text, name, action, className = "cb-small-button") {
  const button = make("button", className, text);
  button.type = "button";
  if (name && name !== text) button.setAttribute("aria-label", name);
  button.addEventListener("click", action);
  return button;
}

/** How many of the last words stay, for who wants to hear them again. */
const KEPT = 5;

// It must be there before the first word: what comes together with it is not read out.
const said = make("div", "cb-unseen");
said.setAttribute("role", "status");
// Word after word: the next must not swallow the one before.
said.setAttribute("aria-atomic", "false");
document.body.append(said);

/** Milliseconds in which several words make one: readers tell such as come at once in any order. */
const TOGETHER = 100;

/** @type {string[]} */
let coming = [];

/** Tell ears, politely. @param {string} text a sentence; its full stop may be missing */
export function announce(text) {
  if (!coming.length) setTimeout(sayAll, TOGETHER);
  coming.push(text);
}

function sayAll() {
  said.append(make("p", "", coming.join(". ").replace(/([.?!])\. /g, "$1 ")));
  coming = [];
  while (said.childElementCount > KEPT) said.firstElementChild.remove();
}

/** @param {number} milliseconds @returns {string} `0.2 s`, `3 min 4 s` */
export function duration(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 0.1) return `${Math.max(seconds, 0.01).toFixed(2)} s`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** @param {number} bytes @param {number} total @returns {string} `3.1 of 14.0 MB`; "" when all is there */
export function amount(bytes, total) {
  const megabytes = (count) => (count / 1e6).toFixed(1);
  return bytes < total ? `${megabytes(bytes)} of ${megabytes(total)} MB` : "";
}

/** Whether the page is a deck that shows slides, not a document of them. */
export function showsSlides() {
  return Boolean(globalThis.Reveal?.isReady?.());
}

/** The key that opens the terminal and closes it. @param {KeyboardEvent} event */
export function isTerminalKey(event) {
  return event.ctrlKey && event.code === "Backquote";
}
