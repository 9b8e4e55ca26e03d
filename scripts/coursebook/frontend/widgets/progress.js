/** What a reader has answered on a page, kept in this browser alone. */

import { make, makeButton } from "./elements.js";

/** What is kept of a page has this name, and then the page's own. */
const KEY = "cb-answered ";

/** @typedef {{asked: string, right: boolean, answer: unknown}} Kept an answer, and what had been asked */

export class Progress {
  #name;
  /** @type {Record<string, Kept>} */
  #kept;
  #line = make("p", "cb-progress");
  #count = make("span", "", "");
  /** @type {import("./question.js").Question[]} */
  #questions = [];

  /** @param {string} page */
  constructor(page) {
    this.#name = KEY + page;
    try {
      this.#kept = JSON.parse(localStorage.getItem(this.#name) ?? "{}");
    } catch {
      this.#kept = {}; // forbidden, as in some private windows, or written by somebody else
    }
  }

  /**
   * Recall an answer; one to a question that has changed since is forgotten.
   * @param {string} id
   * @param {string} asked
   * @returns {Kept | null}
   */
  recall(id, asked) {
    const kept = this.#kept[id];
    return kept?.asked === asked ? kept : null;
  }

  /** @param {string} id @param {Kept} kept */
  keep(id, kept) {
    this.#kept[id] = kept;
    this.#write();
    this.#tell();
  }

  #write() {
    try {
      if (Object.keys(this.#kept).length) localStorage.setItem(this.#name, JSON.stringify(this.#kept));
      else localStorage.removeItem(this.#name);
    } catch {
      // Nothing can be kept: the answers last as long as the page stands.
    }
  }

  /** Say below the last question how far the reader is. @param {import("./question.js").Question[]} questions */
  show(questions) {
    this.#questions = questions;
    if (!questions.length) return;
    this.#line.append(this.#count, makeButton("Start over", () => this.#startOver(), {
      className: "cb-quiet-button",
      name: "Start over: forget my answers on this page",
    }));
    questions.at(-1).element.after(this.#line);
    this.#tell();
  }

  #tell() {
    const right = this.#questions.filter(({ isRight }) => isRight).length;
    this.#count.textContent = `${right} of ${this.#questions.length} done on this page.`;
    this.#line.hidden = !Object.keys(this.#kept).length;
  }

  #startOver() {
    this.#kept = {};
    this.#write();
    for (const question of this.#questions) question.startOver();
    this.#tell();
    this.#questions[0].focus();
  }
}
