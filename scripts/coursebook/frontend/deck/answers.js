/** Answers of questions, which a slide shows as its next step. Only decks with questions load this.
 *
 * Above each fold stands an empty fragment: once it was shown, the fold is open. A click on the fold
 * goes to that step, or back from it. The speaker sees answers before the room does. */

import { isSpeakersCopy } from "./views.js";

const STEP = ".cb-shows-answer";

function follow() {
  if (!globalThis.Reveal?.isReady?.()) return; // read as a document, a fold is a fold
  for (const step of document.querySelectorAll(STEP)) {
    const fold = step.nextElementSibling;
    const isShown = step.classList.contains("visible");
    fold.open = isShown || isSpeakersCopy;
    fold.classList.toggle("cb-not-shown-yet", !isShown);
  }
}

/** @param {MouseEvent} event */
function onClick(event) {
  const summary = event.target instanceof Element ? event.target.closest("summary") : null;
  const step = summary?.parentElement.previousElementSibling;
  const deck = globalThis.Reveal;
  if (!step?.matches(STEP) || !deck?.isReady?.()) return;
  event.preventDefault();
  const place = Number(step.dataset.fragmentIndex);
  deck.navigateFragment(step.classList.contains("visible") ? place - 1 : place);
}

for (const name of ["ready", "fragmentshown", "fragmenthidden", "slidechanged", "pdf-ready"]) {
  document.addEventListener(name, follow);
}
addEventListener("cb-deck-ready", follow);
document.addEventListener("click", onClick);
follow();
