/** What is drawn after the key of the pen and before the pen's code has come: it is kept, and seen. */

/**
 * @typedef {object} HeldStroke
 * @property {HTMLElement} slide
 * @property {number} pointer `PointerEvent.pointerId`
 * @property {number[]} points x, y, x, y … in the slide's own pixels
 * @property {boolean} isDown whether it goes on
 * @property {SVGPathElement} line what is seen of it until then
 */

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 1280;
const HEIGHT = 720;
const root = document.documentElement;

/** @type {HeldStrokes | null} */
let holding = null;

/** Keep strokes from now on. @param deck Reveal, ready */
export function holdStrokes(deck) {
  holding ??= new HeldStrokes(deck);
}

/** Keep no more, and return what was kept. @returns {HeldStroke[]} */
export function releaseStrokes() {
  const strokes = holding?.end() ?? [];
  holding = null;
  return strokes;
}

class HeldStrokes {
  /** @type {HeldStroke[]} */
  #strokes = [];
  #listening = new AbortController();

  constructor(deck) {
    this.deck = deck;
    root.classList.add("cb-pen-comes");
    const listen = (name, action) => addEventListener(name, (event) => {
      // What is no slide, such as a button above it, works as ever.
      if (!(event.target instanceof Element) || !event.target.closest(".reveal .slides")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      action(event);
    }, { capture: true, passive: false, signal: this.#listening.signal });
    listen("pointerdown", (event) => this.#begin(event));
    listen("pointermove", (event) => this.#goOn(event));
    for (const name of ["pointerup", "pointercancel"]) listen(name, (event) => this.#stop(event));
    for (const name of ["mousedown", "click", "selectstart", "dragstart"]) listen(name, () => {});
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    const slide = this.deck.getCurrentSlide();
    if (!event.isPrimary || event.button > 0 || this.deck.isOverview()) return;
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("class", "cb-ink-comes");
    picture.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
    picture.setAttribute("aria-hidden", "true");
    const line = picture.appendChild(document.createElementNS(SVG, "path"));
    slide.append(picture);
    this.#strokes.push({ slide, pointer: event.pointerId, points: [], isDown: true, line });
    this.#goOn(event);
  }

  /** @param {PointerEvent} event */
  #goOn(event) {
    const stroke = this.#strokes.at(-1);
    if (!stroke?.isDown || stroke.pointer !== event.pointerId) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const one of passed.length ? passed : [event]) stroke.points.push(...placeOn(stroke.slide, one));
    const [x, y, ...rest] = stroke.points;
    stroke.line.setAttribute("d", `M${x} ${y}${rest.length ? `L${rest.join(" ")}` : "h.01"}`);
  }

  /** @param {PointerEvent} event */
  #stop(event) {
    const stroke = this.#strokes.at(-1);
    if (stroke?.pointer === event.pointerId) stroke.isDown = false;
  }

  end() {
    this.#listening.abort();
    root.classList.remove("cb-pen-comes");
    for (const { line } of this.#strokes) line.parentElement.remove();
    return this.#strokes;
  }
}

/** Where on a slide a pointer is. @param {Element} slide @param {{clientX: number, clientY: number}} event */
export function placeOn(slide, { clientX, clientY }) {
  const box = slide.getBoundingClientRect();
  return [
    Math.round((clientX - box.left) / box.width * WIDTH),
    Math.round((clientY - box.top) / box.height * HEIGHT),
  ];
}
