/** What was drawn: strokes of each slide, in the slide's own pixels, kept for the visit. */

/** @typedef {{colour: string, points: number[]}} Stroke points are x, y, x, y … */

/** Logical pixels around a stroke in which the eraser takes it. */
const REACH = 14;

export class Ink {
  /** @type {Map<string, Stroke[]>} id of the slide → strokes; a list is never changed, only replaced */
  #strokes;
  /** @type {Map<string, Stroke[][]>} what stood there before each change of this page */
  #past = new Map();

  /** @param {string} name under which it is kept */
  constructor(name) {
    this.name = name;
    this.#strokes = new Map(Object.entries(read(name)));
  }

  get slides() {
    return [...this.#strokes.keys()];
  }

  /** @param {string} slide @returns {Stroke[]} */
  on(slide) {
    return this.#strokes.get(slide) ?? [];
  }

  /**
   * Let other strokes stand on a slide.
   * @param {string} slide
   * @param {Stroke[]} strokes
   * @returns {boolean} whether it could be kept
   */
  change(slide, strokes) {
    this.#past.set(slide, [...(this.#past.get(slide) ?? []), this.on(slide)]);
    return this.#put(slide, strokes);
  }

  /** Take the last change of a slide back. @param {string} slide @returns {boolean} whether there was one */
  undo(slide) {
    const past = this.#past.get(slide) ?? [];
    if (!past.length) return false;
    this.#put(slide, past.pop());
    return true;
  }

  #put(slide, strokes) {
    if (strokes.length) this.#strokes.set(slide, strokes);
    else this.#strokes.delete(slide);
    try {
      if (this.#strokes.size) sessionStorage.setItem(this.name, JSON.stringify(Object.fromEntries(this.#strokes)));
      else sessionStorage.removeItem(this.name);
      return true;
    } catch {
      return false; // storage is full or forbidden: it is seen, and gone with the page
    }
  }
}

/** @param {string} name @returns {Record<string, Stroke[]>} */
function read(name) {
  try {
    return JSON.parse(sessionStorage.getItem(name) ?? "{}");
  } catch {
    return {};
  }
}

/** Whether the eraser at a place touches a stroke. @param {Stroke} stroke @param {number} x @param {number} y */
export function isTouched({ points }, x, y) {
  for (let at = 0; at < points.length; at += 2) {
    const from = Math.max(0, at - 2);
    if (distance(x, y, points[from], points[from + 1], points[at], points[at + 1]) <= REACH) return true;
  }
  return false;
}

/** From a point to a segment. */
function distance(x, y, fromX, fromY, toX, toY) {
  const [width, height] = [toX - fromX, toY - fromY];
  const length = width * width + height * height;
  const along = length ? Math.max(0, Math.min(1, ((x - fromX) * width + (y - fromY) * height) / length)) : 0;
  return Math.hypot(x - fromX - along * width, y - fromY - along * height);
}

/** Write a stroke as the `d` of a path: a curve through the middles between its points. @param {number[]} points */
export function pathOf(points) {
  const [x, y] = points;
  if (points.length < 4) return `M${x} ${y}h.01`;
  let path = `M${x} ${y}`;
  for (let at = 2; at < points.length - 2; at += 2) {
    const middle = [(points[at] + points[at + 2]) / 2, (points[at + 1] + points[at + 3]) / 2];
    path += `Q${points[at]} ${points[at + 1]} ${middle[0]} ${middle[1]}`;
  }
  return `${path}L${points.at(-2)} ${points.at(-1)}`;
}
