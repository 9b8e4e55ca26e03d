/** The line at a Python cell that says which interpreter runs it, when that can be in question. */

import { make, makeButton } from "./elements.js";

const BASE = /^\/usr\/(local\/)?bin\//;

/**
 * Name an interpreter as a reader would.
 * @param {string} program
 * @param {string} topic whose folder is the nearest
 * @returns {string} `python3`, `.venv`, `~/other/.venv`
 */
export function nameOf(program, topic) {
  if (BASE.test(program)) return program.replace(BASE, "");
  return program
    .replace(/\/bin\/python[\d.]*$/, "")
    .replace(/^.*\/home\/[^/]+\//, "~/")
    .replace(`~/${topic}/`, "");
}

export class InterpreterLine {
  #element = make("p", "cb-interpreter");
  #base = "/usr/local/bin/python3";

  /**
   * @param {import("./cell.js").Cell} cell a Python cell
   * @param {string} topic
   * @param {(program: string) => Promise<void>} use
   * @param {() => string} noun what is there beside environments: `machine`
   */
  constructor(cell, topic, use, noun) {
    this.noun = noun;
    this.cell = cell;
    this.topic = topic;
    this.use = use;
    this.#element.hidden = true;
    const place = cell.element.querySelector(":scope > .cell_input") ?? cell.element.querySelector(".cb-bar");
    place.after(this.#element);
  }

  /** @param {{program: string, active: string | null}} python */
  show({ program, active }) {
    if (BASE.test(program)) this.#base = program;
    const isBase = BASE.test(program);
    this.#element.hidden = !program || (isBase && !active);
    if (this.#element.hidden) return;
    const used = nameOf(program, this.topic);
    const name = make("span", "cb-interpreter-name", isBase ? `${used} of the ${this.noun()}` : `Python of ${used}`);
    name.title = program;
    const others = [];
    if (active && active !== program) others.push([active, `use ${nameOf(active, this.topic)}’s`]);
    if (!isBase) others.push([this.#base, `use the ${this.noun()}’s`]);
    const hadFocus = this.#element.contains(document.activeElement);
    this.#element.replaceChildren(name, ...others.flatMap(([other, words]) => [
      " · ",
      makeButton(words, `${words} Python for ${this.cell.name}`, () => this.use(other), "cb-link-button"),
    ]));
    if (hadFocus) (this.#element.querySelector("button") ?? this.cell.button).focus();
  }
}
