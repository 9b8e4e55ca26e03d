/* What both windows of a pair share: a line between them, and the place in the deck. */

/**
 * @typedef {object} Message what one window tells the other; one of these
 * @property {true} [hello] a speaker's window asks who shows the slides
 * @property {string} [here] a window shows this deck, at `place`
 * @property {string} [from] who says so
 * @property {string} [taken] to whom it is said that another window shows the slides already
 * @property {boolean} [gone] the window that showed the slides does not any more
 * @property {import("./speaker_folds.js").Opened} [opened] the tabs and folds that are open
 * @property {object} [place] where the deck stands now, as reveal's `getState` has it
 */

/** A line to the other windows of the pair: of the same origin, and of nobody else. */
export class Line {
  #channel;
  #isOpen = true;

  /** @param {string} pair @param {(message: Message) => void} hear */
  constructor(pair, hear) {
    this.#channel = new BroadcastChannel(`cb-speaker ${pair}`);
    this.#channel.addEventListener("message", ({ data }) => hear(data));
  }

  /** @param {Message} message */
  say(message) {
    if (this.#isOpen) this.#channel.postMessage(message);
  }

  close() {
    this.#isOpen = false;
    this.#channel.close();
  }
}

const MOVES = [
  "slidechanged", "fragmentshown", "fragmenthidden", "overviewshown", "overviewhidden", "paused", "resumed",
];

/** Where a deck stands: slide, step, overview, black screen. */
export class Place {
  #deck;
  #isTaking = false;

  /**
   * @param {object} deck reveal, ready
   * @param {(state: object) => void} moved told when this window's own user moved
   */
  constructor(deck, moved) {
    this.#deck = deck;
    for (const name of MOVES) {
      deck.on(name, () => {
        if (!this.#isTaking) moved(this.state);
      });
    }
  }

  get state() {
    return this.#deck.getState();
  }

  /** Go where the other window is. @param {object} state */
  take(state) {
    this.#isTaking = true;
    try {
      this.#deck.setState(state);
    } finally {
      this.#isTaking = false;
    }
  }
}

/** Whether two places are on the same slide. @param {object} one @param {object} other */
export function isSameSlide(one, other) {
  return one.indexh === other.indexh && (one.indexv ?? 0) === (other.indexv ?? 0);
}
