/** The clock of a question that is answered aloud: the reader starts it, stops it, and begins again. */

import { make, makeButton } from "./elements.js";

/** Milliseconds between two looks at the time. */
const TICK = 200;

/** Seconds before the end that are told to ears. */
const WARNING = 10;

export class Clock {
  #left;
  #total;
  /** When it ends, by `performance.now()`; 0 while it stands. */
  #end = 0;
  #ticking = 0;
  #isWarned = false;
  #said = make("span", "cb-unseen");
  #bar = make("progress", "cb-timer-bar");

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.#total = this.#left = Number(element.dataset.cbSeconds) * 1000;
    this.time = element.querySelector(".cb-timer-time");
    this.time.setAttribute("role", "timer");
    this.#bar.max = this.#total;
    this.#bar.setAttribute("aria-hidden", "true");
    this.#said.setAttribute("role", "status");
    this.start = makeButton("Start", () => this.#press());
    this.again = makeButton("Again", () => this.#begin(), { className: "cb-quiet-button" });
    element.append(this.start, this.again, this.#bar, this.#said);
    this.#begin();
  }

  #begin() {
    this.#stop();
    this.#left = this.#total;
    this.#isWarned = false;
    this.#said.textContent = "";
    this.#show();
  }

  #press() {
    if (this.#end) {
      this.#left = Math.max(0, this.#end - performance.now());
      this.#stop();
    } else {
      if (!this.#left) this.#begin();
      this.#end = performance.now() + this.#left;
      this.#ticking = setInterval(() => this.#tick(), TICK);
    }
    this.#show();
  }

  #stop() {
    clearInterval(this.#ticking);
    this.#end = 0;
  }

  #tick() {
    this.#left = Math.max(0, this.#end - performance.now());
    if (!this.#isWarned && this.#left <= WARNING * 1000 && this.#total > 2 * WARNING * 1000) {
      this.#isWarned = true;
      this.#said.textContent = `${WARNING} seconds left`;
    }
    if (!this.#left) {
      this.#stop();
      this.#said.textContent = "Time is up";
    }
    this.#show();
  }

  #show() {
    const seconds = Math.ceil(this.#left / 1000);
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (this.time.textContent !== text) this.time.textContent = text;
    // A bar that moves all the time draws the eye; once a second is enough.
    this.#bar.value = this.#total - seconds * 1000;
    this.start.textContent = this.#end ? "Pause" : this.#left === this.#total ? "Start" : this.#left ? "Go on" : "Start";
    this.element.dataset.cbTimer = this.#end ? "runs" : this.#left ? "stands" : "over";
    this.again.hidden = this.#left === this.#total && !this.#end;
  }
}
