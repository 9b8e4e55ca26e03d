/** Larger code on one slide: code and output grow as far as they fit, then everything else steps aside. */

import { notice } from "./say.js";
import { loadToolStyles } from "./styles.js";

/** How much one press makes of a size. */
const STEP = 1.2;
/** Smallest gain that can be seen. */
const GAIN = 1.02;
/** Largest factor: a word of code then fills the slide. */
const MOST = 6;

/** Logical pixels of a long output that shall be seen of it at least. */
const LOWEST = 200;

/** @typedef {{factor: number, isAlone: boolean}} Size */

/** @type {WeakMap<Element, Size>} */
const sizes = new WeakMap();

/** @returns {Size} */
const usual = () => ({ factor: 1, isAlone: false });

/**
 * Change the size of the code on the slide that is shown.
 * @param deck Reveal, ready
 * @param {1 | -1 | 0} direction 0: back to the usual size
 */
export async function zoomCode(deck, direction) {
  await loadToolStyles();
  const slide = deck.getCurrentSlide();
  const body = slide?.querySelector(".cb-body");
  if (!body?.querySelector("pre")) {
    notice("There is no code on this slide.");
    return;
  }
  const now = sizes.get(slide) ?? usual();
  show(body, usual());
  const lines = linesOf(body);
  const fits = (size) => hasRoom(body, size) && linesOf(body).every((count, place) => count <= lines[place]);
  let next = usual();
  if (direction > 0) next = larger(fits, now);
  else if (direction < 0) next = smaller(fits, now);
  show(body, next);
  sizes.set(slide, next);
  const isMost = direction > 0 && next.factor < now.factor * GAIN;
  notice(isMost ? "As large as fits." : `Code at ${Math.round(next.factor * 100)} %.`);
}

/** @param {(size: Size) => boolean} fits @param {Size} now @returns {Size} */
function larger(fits, now) {
  const factor = Math.min(MOST, now.factor * STEP);
  if (!now.isAlone) {
    const wish = { factor, isAlone: false };
    if (fits(wish)) return wish;
    const most = largest(fits, now.factor, factor, false);
    if (most.factor >= now.factor * GAIN) return most;
  }
  const most = largest(fits, now.factor, factor, true);
  return most.factor >= now.factor * GAIN ? most : now;
}

/** @param {(size: Size) => boolean} fits @param {Size} now @returns {Size} */
function smaller(fits, now) {
  const factor = Math.max(1, now.factor / STEP);
  if (factor < GAIN) return usual();
  const shared = { factor, isAlone: false };
  return !now.isAlone || fits(shared) ? shared : { factor, isAlone: true };
}

/** Find the largest factor that fits, by halving. @returns {Size} */
function largest(fits, low, high, isAlone) {
  if (fits({ factor: high, isAlone })) return { factor: high, isAlone };
  for (let turn = 0; turn < 6; turn += 1) {
    const factor = (low + high) / 2;
    if (fits({ factor, isAlone })) low = factor;
    else high = factor;
  }
  return { factor: low, isAlone };
}

/** @param {HTMLElement} body of a slide @param {Size} size */
function show(body, { factor, isAlone }) {
  body.classList.toggle("cb-code-alone", isAlone);
  if (factor === 1) body.style.removeProperty("--cb-code-zoom");
  else body.style.setProperty("--cb-code-zoom", String(factor));
  // Outputs of live cells share out what is left of the slide.
  body.dispatchEvent(new Event("cb-fit", { bubbles: true }));
}

/** Whether all can be seen at a size: nothing sticks out, and no output is squeezed into a slit. */
function hasRoom(body, size) {
  show(body, size);
  if (body.scrollHeight > body.clientHeight + 1 || body.scrollWidth > body.clientWidth + 1) return false;
  if (body.querySelector(".cb-result-over, .cb-result-under")) return false;
  return [...body.querySelectorAll(".cb-result-body")].every(
    (output) => output.clientHeight >= Math.min(output.scrollHeight - 1, LOWEST),
  );
}

/** How many lines each piece of code takes as it is seen: a line that would go on in the next is too large. */
function linesOf(body) {
  return [...body.querySelectorAll("pre")].map((code) => {
    const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(code);
    const height = code.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    return Math.round(height / parseFloat(lineHeight));
  });
}
