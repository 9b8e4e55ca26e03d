// Finds what does not fit on a slide. `course.py check` and the tests load it into a deck, and
// `course.py serve` into the decks that it serves; no published file holds it.
//
// All lengths are logical pixels: a slide is 1280 × 720, however large it is shown. A drawing's words
// are measured where the drawing stands in the page; what an <img> shows, nobody can look into.

import { keepParts, pathTo } from "./parts.js";

/** Logical pixels that rounding may cost. */
const TOLERANCE = 1;

/** The smallest text that the last row can read, and what rounding may cost it. */
const SMALLEST = 20;
const SMALLEST_TOLERANCE = 0.5;

/** What is not measured: notes, and outputs that run live, which fit themselves and may scroll. */
const LEFT_OUT = "aside.notes, .cb-result";

/** What is small by its nature: exponents, and the same in formulas. */
const SMALL_BY_NATURE = "sup, sub, math";

/** Elements that browsers confine by themselves, without cutting anything. */
const SHOWN_WHOLE = "img, svg, video, canvas, iframe, input, button, math, math *";

/** Cut on purpose, with all of it a click away. */
const CUT_ON_PURPOSE = "cb-clipped";

/**
 * @typedef {{kind: "over" | "cut" | "scrolls" | "small", sides: Record<string, number>,
 *            child: number, path: number[], what: string, text: string, step: boolean,
 *            footer: boolean}} Finding
 *   `child` counts the children of the slide's body, -1 for none, and `path` what such a child is
 *   made of: which part, and which part of that. `sides` holds the pixels beyond each side; for small text, its size.
 * @typedef {{tab: string, folds: string, findings: Finding[]}} State
 *   What was open while these were found: one tab of each set, and what can be folded.
 */

/** Wait until nothing that is still on its way can change a measure. */
export async function settle() {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => {
    image.loading = "eager";
    return image.decode().catch(() => {});
  }));
}

/** Keep the address as it is while slides are turned, and say how many there are. */
export function prepare(deck) {
  deck.configure({ hash: false, history: false });
  return deck.getSlides().length;
}

/**
 * Turn to a slide, show all its steps, and measure it with each of its tabs and all folds open.
 * @param deck Reveal, ready.
 * @param {number} place of the slide, from 0.
 * @returns {{id: string, children: number, states: State[]}}
 */
export function measure(deck, place) {
  const slide = turnTo(deck, place);
  return { id: slide.id, children: slide.querySelector(".cb-body").children.length, states: states(deck, slide) };
}

/**
 * Try whether a part of a slide would fit if it were a slide of its own.
 * @param deck Reveal, ready.
 * @param {number} place of the slide, from 0.
 * @param {(boolean | [[number, number][], [number, number][]])[]} kept which children of the body
 *   stay; of some, only what stands from one part to another, see `keepParts`.
 * @param {string[]} sizes the classes for slides that hold much, as this part would have them.
 * @param {string[]} allSizes all such classes.
 */
export function fits(deck, place, kept, sizes, allSizes) {
  const slide = turnTo(deck, place);
  const body = slide.querySelector(".cb-body");
  const classes = slide.className;
  const trial = /** @type {HTMLElement} */ (body.cloneNode(true));
  let isAsThought = true;
  [...trial.children].forEach((child, number) => {
    const keep = kept[number];
    if (keep === false) child.remove();
    else if (Array.isArray(keep)) isAsThought = keepParts(child, ...keep) && isAsThought;
  });
  // Where a library has made something else of a block, nothing is known of its parts.
  if (!isAsThought) return false;
  slide.classList.remove(...allSizes);
  slide.classList.add(...sizes);
  body.replaceWith(trial);
  try {
    return states(deck, slide).every(({ findings }) => (
      findings.every(({ kind, sides }) => kind !== "over" || !(sides.bottom || sides.top))
    ));
  } finally {
    trial.replaceWith(body);
    slide.className = classes;
  }
}

/**
 * Measure a slide as it is shown at this moment.
 * @param deck Reveal, ready.
 * @param {Element} slide that is shown.
 * @returns {Finding[]}
 */
export function measureAsShown(deck, slide) {
  const scale = deck.getScale();
  const body = slide.querySelector(".cb-body");
  const room = body.getBoundingClientRect();
  const footer = slide.querySelector(".cb-foot")?.getBoundingClientRect();
  /** @type {Map<string, Finding>} */
  const found = new Map();
  /** What was found because of a box that is drawn: a text in it says better where it is too low. */
  const drawn = new Set();
  const note = (kind, node, sides) => {
    const element = node instanceof Element ? node : node.parentElement;
    const child = [...body.children].findIndex((one) => one.contains(element));
    const path = child < 0 ? [] : pathTo(body.children[child], element);
    for (const [side, pixels] of Object.entries(sides)) {
      const axis = kind === "small" ? "size" : side === "top" || side === "bottom" ? "down" : "across";
      // Of what is too low the first counts, because there the slide is full; else the worst.
      const key = kind === "over" && axis === "down" ? "down" : `${kind} ${axis} ${child}`;
      const known = found.get(key);
      if (!known) {
        const text = node.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
        const step = element.closest(".fragment") !== null;
        const finding = { kind, sides: { [side]: pixels }, child, path, what: element.localName, text, step, footer: false };
        found.set(key, finding);
        if (element === node) drawn.add(finding);
        continue;
      }
      const better = kind === "small" ? Math.min : Math.max;
      const isWorse = better(pixels, known.sides[side] ?? pixels) === pixels;
      const isNearer = element !== node && child === known.child && drawn.delete(known);
      if (key === "down" ? isNearer : isWorse) {
        known.text = node.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
        known.what = element.localName;
        known.path = path;
      }
      known.sides[side] = better(known.sides[side] ?? pixels, pixels);
    }
  };
  const compare = (node, box) => {
    const beyond = {
      left: room.left - box.left,
      right: box.right - room.right,
      top: room.top - box.top,
      bottom: box.bottom - room.bottom,
    };
    const sides = {};
    for (const [side, by] of Object.entries(beyond)) {
      const pixels = Math.round(by / scale);
      if (pixels > TOLERANCE) sides[side] = pixels;
    }
    if (Object.keys(sides).length === 0) return;
    note("over", node, sides);
    if (sides.bottom && footer && box.bottom > footer.top + TOLERANCE * scale) found.get("down").footer = true;
  };
  for (const { node, box, inside } of pieces(body)) {
    if (node instanceof Text) {
      if (!inside) for (const line of box) compare(node, line);
      const size = textSize(node.parentElement, scale);
      if (size < SMALLEST - SMALLEST_TOLERANCE && !node.parentElement.closest(SMALL_BY_NATURE)) {
        note("small", node, { size: Math.round(size * 10) / 10 });
      }
      continue;
    }
    if (!inside && paints(node)) compare(node, box);
    if (node.matches(SHOWN_WHOLE)) continue;
    const style = getComputedStyle(node);
    if (style.display === "inline") continue;
    for (const [side, hidden, overflow] of [
      ["right", node.scrollWidth - node.clientWidth, style.overflowX],
      ["bottom", node.scrollHeight - node.clientHeight, style.overflowY],
    ]) {
      if (!confines(overflow) || hidden <= TOLERANCE || node.classList.contains(CUT_ON_PURPOSE)) continue;
      note(overflow === "auto" || overflow === "scroll" ? "scrolls" : "cut", node, { [side]: hidden });
    }
  }
  return [...found.values()];
}

/** Turn to a slide and show all its steps. */
export function turnTo(deck, place) {
  const slide = deck.getSlides()[place];
  const { h, v } = deck.getIndices(slide);
  deck.slide(h, v);
  for (const step of slide.querySelectorAll(".fragment")) step.classList.add("visible");
  return slide;
}

/** Measure a slide with the first, second … tab of each set, its folds closed and open. */
function states(deck, slide) {
  const sets = [...slide.querySelectorAll(".sd-tab-set")].map((set) => [...set.querySelectorAll(":scope > input")]);
  const chosen = sets.map((inputs) => inputs.findIndex((input) => input.checked));
  const folds = [...slide.querySelectorAll(".cb-body details")];
  const opened = folds.map((fold) => fold.open);
  const found = [];
  const tabs = Math.max(1, ...sets.map((inputs) => inputs.length));
  for (let tab = 0; tab < tabs; tab += 1) {
    const names = sets.map((inputs) => choose(inputs, tab)).filter((name) => name);
    for (const open of folds.length && !opened.every((one) => one) ? [false, true] : [true]) {
      folds.forEach((fold, place) => { fold.open = open || opened[place]; });
      found.push({
        tab: [...new Set(names)].join(", "),
        folds: open ? folds.filter((_, place) => !opened[place]).map(summary).join(", ") : "",
        findings: measureAsShown(deck, slide),
      });
    }
  }
  sets.forEach((inputs, place) => choose(inputs, chosen[place]));
  folds.forEach((fold, place) => { fold.open = opened[place]; });
  return found;
}

/** Show a tab of a set; a set that has fewer keeps its last. Return what is written on it. */
function choose(inputs, tab) {
  const input = inputs[Math.min(tab, inputs.length - 1)];
  if (!input) return "";
  input.checked = true;
  return input.nextElementSibling?.textContent.trim() ?? "";
}

function summary(fold) {
  return fold.querySelector("summary")?.textContent.trim() ?? "";
}

/**
 * Walk through what a slide shows: elements with their box, texts with the boxes of their lines.
 *
 * `inside` tells what stands in something that cuts or scrolls: it cannot stick out itself.
 */
function* pieces(parent, inside = false) {
  // What is folded away has a place all the same.
  const folded = parent.localName === "details" && !parent.open;
  for (const node of folded ? parent.querySelectorAll(":scope > summary") : parent.childNodes) {
    if (node instanceof Text) {
      if (!node.data.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = [...range.getClientRects()].filter((line) => line.width > 0 && line.height > 0);
      if (box.length) yield { node, box, inside };
      continue;
    }
    if (!(node instanceof Element) || node.matches(LEFT_OUT)) continue;
    const style = getComputedStyle(node);
    if (style.display === "none") continue;
    if (style.visibility === "hidden" && !node.closest(".fragment")) continue;
    if (style.position === "absolute" && style.opacity === "0") continue; // inputs behind tabs
    const box = node.getBoundingClientRect();
    const drawing = node instanceof SVGElement;
    const forEarsOnly = style.position === "absolute" && box.width <= 1 && box.height <= 1;
    if (forEarsOnly) continue;
    if (style.display !== "contents" && (!drawing || node.matches("svg:not(svg svg)"))) yield { node, box, inside };
    // What a drawing holds is as large as the drawing, but for its words.
    const confined = drawing || (style.display !== "inline" && (confines(style.overflowX) || confines(style.overflowY)));
    yield* pieces(node, inside || confined);
  }
}

function confines(overflow) {
  return overflow !== "visible" && overflow !== "";
}

/** Tell whether an element shows something itself; a mere holder may have negative margins. */
function paints(element) {
  if (element.matches("img, svg, video, canvas, iframe, input, hr")) return true;
  const style = getComputedStyle(element);
  const background = !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor);
  const border = ["Top", "Right", "Bottom", "Left"].some((side) => parseFloat(style[`border${side}Width`]) > 0);
  return background || border;
}

/** Return the size of an element's text, as large as a drawing shows it. */
function textSize(element, scale) {
  const size = parseFloat(getComputedStyle(element).fontSize);
  const matrix = element instanceof SVGGraphicsElement ? element.getScreenCTM() : null;
  return matrix ? (size * Math.sqrt(Math.abs(matrix.a * matrix.d - matrix.b * matrix.c))) / scale : size;
}
