/** The slim bar that says which engine runs, how far it is, and whose state the reader sees. */

import { amount, announce, make, makeButton } from "./elements.js";

/** @typedef {{label: string, action: () => void}} Remedy */

export class StatusBar {
  #element = make("aside", "cb-machine");
  #engine = make("span", "cb-machine-engine");
  #text = make("span", "cb-machine-text");
  #progress = make("progress", "cb-machine-progress");
  #remedy = make("span", "cb-machine-remedy");
  #actions = make("span", "cb-machine-actions");
  #step = "";
  /** @type {{name: unknown[] | null, say: unknown[] | null}} what it was told last */
  told = { name: null, say: null };

  /** @param {{more: (button: HTMLElement) => void, terminal: () => void}} wishes */
  constructor({ more, terminal }) {
    this.#element.setAttribute("aria-label", "The machine that runs cells");
    this.#progress.setAttribute("aria-label", "Starting the machine");
    this.#progress.hidden = true;
    this.#element.hidden = true;
    this.terminal = makeButton("Terminal", "Terminal, opens a drawer", terminal, "cb-machine-button");
    this.terminal.hidden = true;
    this.more = makeButton("", "More about the machine", () => more(this.more), "cb-machine-button cb-more");
    this.more.setAttribute("aria-haspopup", "menu");
    this.#actions.append(this.terminal, this.more);
    this.#element.append(this.#engine, this.#text, this.#progress, this.#remedy, this.#actions);
    document.body.append(this.#element);
  }

  /** @param {"" | "off" | "starting" | "ready" | "busy" | "trouble"} state @param {string} text @param {Remedy} [remedy] */
  say(state, text, remedy) {
    this.told.say = [state, text, remedy];
    this.#element.hidden = false;
    document.documentElement.classList.add("cb-machine-shown");
    this.#element.dataset.cbMachine = state;
    this.#text.textContent = text;
    if (state !== "starting") this.#progress.hidden = true;
    const hadFocus = this.#remedy.contains(document.activeElement);
    this.#remedy.replaceChildren(
      ...(remedy ? [makeButton(remedy.label, remedy.label, remedy.action, "cb-machine-button")] : []),
    );
    if (hadFocus) this.more.focus();
    if (state === "trouble") announce(remedy ? `${text} Button: ${remedy.label}` : text);
  }

  /** @param {string} label @param {string} why @param {boolean} hasTerminal */
  name(label, why, hasTerminal) {
    this.told.name = [label, why, hasTerminal];
    this.#engine.textContent = label;
    this.#engine.title = why;
    this.terminal.hidden = !hasTerminal;
  }

  /** @param {{step: string, bytes: number, total: number}} progress */
  showStart({ step, bytes, total }) {
    if (step !== this.#step) announce(step);
    this.#step = step;
    this.say("starting", [step, amount(bytes, total)].filter(Boolean).join(", "));
    this.#progress.hidden = false;
    if (total) {
      this.#progress.max = total;
      this.#progress.value = Math.min(bytes, total);
    } else this.#progress.removeAttribute("value");
  }
}
