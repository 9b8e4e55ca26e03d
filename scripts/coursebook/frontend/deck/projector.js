/* A deck that a speaker's window goes with: each is where the other is. */

import { OpenParts } from "./speaker_folds.js";
import { Line, Place } from "./speaker_link.js";
import { deckName, leavePair, pairOf } from "./speaker_pair.js";

/** Milliseconds in which another window of the pair says that it shows the slides. */
const PATIENCE = 250;

/** @type {Promise<boolean> | null} */
let projecting = null;

/**
 * Go with the speaker's window.
 * @param {object} deck reveal, ready
 * @param {boolean} isNew whether no other window can be of this pair yet
 * @returns {Promise<boolean>} false: another window shows the slides of this pair
 */
export function project(deck, isNew) {
  projecting ??= begin(deck, isNew);
  return projecting;
}

/** @param {object} deck @param {boolean} isNew */
async function begin(deck, isNew) {
  let isSettled = isNew;
  let isTaken = false;
  const name = deckName();
  const from = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  const place = new Place(deck, (state) => line.say({ place: state }));
  const parts = new OpenParts(document, (opened) => line.say({ opened }));
  const here = () => line.say({ here: name, from, place: place.state, opened: parts.state });
  const line = new Line(pairOf(), (message) => {
    if (message.hello) here();
    else if (message.taken === from) {
      // A copy of a tab has its pair as well; only one of both can be shown on the wall.
      isTaken = true;
      projecting = null;
      leavePair();
      line.close();
    } else if (message.here && message.from !== from && isSettled) line.say({ taken: message.from });
    else {
      if (message.opened) parts.take(message.opened);
      if (message.place) place.take(message.place);
    }
  });
  here();
  addEventListener("pagehide", () => line.say({ gone: true }));
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) here();
  });
  if (!isSettled) await new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  isSettled = true;
  return !isTaken;
}
