/* Opens the speaker's window beside a deck. What keeps both together comes with the first wish. */

import { DECKS, deckName, makePair, pairOf } from "./speaker_pair.js";

/**
 * Follow the speaker's window, and be followed.
 * @param {import("./reveal.esm.js").default} deck
 * @param {boolean} [isNew] whether no other window can be of this pair yet
 */
export async function joinSpeaker(deck, isNew = false) {
  const { project } = await import("./projector.js");
  if (!(await project(deck, isNew))) return;
  // The cells of this deck run here, and are shown in both windows; start.js may come later.
  document.documentElement.dataset.cbPaired = "";
  dispatchEvent(new Event("cb-speaker-comes"));
}

/** Open the speaker's window, or bring it to the front. @param {import("./reveal.esm.js").default} deck */
export function openSpeakerView(deck) {
  const isNew = !pairOf();
  // At once: a browser lets only what follows a key or a click open a window.
  const address = new URL(`speaker.html#${encodeURI(deckName())}`, DECKS);
  const opened = open(address, `cb-speaker-${makePair()}`, "popup,width=1280,height=800");
  if (!opened) {
    alert("Your browser did not let this page open the speaker’s window. Allow pop-ups here, then press S again.");
    return;
  }
  opened.focus();
  joinSpeaker(deck, isNew);
}
