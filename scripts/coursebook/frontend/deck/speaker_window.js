/* Opens the speaker's window beside a deck. What keeps both together comes with the first wish. */

/** The folder of all decks. */
export const DECKS = new URL("../", import.meta.url);

// start.js asks for this name: where there is a pair, cells are shown in both windows.
const KEY = "cb-speaker";

/** The pair, where nothing can be kept. */
let kept = "";

/**
 * Name the pair of windows that this one is of. A window that is opened from here inherits it.
 * @returns {string} "" if this window is of no pair
 */
export function pairOf() {
  try {
    return sessionStorage.getItem(KEY) ?? kept;
  } catch {
    return kept; // storage may be forbidden
  }
}

/** @param {string} pair "" leaves the pair */
function keepPair(pair) {
  kept = pair;
  try {
    if (pair) sessionStorage.setItem(KEY, pair);
    else sessionStorage.removeItem(KEY);
  } catch {
    // it holds until this page goes
  }
}

/** Be of a pair, of a new one if need be. */
export function makePair() {
  const pair = pairOf() || Array.from(crypto.getRandomValues(new Uint32Array(2)), (part) => part.toString(36)).join("");
  keepPair(pair);
  return pair;
}

export function leavePair() {
  keepPair("");
}

/** Name the deck of this page as the speaker's window does: `foundations/activation`. */
export function deckName() {
  return decodeURIComponent(location.pathname).slice(decodeURIComponent(DECKS.pathname).length).replace(/\.html$/, "");
}

/**
 * Say where a deck stands.
 * @param {string} name
 * @returns {URL | null} null: no deck can have this name
 */
export function deckAddress(name) {
  const parts = name.split("/");
  if (parts.some((part) => /^\.*$|[\\:?#]/.test(part))) return null;
  return new URL(`${parts.map(encodeURIComponent).join("/")}.html`, DECKS);
}

/**
 * Follow the speaker's window, and be followed.
 * @param {import("./reveal.esm.js").default} deck
 * @param {boolean} [isNew] whether no other window can be of this pair yet
 */
export async function joinSpeaker(deck, isNew = false) {
  const { project } = await import("./projector.js");
  const pair = { key: pairOf(), deck: deckName(), isNew, leave: leavePair };
  if (!(await project(deck, pair))) return;
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
