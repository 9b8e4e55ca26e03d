/** Making elements of questions; text becomes text, never markup. */

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
 * @param {() => void} action
 * @param {{className?: string, name?: string}} [more] `name`: what is heard, if that is more
 */
export function makeButton(text, action, { className = "cb-check-button", name = "" } = {}) {
  const button = make("button", className, text);
  button.type = "button";
  if (name) button.setAttribute("aria-label", name);
  button.addEventListener("click", action);
  return button;
}

/** What an element says, in one line. @param {Element} element */
export function words(element) {
  return element.textContent.trim().replace(/\s+/g, " ");
}
