/** What all kinds of questions share: a button, what is said of an answer, and what is kept of it. */

import { make, makeButton } from "./elements.js";

export class Question {
  isRight = false;
  /** Told when an answer was found right, or looked up. @type {() => void} */
  onKnown = () => {};
  /** Told when all answers are forgotten. @type {() => void} */
  onStartOver = () => {};
  #progress;
  #said = make("span", "cb-said-here");
  #bar = make("p", "cb-check-bar");

  /** @param {HTMLElement} element @param {import("./progress.js").Progress} progress */
  constructor(element, progress) {
    this.element = element;
    this.#progress = progress;
    /** The fold with the answer. @type {HTMLDetailsElement | null} */
    this.fold = element.querySelector(":scope > .cb-answer");
    this.#said.setAttribute("role", "status");
    this.fold?.addEventListener("toggle", () => {
      if (this.fold.open) this.onKnown();
    });
  }

  /** What is kept of an earlier visit. */
  get kept() {
    return this.#progress.recall(this.element.id, this.element.dataset.cbAsked);
  }

  /** Put a button above the fold, and behind it the place where answers are judged. @param {() => void} check */
  offer(check) {
    this.button = makeButton("Check", check);
    this.#bar.append(this.button, this.#said);
    if (this.fold) this.fold.before(this.#bar);
    else this.element.append(this.#bar);
    this.fold?.classList.add("cb-with-form");
  }

  /**
   * Say how good an answer is.
   * @param {string} text
   * @param {"right" | "wrong" | ""} verdict "": there is no answer yet
   */
  say(text, verdict) {
    this.#said.textContent = text;
    if (verdict) this.element.dataset.cbVerdict = verdict;
    else delete this.element.dataset.cbVerdict;
  }

  /**
   * Judge an answer: say so, and keep it.
   * @param {boolean} right
   * @param {string} text
   * @param {unknown} answer what is needed to show it again
   */
  judge(right, text, answer) {
    this.isRight = right;
    this.say(text, right ? "right" : "wrong");
    this.#progress.keep(this.element.id, { asked: this.element.dataset.cbAsked, right, answer });
    if (right) this.onKnown();
  }

  startOver() {
    this.isRight = false;
    this.say("", "");
    if (this.fold) this.fold.open = false;
    this.onStartOver();
  }

  focus() {
    this.element.querySelector("input, select, button, textarea")?.focus();
  }

  /** Why an answer is right or wrong, copied from the fold. @param {string} letter @returns {Node[]} */
  why(letter) {
    const item = this.fold?.querySelector(`.cb-whys > li[data-cb-of="${letter}"]`);
    return [...(item?.cloneNode(true).childNodes ?? [])].filter((node) => !node.classList?.contains("cb-letter"));
  }
}
