/** What a program writes to a terminal, as lines of styled text.
 *
 * Knows colours and weights (SGR), carriage return, backspace, tab, movements within the line and
 * erasing in it. Only the last line can change; every other sequence is read over. */

/**
 * @typedef {object} Style
 * @property {string} classes space-separated, such as `cb-bold cb-ink-1`
 * @property {string} ink a colour beyond the sixteen, or ""
 * @property {string} ground
 */
/** @typedef {{text: string, style: Style | null}} Run */

/** Characters of one line that are kept; what follows is dropped until the line ends. */
const LONGEST = 10_000;

/** Characters of an unfinished sequence that are waited for; no true one is longer. */
const LONGEST_SEQUENCE = 4096;

// CSI: parameters, intermediates, final. OSC, DCS, SOS, PM, APC: a string up to ST (or BEL).
// ECMA-48, 5th edition, sections 5.4 and 5.6.
// eslint-disable-next-line no-control-regex
const SEQUENCE = /^(?:(?:\x1b\[|\x9b)([0-?]*)([ -/]*)([@-~])|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-OQ-WYZ\\`-~])/;
// A sequence that may still become one.
// eslint-disable-next-line no-control-regex
const UNFINISHED = /^(?:\x1b|(?:\x1b\[|\x9b)[0-?]*[ -/]*|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*\x1b?|\x1b[ -/]+)$/;
// eslint-disable-next-line no-control-regex
const CONTROL = /[\x00-\x1f\x7f-\x9f]/g;

/** One stream of text. */
export class TerminalText {
  /** @type {string[]} */
  #letters = [];
  /** @type {(Style | null)[]} */
  #styles = [];
  #column = 0;
  #unfinished = "";
  #look = new Look();
  /** @type {Style | null} */
  #style = null;

  /**
   * Take text as it comes, cut anywhere.
   * @param {string} text
   * @returns {Run[][]} the lines that it ended; `open` holds what stands after them
   */
  feed(text) {
    text = this.#unfinished + text;
    this.#unfinished = "";
    /** @type {Run[][]} */
    const ended = [];
    let at = 0;
    while (at < text.length) {
      CONTROL.lastIndex = at;
      const control = CONTROL.exec(text);
      const end = control?.index ?? text.length;
      if (end > at) this.#write(text.slice(at, end));
      if (!control) break;
      at = end + 1;
      if (control[0] === "\n") {
        ended.push(this.open);
        this.#letters = [];
        this.#styles = [];
        this.#column = 0;
      } else if (control[0] === "\r") this.#column = 0;
      else if (control[0] === "\b") this.#column = Math.max(0, this.#column - 1);
      else if (control[0] === "\t") this.#write("\t");
      else if (control[0] >= "\x1b") at = this.#sequence(text, end);
    }
    return ended;
  }

  /** The line that has not ended yet. @returns {Run[]} */
  get open() {
    /** @type {Run[]} */
    const runs = [];
    this.#letters.forEach((letter, place) => {
      const style = this.#styles[place];
      if (runs.length && runs.at(-1).style === style) runs.at(-1).text += letter;
      else runs.push({ text: letter, style });
    });
    return runs;
  }

  /** @param {string} text without control characters, but for a tab */
  #write(text) {
    for (const letter of text) {
      if (this.#column >= LONGEST) return;
      while (this.#letters.length < this.#column) {
        this.#letters.push(" ");
        this.#styles.push(null);
      }
      const last = this.#column === LONGEST - 1;
      this.#letters[this.#column] = last ? "…" : letter;
      this.#styles[this.#column] = this.#style;
      this.#column += 1;
    }
  }

  /** Read a sequence; returns where the text goes on. @param {string} text @param {number} at */
  #sequence(text, at) {
    const rest = text.slice(at, at + LONGEST_SEQUENCE);
    const found = SEQUENCE.exec(rest);
    if (found) {
      if (found[3]) this.#control(found[3], found[1], found[2]);
      return at + found[0].length;
    }
    if (rest.length < LONGEST_SEQUENCE && UNFINISHED.test(rest)) {
      this.#unfinished = rest;
      return text.length;
    }
    return at + 1; // no sequence: a stray byte
  }

  /** @param {string} final @param {string} parameters @param {string} intermediates */
  #control(final, parameters, intermediates) {
    if (intermediates || /[<=>?]/.test(parameters)) return;
    const number = parseInt(parameters, 10) || 0;
    const steps = Math.min(number || 1, LONGEST);
    if (final === "m") this.#style = this.#look.change(parameters);
    else if (final === "C") this.#column = Math.min(this.#column + steps, LONGEST);
    else if (final === "D") this.#column = Math.max(0, this.#column - steps);
    else if (final === "G") this.#column = steps - 1;
    else if (final === "K") this.#erase(number);
  }

  /** @param {number} part 0: to the end of the line, 1: from its start, 2: all */
  #erase(part) {
    if (part === 1) {
      const end = Math.min(this.#column + 1, this.#letters.length);
      this.#letters.fill(" ", 0, end);
      this.#styles.fill(null, 0, end);
    }
    if (part === 0 || part === 2) {
      this.#letters.length = part === 2 ? 0 : Math.min(this.#letters.length, this.#column);
      this.#styles.length = this.#letters.length;
    }
  }
}

const WEIGHTS = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 9: "strike" };
const ENDED_BY = {
  22: ["bold", "faint"], 23: ["italic"], 24: ["underline"], 27: ["inverse"], 29: ["strike"],
};

/** The style that is set; equal styles are the same object. */
class Look {
  /** @type {Set<string>} */
  #weights = new Set();
  #ink = "";
  #ground = "";
  /** @type {Map<string, Style>} */
  #known = new Map();

  /** @param {string} parameters of SGR, such as `1;38;5;208` @returns {Style | null} */
  change(parameters) {
    const codes = parameters.split(";").map((part) => part.split(":"));
    while (codes.length) {
      const [head, ...sub] = codes.shift();
      const code = Number(head || 0);
      if (code === 0) {
        this.#weights.clear();
        this.#ink = this.#ground = "";
      } else if (WEIGHTS[code]) this.#weights.add(WEIGHTS[code]);
      else if (ENDED_BY[code]) for (const name of ENDED_BY[code]) this.#weights.delete(name);
      else if (code === 39) this.#ink = "";
      else if (code === 49) this.#ground = "";
      else if (code === 38 || code === 48) {
        const colour = further(sub.length ? sub.filter(Boolean).map(Number) : take(codes));
        if (code === 38) this.#ink = colour;
        else this.#ground = colour;
      } else if (code >= 30 && code <= 37) this.#ink = String(code - 30);
      else if (code >= 90 && code <= 97) this.#ink = String(code - 82);
      else if (code >= 40 && code <= 47) this.#ground = String(code - 40);
      else if (code >= 100 && code <= 107) this.#ground = String(code - 92);
    }
    return this.#style();
  }

  #style() {
    const named = /^\d+$/;
    const classes = [...this.#weights].sort().map((weight) => `cb-text-${weight}`);
    if (named.test(this.#ink)) classes.push(`cb-ink-${this.#ink}`);
    if (named.test(this.#ground)) classes.push(`cb-ground-${this.#ground}`);
    const ink = named.test(this.#ink) ? "" : this.#ink;
    const ground = named.test(this.#ground) ? "" : this.#ground;
    if (!classes.length && !ink && !ground) return null;
    const style = { classes: classes.join(" "), ink, ground };
    const key = JSON.stringify(style);
    if (!this.#known.has(key)) this.#known.set(key, style);
    return this.#known.get(key);
  }
}

/** Take the numbers that belong to 38 or 48. @param {string[][]} codes */
function take(codes) {
  const count = Number(codes[0]?.[0]) === 2 ? 4 : 2;
  return codes.splice(0, count).map(([code]) => Number(code || 0));
}

/**
 * Name a colour beyond the first sixteen.
 * @param {number[]} numbers `5, n` or `2, red, green, blue`
 */
function further(numbers) {
  const [kind, ...values] = numbers;
  if (kind === 2) {
    const [red = 0, green = 0, blue = 0] = values.slice(-3);
    return `rgb(${red & 255} ${green & 255} ${blue & 255})`;
  }
  const place = values[0] & 255;
  if (place < 16) return String(place);
  if (place >= 232) return `rgb(${Array(3).fill((place - 232) * 10 + 8).join(" ")})`;
  const level = (step) => (step ? step * 40 + 55 : 0);
  const cube = place - 16;
  return `rgb(${level(Math.floor(cube / 36))} ${level(Math.floor(cube / 6) % 6)} ${level(cube % 6)})`;
}
