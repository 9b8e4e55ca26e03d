/** What a cell prints, as it comes: text with colours, figures, tables; never more than a page can
 *  hold, and never more in one frame than leaves the page smooth. */

import { TerminalText } from "./ansi.js";
import { make } from "./elements.js";
import { render } from "./rich.js";
import { appendRuns } from "./runs.js";

/** Lines that are kept; of more, the last ones. */
const MOST_LINES = 2000;

/** Milliseconds of a frame that drawing may take, and characters that are drawn between two looks
 *  at the clock. */
const PER_FRAME = 8;
const PER_LOOK = 8_000;

/** Milliseconds between two drawings: the frames between them are the page's. */
const PAUSE = 60;

/** Characters that may wait for being drawn. A flood loses its oldest: they would not be kept. */
const MOST_WAITING = 400_000;

/** Lines that are laid out, and go, in one piece. */
const PER_CHUNK = 100;

/** Height of a line in its own size; as in cells.css. */
const LEADING = 1.5;

/** Outputs other than text that are kept. */
const MOST_RICH = 200;

const EAR = { stderr: "Error output: " };

/** @typedef {{name: string, text: string} | {output: object}} Piece */

export class Output {
  /** @type {Piece[]} */
  #waiting = [];
  #waitingLength = 0;
  #isPlanned = false;
  #drawnAt = -Infinity;
  /** @type {Map<string, TerminalText>} */
  #texts = new Map();
  /** @type {{name: string, element: HTMLElement, open: HTMLElement} | null} */
  #block = null;
  #clearNext = false;
  #rich = 0;
  #kept = 0;
  #cut = false;
  /** @type {"stdout" | "stderr"} */
  #asked = "stdout";
  #body;
  #name;
  #shown;

  /** Lines that were printed, also those that are no longer kept. */
  lines = 0;

  /**
   * @param {HTMLElement} body an empty element; it scrolls
   * @param {string} name the cell's, for ears
   * @param {() => void} shown called after something was drawn
   */
  constructor(body, name, shown) {
    this.#body = body;
    this.#name = name;
    this.#shown = shown;
  }

  /** Show what the reader typed as a terminal does: behind the question. @param {string} text */
  echo(text) {
    this.write(this.#asked, `\x1b[36m${text}\x1b[39m\n`);
  }

  /** @param {"stdout" | "stderr"} name @param {string} text */
  write(name, text) {
    this.#asked = name;
    const last = this.#waiting.at(-1);
    if (last?.name === name && last.text.length < PER_LOOK) last.text += text;
    else this.#waiting.push({ name, text });
    this.#waitingLength += text.length;
    while (this.#waitingLength > MOST_WAITING && this.#waiting.length > 1) {
      const oldest = this.#waiting.findIndex((piece) => "text" in piece);
      if (oldest < 0) break;
      const [{ text: lost }] = this.#waiting.splice(oldest, 1);
      this.#waitingLength -= lost.length;
      this.lines += lost.split("\n").length - 1;
      this.#cut = true;
    }
    this.#plan();
  }

  /** @param {object} output in nbformat's form; also `clear_output` and updates of a display */
  show(output) {
    this.#waiting.push({ output });
    this.#plan();
  }

  /** Draw all that waits, now. */
  finish() {
    this.#draw(Infinity);
  }

  #plan() {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    const draw = () => {
      this.#isPlanned = false;
      this.#drawnAt = performance.now();
      this.#draw(PER_FRAME);
      if (this.#waiting.length) this.#plan();
    };
    const wait = PAUSE - (performance.now() - this.#drawnAt);
    // A tab in the background has no frames.
    if (document.hidden) setTimeout(draw, 250);
    else if (wait > 0) setTimeout(() => requestAnimationFrame(draw), wait);
    else requestAnimationFrame(draw);
  }

  /** @param {number} budget milliseconds */
  #draw(budget) {
    if (!this.#waiting.length) return;
    const body = this.#body;
    const follows = body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    const end = performance.now() + budget;
    do {
      const piece = this.#waiting[0];
      if ("output" in piece) {
        this.#waiting.shift();
        this.#drawOutput(piece.output);
        continue;
      }
      const text = piece.text.slice(0, PER_LOOK);
      if (text.length < piece.text.length) piece.text = piece.text.slice(PER_LOOK);
      else this.#waiting.shift();
      this.#waitingLength -= text.length;
      this.#drawText(piece.name, text);
    } while (this.#waiting.length && performance.now() < end);
    this.#shed();
    this.#shown();
    if (follows) body.scrollTop = body.scrollHeight;
  }

  /** @param {string} name @param {string} text */
  #drawText(name, text) {
    if (this.#clearNext) this.#clear();
    if (!this.#texts.has(name)) this.#texts.set(name, new TerminalText());
    const model = this.#texts.get(name);
    const ended = model.feed(text);
    const open = model.open;
    if (!ended.length && !open.length && this.#block?.name !== name) return;
    if (this.#block?.name !== name) this.#begin(name);
    this.lines += ended.length;
    this.#kept += ended.length;
    for (let at = 0; at < ended.length; at += PER_CHUNK) {
      const lines = ended.slice(at, at + PER_CHUNK);
      const chunk = make("span", "cb-chunk");
      chunk.dataset.cbLines = String(lines.length);
      // What is out of sight is not laid out; this is how high it will be, about.
      chunk.style.containIntrinsicHeight = `auto ${lines.length * LEADING}em`;
      appendRuns(chunk, lines.flatMap((runs) => [...runs, { text: "\n", style: null }]));
      this.#block.open.before(chunk);
    }
    this.#block.open.replaceChildren();
    appendRuns(this.#block.open, open);
  }

  /** @param {string} name */
  #begin(name) {
    // Text of another stream goes on a line of its own, so the open one has ended.
    for (const [other, model] of this.#texts) if (other !== name && model.open.length) model.feed("\n");
    const element = make("pre", "cb-stream");
    element.dataset.cbStream = name;
    if (EAR[name]) element.append(make("span", "cb-unseen", EAR[name]));
    const open = make("span", "cb-chunk");
    element.append(open);
    this.#body.append(element);
    this.#block = { name, element, open };
  }

  /** @param {object} output */
  #drawOutput(output) {
    const isUpdate = output.update || output.output_type === "update_display_data";
    const identity = output.transient?.display_id;
    if (output.output_type === "clear_output") {
      if (output.wait) this.#clearNext = true;
      else this.#clear();
      return;
    }
    if (this.#clearNext) this.#clear();
    const made = render(output, this.#name);
    if (!made) return;
    if (identity) made.dataset.cbDisplay = identity;
    if (isUpdate) {
      for (const old of document.querySelectorAll(`[data-cb-display="${CSS.escape(identity ?? "")}"]`)) {
        const fresh = render(output, this.#name);
        fresh.dataset.cbDisplay = identity;
        old.replaceWith(fresh);
      }
      return;
    }
    if (this.#rich >= MOST_RICH) {
      this.#cut = true;
      return;
    }
    this.#rich += 1;
    this.lines += 1;
    this.#block = null;
    this.#body.append(made);
  }

  #clear() {
    this.#clearNext = false;
    this.#block = null;
    this.#texts.clear();
    this.#rich = 0;
    this.#kept = 0;
    this.lines = 0;
    this.#body.replaceChildren();
  }

  /** Let the oldest lines go when there are too many. */
  #shed() {
    while (this.#kept > MOST_LINES) {
      const chunk = this.#body.querySelector("[data-cb-lines]");
      if (!chunk) break;
      this.#kept -= Number(chunk.dataset.cbLines);
      const block = chunk.parentElement;
      chunk.remove();
      if (block !== this.#block?.element && !block.querySelector("[data-cb-lines]")) block.remove();
      this.#cut = true;
    }
    if (this.#cut && !this.#body.querySelector(":scope > .cb-cut")) {
      this.#body.prepend(make("p", "cb-cut", "Output truncated: only its last lines are kept."));
    }
  }
}
