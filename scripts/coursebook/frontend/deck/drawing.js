/** Drawing on slides, with mouse, finger or pen. The drawing lies on its slide and is scaled with it. */

import { DrawingTools, USUAL_COLOUR } from "./drawing_tools.js";
import { placeOn } from "./held_strokes.js";
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

  /** Let strokes stand, and go on, that were begun before. @param {import("./held_strokes.js").HeldStroke[]} strokes */
  take(strokes) {
    for (const { slide, pointer, points, isDown } of strokes) {
      const surface = this.#surface(slide);
      const work = this.#stroke(slide, surface);
      for (let at = 0; at < points.length; at += 2) work.move(points[at], points[at + 1]);
      if (isDown && this.#tools) this.#follow(pointer, surface, work);
      else work.end();
    }
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
    const isEraser = this.#tools.isEraser || (event.buttons & ERASER_END) > 0;
    const work = isEraser ? this.#erase(slide) : this.#stroke(slide, surface);
    work.move(...placeOn(surface, event));
    this.#follow(event.pointerId, surface, work);
  }

  /** @param {number} pointer @param {SVGSVGElement} surface @param {{move: (x: number, y: number) => void, end: () => void}} work */
  #follow(pointer, surface, work) {
    try {
      surface.setPointerCapture(pointer);
    } catch {
      // It went while the code came.
      work.end();
      return;
    }
    const ends = new AbortController();
    const listen = (name, action) => surface.addEventListener(name, (event) => {
      if (event.pointerId === pointer) action(event);
    }, { signal: ends.signal });
    listen("pointermove", (event) => {
      const passed = event.getCoalescedEvents?.() ?? [];
      for (const one of passed.length ? passed : [event]) work.move(...placeOn(surface, one));
    });
    for (const name of ["pointerup", "pointercancel"]) listen(name, () => { ends.abort(); work.end(); });
  }

  #stroke(slide, surface) {
    const stroke = { colour: this.#tools?.colour ?? USUAL_COLOUR, points: [] };
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
