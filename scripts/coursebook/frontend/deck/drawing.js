/** Drawing on slides, with mouse, finger or pen. The drawing lies on its slide and is scaled with it. */

import { DrawingTools } from "./drawing_tools.js";
import { Ink, isTouched, pathOf } from "./ink.js";
import { closed, opened } from "./leaving.js";
import { notice, say } from "./say.js";
import { loadToolStyles } from "./styles.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1280;
const HEIGHT = 720;
/** Which bit of `PointerEvent.buttons` is the other end of a pen. */
const ERASER_END = 32;

/** @type {Promise<Drawing> | null} */
let made = null;

/**
 * The drawing of this deck; what was kept of it is shown.
 * @param deck Reveal, ready
 * @returns {Promise<Drawing>}
 */
export function drawingOn(deck) {
  made ??= loadToolStyles().then(() => new Drawing(deck));
  made.catch(() => { made = null; });
  return made;
}

class Drawing {
  #ink = new Ink(`cb-drawing ${location.pathname}`);
  /** @type {DrawingTools | null} while it is on */
  #tools = null;
  /** Whether a pen was used: then a hand that lies on the screen draws nothing. */
  #hasPen = false;
  #close = () => this.toggle();

  /** @param deck Reveal, ready */
  constructor(deck) {
    this.deck = deck;
    for (const id of this.#ink.slides) {
      const slide = document.getElementById(id);
      if (slide) this.#draw(slide);
    }
    deck.on("slidechanged", () => this.#tools && this.#surface(this.#slide));
  }

  get #slide() {
    return this.deck.getCurrentSlide();
  }

  /** Take the pen, or put it away. */
  toggle() {
    const isOn = !this.#tools;
    document.documentElement.classList.toggle("cb-drawing", isOn);
    if (isOn) {
      this.#tools = new DrawingTools({
        undo: () => this.undo(),
        clear: () => this.clear(),
        done: () => this.toggle(),
      });
      this.#surface(this.#slide);
      opened(this.#close);
    } else {
      this.#tools.remove();
      this.#tools = null;
      closed(this.#close);
    }
    say(isOn ? "Drawing is on. Escape ends it." : "Drawing is off; it stays on its slides.");
  }

  /** Take the eraser, or the pen again. */
  toggleEraser() {
    if (this.#tools) this.#tools.isEraser = !this.#tools.isEraser;
  }

  undo() {
    if (this.#ink.undo(this.#slide.id)) this.#draw(this.#slide);
    else notice("Nothing was drawn on this slide since it was opened.");
  }

  clear() {
    if (this.#ink.on(this.#slide.id).length) this.#change(this.#slide, []);
  }

  #change(slide, strokes) {
    if (!this.#ink.change(slide.id, strokes)) {
      notice("The browser cannot keep more: what you draw is gone when the page is loaded again.");
    }
    this.#draw(slide);
  }

  /** What one draws on: it lies on a slide. @param {HTMLElement} slide @returns {SVGSVGElement} */
  #surface(slide) {
    const there = slide.querySelector(":scope > svg.cb-ink");
    if (there) return there;
    const surface = document.createElementNS(SVG, "svg");
    surface.setAttribute("class", "cb-ink");
    surface.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    surface.setAttribute("aria-hidden", "true");
    surface.addEventListener("pointerdown", (event) => this.#begin(event, slide, surface));
    slide.append(surface);
    return surface;
  }

  #draw(slide) {
    this.#surface(slide).replaceChildren(...this.#ink.on(slide.id).map(lineOf));
  }

  /** @param {PointerEvent} event @param {HTMLElement} slide @param {SVGSVGElement} surface */
  #begin(event, slide, surface) {
    if (!this.#tools || !event.isPrimary || event.button > 0 && event.button !== 5) return;
    if (event.pointerType === "pen") this.#hasPen = true;
    else if (event.pointerType === "touch" && this.#hasPen) return;
    event.preventDefault();
    surface.setPointerCapture(event.pointerId);
    const isEraser = this.#tools.isEraser || (event.buttons & ERASER_END) > 0;
    const work = isEraser ? this.#erase(slide) : this.#stroke(slide, surface);
    const at = ({ clientX, clientY }) => {
      const box = surface.getBoundingClientRect();
      return [
        Math.round((clientX - box.left) / box.width * WIDTH),
        Math.round((clientY - box.top) / box.height * HEIGHT),
      ];
    };
    work.move(...at(event));
    const ends = new AbortController();
    const listen = (name, action) => surface.addEventListener(name, (other) => {
      if (other.pointerId === event.pointerId) action(other);
    }, { signal: ends.signal });
    listen("pointermove", (other) => {
      const passed = other.getCoalescedEvents?.() ?? [];
      for (const one of passed.length ? passed : [other]) work.move(...at(one));
    });
    listen("pointerup", () => { ends.abort(); work.end(); });
    listen("pointercancel", () => { ends.abort(); work.end(); });
  }

  #stroke(slide, surface) {
    const stroke = { colour: this.#tools.colour, points: [] };
    const line = surface.appendChild(lineOf({ ...stroke, points: [0, 0] }));
    return {
      move(x, y) {
        if (stroke.points.at(-2) === x && stroke.points.at(-1) === y) return;
        stroke.points.push(x, y);
        line.setAttribute("d", pathOf(stroke.points));
      },
      end: () => this.#change(slide, [...this.#ink.on(slide.id), stroke]),
    };
  }

  #erase(slide) {
    let left = this.#ink.on(slide.id);
    const lines = new Map(left.map((stroke, place) => [stroke, this.#surface(slide).children[place]]));
    return {
      move(x, y) {
        for (const stroke of left.filter((one) => isTouched(one, x, y))) lines.get(stroke).remove();
        left = left.filter((one) => !isTouched(one, x, y));
      },
      end: () => left.length < lines.size && this.#change(slide, left),
    };
  }
}

/** @param {import("./ink.js").Stroke} stroke */
function lineOf({ colour, points }) {
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("class", "cb-stroke");
  line.setAttribute("data-cb-ink", colour);
  line.setAttribute("d", pathOf(points));
  return line;
}
