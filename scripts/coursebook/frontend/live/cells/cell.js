/** One cell as the reader sees it: its toolbar, his output, and the book's, which can come back. */

import { EDITED } from "./edits.js";
import { amount, announce, duration, make, makeButton, showsSlides } from "./elements.js";
import { fitSlide, noteResult } from "./fit.js";
import { InputLine } from "./input.js";
import { Output } from "./output.js";

/** What the Run button says in each state of a cell. */
const BUTTON = { waiting: "Cancel", starting: "Cancel", running: "Stop" };

/** What is said of a cell that did not end by itself. */
const ENDS = {
  interrupted: () => "stopped",
  "too-much": () => "output truncated: it printed more than a page can hold, and was stopped",
  died: (language) => `${language} ended; a new one is ready, without what was set in the old one`,
  lost: () => "cut short: what ran it went away",
};

/** @typedef {import("./status.js").Remedy} Remedy */

/** Letters of an output that are read out; of a longer one, how many lines it has. */
const READ_OUT = 200;

export class Cell {
  /** @type {import("./editor.js").Editor | null} */
  editor = null;
  /** @type {Output | null} */
  output = null;
  /** When its button was pressed last. */
  pressedAt = -Infinity;
  #result;
  #body;
  #foot;
  #note;
  #bar;
  #progress;
  /** @type {InputLine | null} */
  #input = null;
  #ticking = 0;
  #mine = "";

  /**
   * @param {import("./chapter.js").ChapterCell} item
   * @param {{line: (cell: Cell, text: string) => void, end: (cell: Cell) => void}} keyboard of what runs
   * @param {string} [source] what runs: the author's text, or what the reader made of it before
   */
  constructor(item, keyboard, source = item.source) {
    this.item = item;
    this.source = source;
    this.keyboard = keyboard;
    this.element = item.element;
    this.name = item.element.dataset.cbLive;
    this.button = this.element.querySelector(".cb-run");
    this.more = this.element.querySelector(".cb-more");
    this.#bar = this.element.querySelector(".cb-bar-state");
    this.#result = make("div", "cb-result");
    this.#body = make("div", "cb-result-body");
    this.#foot = make("div", "cb-result-foot");
    this.#note = make("div", "cb-note");
    this.#progress = make("progress", "cb-cell-progress");
    this.#body.setAttribute("role", "group");
    this.#body.setAttribute("aria-label", `Your output of ${this.name}`);
    this.#progress.setAttribute("aria-label", `Starting, for ${this.name}`);
    const close = makeButton("Close", `Close the output of ${this.name}`, () => this.showBook(true));
    close.classList.add("cb-result-close");
    this.#result.append(this.#body, this.#foot, close);
    this.#result.hidden = this.#note.hidden = this.#progress.hidden = true;
    this.book = this.element.querySelector(".cell_output");
    const place = this.book?.closest("details.below-input") ?? this.book;
    const input = this.element.querySelector(".cell_input");
    if (place) place.after(this.#result);
    else this.element.append(this.#result);
    (input ?? this.#result).after(this.#note);
    (input ?? this.element).append(this.#progress);
  }

  get isEdited() {
    return this.source !== this.item.source;
  }

  get hasOutput() {
    return this.output !== null;
  }

  get showsBook() {
    return this.#result.hidden;
  }

  /** Show one of the two outputs. @param {boolean} book */
  showBook(book) {
    this.#result.hidden = book;
    const folded = this.book?.closest("details.below-input");
    for (const part of [this.book, folded]) if (part) part.hidden = !book;
    this.element.toggleAttribute("data-cb-mine", !book);
    if (showsSlides()) fitSlide(this.element);
    this.tell(book ? "from the book" : this.#mine);
  }

  /** @param {"" | "waiting" | "starting" | "running" | "done" | "failed"} state */
  #enter(state) {
    clearInterval(this.#ticking);
    this.element.dataset.cbState = state;
    const word = BUTTON[state] ?? (this.item.needs ? "How to run" : "Run");
    this.button.textContent = word;
    this.button.setAttribute("aria-label", `${word} ${this.name}`);
    if (state !== "starting") this.#progress.hidden = true;
  }

  /** Write into the toolbar. @param {string} text */
  tell(text) {
    this.#bar.textContent = [this.isEdited && EDITED, text].filter(Boolean).join(" · ");
  }

  /** @param {number} place 1 for the next */
  wait(place) {
    this.#enter("waiting");
    this.tell(place === 1 ? "waits its turn" : `waits, ${place} in line`);
  }

  /** The reader changed the code. @param {string} source */
  changed(source) {
    this.source = source;
    if (showsSlides()) fitSlide(this.element);
    this.tell(this.hasOutput ? (this.showsBook ? "from the book" : this.#mine) : "");
  }

  /** What ran it broke down under it. */
  abandon() {
    this.#dropInput();
    this.output.finish();
    this.#body.style.minHeight = "";
    this.#enter("failed");
    this.#mine = "yours, cut short";
    if (this.output.lines || this.#body.childElementCount) this.tell(this.#mine);
    else this.#dropOutput();
  }

  #dropOutput() {
    this.showBook(true);
    this.output = null;
    this.tell("");
  }

  /** It stands as if it had never run here. */
  clear() {
    this.#dropInput();
    this.#note.hidden = true;
    this.#enter("");
    this.element.removeAttribute("data-cb-ran");
    this.#dropOutput();
  }

  /** It will not run after all. */
  drop() {
    this.#enter("");
    this.tell(this.hasOutput ? (this.showsBook ? "from the book" : this.#mine) : "");
  }

  /** @param {{step: string, bytes: number, total: number}} progress */
  showStart({ step, bytes, total }) {
    if (this.element.dataset.cbState !== "starting") this.#enter("starting");
    this.#note.hidden = true;
    this.#progress.hidden = false;
    if (total) {
      this.#progress.max = total;
      this.#progress.value = Math.min(bytes, total);
    } else this.#progress.removeAttribute("value");
    this.tell([step, amount(bytes, total)].filter(Boolean).join(", "));
  }

  /** Its turn has come. */
  begin() {
    const folded = this.element.querySelector("details.above-input:not([open])");
    if (folded?.contains(this.#result)) folded.open = true;
    this.#note.hidden = true;
    const height = (this.showsBook ? this.book : this.#body)?.offsetHeight ?? 0;
    this.#enter("running");
    this.#body.replaceChildren();
    this.#foot.replaceChildren();
    this.#body.removeAttribute("tabindex");
    noteResult(this.#result);
    // What follows on the page stays where it is until the new output is known.
    this.#body.style.minHeight = showsSlides() ? "" : `${Math.min(height, 400)}px`;
    this.output = new Output(this.#body, this.name, () => this.#drawn());
    this.#mine = "yours";
    this.showBook(false);
    this.tell("runs");
    const since = performance.now();
    let isSaid = false;
    this.#ticking = setInterval(() => {
      // Of what ends at once, its end is news enough.
      if (!isSaid) announce(`${this.name} runs`);
      isSaid = true;
      if (!this.#input) this.tell(`runs, ${duration(performance.now() - since)}`);
    }, 1000);
  }

  /** @param {import("../engines/engine.js").Message} message */
  take(message) {
    if (message.type === "stream") this.output.write(message.name, message.text);
    else if (message.type === "output") this.output.show(message.output);
    else if (message.waits) this.#ask();
    else this.#dropInput();
  }

  #ask() {
    if (this.#input) return;
    this.output.finish();
    this.tell("waits for you");
    announce(`${this.name} waits for input`);
    const hadFocus = this.element.contains(document.activeElement) || document.activeElement === document.body;
    this.#input = new InputLine(this.name, {
      line: (text) => this.keyboard.line(this, text),
      end: () => this.keyboard.end(this),
    });
    this.#foot.before(this.#input.element);
    if (hadFocus) this.#input.focus();
    this.#drawn();
  }

  /** Show what was typed. @param {string} text a line without its end */
  echo(text) {
    this.output.echo(text);
  }

  #dropInput() {
    if (this.#input?.hasFocus) this.button.focus({ preventScroll: true });
    this.#input?.element.remove();
    if (this.#input) this.tell("runs");
    this.#input = null;
  }

  /** @param {import("../engines/engine.js").Result} result */
  end({ status, end, milliseconds }) {
    this.#dropInput();
    this.output.finish();
    this.#body.style.minHeight = "";
    const isFine = status === 0 && end === "done";
    this.#enter(isFine ? "done" : "failed");
    this.element.setAttribute("data-cb-ran", "");
    const words = ENDS[end]?.(this.item.language)
      ?? (status !== 0 && this.item.language === "bash" ? `exit status ${status}` : "");
    if (words) this.#foot.append(make("p", `cb-result-word${isFine ? "" : " cb-result-bad"}`, words));
    const time = duration(milliseconds);
    this.#mine = `yours, ${time}`;
    this.tell(this.#mine);
    const how = isFine ? "finished" : end === "interrupted" ? "" : "failed";
    announce([[this.name, how].filter(Boolean).join(" "), words, time, this.#heard()].filter(Boolean).join(", "));
    this.#body.toggleAttribute("data-cb-silent", !this.#body.childElementCount);
    this.#drawn();
  }

  /** What it printed, for ears: the text if that is short. */
  #heard() {
    const { lines } = this.output;
    const text = this.#body.querySelector("iframe, img") ? "" : this.#body.textContent.trim().replace(/\s*\n\s*/g, ", ");
    if (!lines && !text) return "nothing printed";
    if (text && text.length <= READ_OUT) return `it says: ${text}`;
    return `${lines} ${lines === 1 ? "line" : "lines"}`;
  }

  /**
   * Say one sentence, with one thing to do about it.
   * @param {string} text
   * @param {Remedy} [remedy]
   * @param {boolean} [below] below what the cell printed, not instead of it
   */
  explain(text, remedy, below = false) {
    const place = below && !this.#result.hidden ? this.#foot : this.#note;
    if (place === this.#note) {
      if (this.element.dataset.cbState !== "failed") this.drop();
      place.replaceChildren();
      place.hidden = false;
    }
    place.append(make("p", "cb-result-word", text));
    announce(`${this.name}: ${text}`);
    if (remedy) this.offer(remedy, place);
    this.#drawn();
  }

  /**
   * Put a button behind what was said last.
   * @param {Remedy} remedy
   * @param {HTMLElement} [place]
   */
  offer(remedy, place = this.#foot) {
    place.lastElementChild.append(" ", makeButton(remedy.label, `${remedy.label}: ${this.name}`, remedy.action));
    announce(`Button: ${remedy.label}`);
    this.#drawn();
  }

  /** What was drawn must be reachable by keys, and fit on a slide. */
  #drawn() {
    if (showsSlides()) fitSlide(this.element);
    const scrolls = this.#body.scrollHeight > this.#body.clientHeight + 1
      || this.#body.scrollWidth > this.#body.clientWidth + 1;
    if (scrolls) this.#body.tabIndex = 0;
  }
}
