/** Whose is a key: the deck's, or that of the thing that has the focus? */

/** Where people type. A chosen radio button, such as a tab, uses the arrows. */
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false])";
/** Controls that use Space or Enter themselves; those keys must not turn the slide. */
const CONTROL = "a[href]:not(.cb-thumb), button, summary, [role=button], [role=tab]";
const WORKED_BY_KEY = new Set([" ", "Enter"]);
const SCROLLING = new Set(["ArrowUp", "ArrowDown", "Home", "End"]);

/**
 * Tell whether a key that was pressed may steer the deck.
 *
 * The composed path sees into shadow trees, where `activeElement` is only the host.
 * @param {KeyboardEvent} event
 */
export function maySteer(event) {
  if (document.querySelector("dialog[open]")) return false;
  for (const target of event.composedPath()) {
    if (!(target instanceof Element)) continue;
    if (target.matches(TYPING)) return false;
    if (target.matches(CONTROL) && WORKED_BY_KEY.has(event.key)) return false;
    if (SCROLLING.has(event.key) && scrolls(target)) return false;
  }
  return true;
}

/** Whether an element moves its content up and down, as a long output does. @param {Element} element */
export function scrolls(element) {
  return element.scrollHeight > element.clientHeight + 1
    && /auto|scroll/.test(getComputedStyle(element).overflowY);
}
