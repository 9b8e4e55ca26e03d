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

/** @type {HTMLElement | null} */
let said = null;

/** Tell ears, politely. @param {string} text */
export function announce(text) {
  if (!said) {
    said = make("p", "cb-unseen");
    said.setAttribute("role", "status");
    document.body.append(said);
  }
  // An equal text would not be told again.
  said.textContent = said.textContent === text ? `${text}\u00a0` : text;
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
