/** Escape leaves what was opened last: the overview, drawing, the pointer. */

/** @type {(() => void)[]} */
const open = [];

/** Note that something was opened. @param {() => void} close what Escape does to it */
export function opened(close) {
  open.push(close);
}

/** Note that it was closed by other means. @param {() => void} close */
export function closed(close) {
  const place = open.lastIndexOf(close);
  if (place >= 0) open.splice(place, 1);
}

/** @returns {boolean} whether there is something that Escape would leave */
export function isAnythingOpen() {
  return open.length > 0;
}

/** Close what was opened last. */
export function leave() {
  open.pop()?.();
}
