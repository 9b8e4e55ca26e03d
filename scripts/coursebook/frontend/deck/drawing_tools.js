/** What one draws with: colours, eraser, undo. A bar at the lower edge, for mouse, finger and keys. */

import { make } from "./dialog.js";

/** Colours by the names under which strokes are kept; tools.css knows them. */
const COLOURS = { warm: "Orange pen", accent: "Teal pen", ink: "Pen in the colour of text" };

export const USUAL_COLOUR = "warm";

export class DrawingTools {
  #bar = make("section", "cb-draw-bar");
  #pens = new Map();
  #eraser = this.#button("Eraser", () => { this.isEraser = !this.isEraser; });
  #colour = USUAL_COLOUR;
  #isEraser = false;

  /** @param {{undo: () => void, clear: () => void, done: () => void}} tell */
  constructor({ undo, clear, done }) {
    this.#bar.setAttribute("aria-label", "Drawing");
    for (const [colour, name] of Object.entries(COLOURS)) {
      const pen = this.#button("", () => { this.colour = colour; });
      pen.classList.add("cb-draw-pen");
      pen.dataset.cbInk = colour;
      pen.setAttribute("aria-label", name);
      pen.title = name;
      this.#pens.set(colour, pen);
    }
    this.#bar.append(
      ...this.#pens.values(), this.#eraser,
      this.#button("Undo", undo), this.#button("Clear", clear), this.#button("Done", done),
    );
    document.body.append(this.#bar);
    this.#tell();
  }

  get colour() {
    return this.#colour;
  }

  set colour(colour) {
    this.#colour = colour;
    this.isEraser = false;
  }

  get isEraser() {
    return this.#isEraser;
  }

  set isEraser(isEraser) {
    this.#isEraser = isEraser;
    this.#tell();
  }

  remove() {
    this.#bar.remove();
  }

  #tell() {
    document.documentElement.classList.toggle("cb-erasing", this.#isEraser);
    this.#eraser.setAttribute("aria-pressed", String(this.#isEraser));
    for (const [colour, pen] of this.#pens) {
      pen.setAttribute("aria-pressed", String(!this.#isEraser && colour === this.#colour));
    }
  }

  #button(text, action) {
    const button = make("button", "cb-draw-button", text);
    button.addEventListener("click", action);
    return button;
  }
}
