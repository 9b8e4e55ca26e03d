/* A deck that a speaker's window goes with: each is where the other is. */

import { Line, Place } from "./speaker_link.js";

/** Milliseconds in which another window of the pair says that it shows the slides. */
const PATIENCE = 250;

/** @type {Promise<boolean> | null} */
let projecting = null;

/**
 * @typedef {object} Pair of windows; the speaker's window tells it, and this module asks nobody back
 * @property {string} key which pair it is
 * @property {string} deck this window's deck, as the speaker's window names it
 * @property {boolean} isNew whether no other window can be of it yet
 * @property {() => void} leave be of no pair any more
 */

/**
 * Go with the speaker's window.
 * @param {object} deck reveal, ready
 * @param {Pair} pair
 * @returns {Promise<boolean>} false: another window shows the slides of this pair
 */
export function project(deck, pair) {
  projecting ??= begin(deck, pair);
  return projecting;
}

/** @param {object} deck @param {Pair} pair */
async function begin(deck, pair) {
  let isSettled = pair.isNew;
  let isTaken = false;
  const from = crypto.getRandomValues(new Uint32Array(1))[0].toString(36);
  const place = new Place(deck, (state) => line.say({ place: state }));
  const here = () => line.say({ here: pair.deck, from, place: place.state });
  const line = new Line(pair.key, (message) => {
    if (message.hello) here();
    else if (message.taken === from) {
      // A copy of a tab has its pair as well; only one of both can be shown on the wall.
      isTaken = true;
      projecting = null;
      pair.leave();
      line.close();
    } else if (message.here && message.from !== from && isSettled) line.say({ taken: message.from });
    else if (message.place) place.take(message.place);
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
