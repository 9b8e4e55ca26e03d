/** What is done with a cell, told as it is done, so that another window can do the same with its own. */

/** All that a cell is asked to do, but for what its reader alone sees. */
export const DOINGS = [
  "wait", "drop", "showStart", "begin", "take", "echo", "end", "abandon", "explain", "offer", "showBook", "changed",
];

/** What its reader does himself, in either window. */
export const OF_THE_READER = ["showBook", "changed"];

/** Of these, a word may be a button. */
export const WITH_REMEDY = new Set(["explain", "offer"]);

/** All that the bar of the machine is told. */
export const OF_THE_BAR = ["name", "say", "showStart"];

/** @typedef {[name: string, words: unknown[]]} Doing */

export class Retold {
  #depth = 0;

  /**
   * @param {import("./cell.js").Cell | import("./status.js").StatusBar} cell
   * @param {string[]} names of its methods
   * @param {(name: string, words: unknown[]) => void} tell told after each, but not of what a cell asks of
   *   itself while it does something: the other one will ask the same
   */
  constructor(cell, names, tell) {
    for (const name of names) {
      const own = cell[name].bind(cell);
      cell[name] = (...words) => {
        this.quietly(() => own(...words));
        if (!this.#depth) tell(name, words);
      };
    }
  }

  /** Do what the other window did, and tell nobody. @param {() => void} action */
  quietly(action) {
    this.#depth += 1;
    try {
      action();
    } finally {
      this.#depth -= 1;
    }
  }
}

/**
 * Let the code of a cell be what the other window made of it.
 * @param {import("./cell.js").Cell} cell
 * @param {string} text
 * @param {(text: string) => void} change what a change by the reader does
 */
export function adopt(cell, text, change) {
  if (text === cell.source) return;
  if (cell.editor) cell.editor.text = text;
  else change(text);
}

/** Characters of what a cell printed that are kept for a window that comes later. */
const MOST_KEPT = 400_000;

/** Of these, only the last one matters. */
const PASSING = new Set(["wait", "drop", "showStart"]);

/** All that was done with a cell since it ran last, as short as it can be told. */
export class Record {
  /** @type {Doing[]} */
  #doings = [];
  #length = 0;

  /** @returns {readonly Doing[]} */
  get doings() {
    return this.#doings;
  }

  /** @param {string} name @param {unknown[]} words */
  add(name, words) {
    if (name === "changed") return; // a text is told as it is, not how it came about
    if (name === "begin") {
      this.#doings = [];
      this.#length = 0;
    }
    if (PASSING.has(name)) this.#doings = this.#doings.filter(([other]) => !PASSING.has(other));
    const [message] = words;
    if (name === "take" && message.type === "stream") {
      this.#length += message.text.length;
      const [last, [before]] = this.#doings.at(-1) ?? ["", [null]];
      if (last === "take" && before.type === "stream" && before.name === message.name && before.text.length < 20_000) {
        before.text += message.text;
      } else this.#doings.push([name, [{ ...message }]]);
      this.#shed();
    } else this.#doings.push([name, words]);
  }

  /** Let the oldest words go when there are too many. */
  #shed() {
    while (this.#length > MOST_KEPT) {
      const oldest = this.#doings.findIndex(([name, [message]]) => name === "take" && message.type === "stream");
      this.#length -= this.#doings[oldest][1][0].text.length;
      this.#doings.splice(oldest, 1);
    }
  }
}
