/** Turning slides by a finger. Reveal's own way takes two fingers that zoom for one that swipes, and
   turns while an output is scrolled. */

import { scrolls } from "./typing.js";

/** CSS pixels that make a swipe of a touch. */
const FAR = 45;

/** Where a finger does something else. */
const OTHERS = ".cb-editor, .cb-ink, input[type=range], [data-prevent-swipe]";

/** @param deck Reveal, ready */
export function turnBySwiping(deck) {
  /** @type {{id: number, x: number, y: number} | null} */
  let start = null;
  const root = deck.getRevealElement();
  root.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "touch") return;
    // A second finger wants to zoom.
    const isFree = event.isPrimary && !isZoomed() && !isTaken(event.target, root);
    start = isFree ? { id: event.pointerId, x: event.clientX, y: event.clientY } : null;
  });
  root.addEventListener("pointermove", (event) => {
    if (event.pointerId !== start?.id) return;
    const across = event.clientX - start.x;
    const down = event.clientY - start.y;
    if (Math.max(Math.abs(across), Math.abs(down)) < FAR) return;
    start = null; // each touch turns once
    const isAcross = Math.abs(across) > Math.abs(down);
    if (isAcross) deck[across < 0 ? "right" : "left"]();
    else deck[down < 0 ? "down" : "up"]();
  });
  for (const end of ["pointerup", "pointercancel"]) {
    root.addEventListener(end, (event) => {
      if (event.pointerId === start?.id) start = null;
    });
  }
}

function isZoomed() {
  return (globalThis.visualViewport?.scale ?? 1) > 1.01;
}

/** @param {EventTarget | null} target @param {Element} root */
function isTaken(target, root) {
  for (let at = target; at instanceof Element && at !== root; at = at.parentElement) {
    if (at.matches(OTHERS) || scrolls(at)) return true;
  }
  return root.hasAttribute("data-prevent-swipe");
}
