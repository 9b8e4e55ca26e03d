/* Makes things fit on paper, which can neither scroll nor be turned to another tab. */

/** Pixels that rounding may cost. */
const TOLERANCE = 1;

/** How often the best size is looked for; each time the doubt is halved. */
const TRIES = 7;

const SMALLEST = 0.2;

/**
 * Make slides smaller whose content is larger than they are.
 * @param {Document} document A deck on sheets.
 * @returns {Record<string, number>} Slides that were made smaller: id → percent of their size.
 */
export function fitSlides(document) {
  const shrunk = {};
  for (const slide of document.querySelectorAll(".cb-sheet > .cb-slide")) {
    const body = slide.querySelector(".cb-body");
    if (!body || fits(body)) continue;
    let [small, large] = [SMALLEST, 1];
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const middle = (small + large) / 2;
      body.style.zoom = middle;
      if (fits(body)) small = middle;
      else large = middle;
    }
    body.style.zoom = small;
    if (slide.id) shrunk[slide.id] = Math.round(small * 100);
  }
  return shrunk;
}

/**
 * Make tables and formulas smaller that are wider than the page.
 * @param {Document} document A book or a handout; its window is as wide as the text on paper.
 */
export function fitPaper(document) {
  for (const holder of document.querySelectorAll(".cb-wide, div.math")) {
    const content = holder.firstElementChild;
    const wide = holder.scrollWidth / holder.clientWidth;
    if (content && wide > 1) content.style.zoom = Math.max(1 / wide - 0.005, SMALLEST);
  }
}

/** What shows itself, apart from text. */
const BOXES = "img, svg, hr, pre, td, th, figure, details, .admonition, .sd-card";

/** Tell whether everything that a body shows stands within it, and nothing within hides a part. */
function fits(body) {
  const room = body.getBoundingClientRect();
  const within = ({ top, right, bottom, left, width, height }) =>
    width === 0 || height === 0 ||
    (top >= room.top - TOLERANCE && left >= room.left - TOLERANCE &&
      bottom <= room.bottom + TOLERANCE && right <= room.right + TOLERANCE);
  const boxes = [...body.querySelectorAll(BOXES)].filter((element) => !element.closest(UNSEEN));
  return boxes.every((element) => within(element.getBoundingClientRect()) && !cuts(element)) &&
    texts(body).every((text) => {
      const range = document.createRange();
      range.selectNodeContents(text);
      return [...range.getClientRects()].every(within);
    });
}

/** Parts of a drawing, text for ears, and outputs that are clipped on purpose. */
const UNSEEN = ["svg *", ...["cb-hidden", "cb-step", "cb-clipped"].map((name) => `.${name}, .${name} *`)].join();

function texts(body) {
  const found = [];
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (text.data.trim() && !text.parentElement.closest(`svg, ${UNSEEN}`)) found.push(text);
  }
  return found;
}

function cuts(element) {
  return element.matches("pre, figure, .sd-card") && getComputedStyle(element).overflow !== "visible" &&
    (element.scrollHeight > element.clientHeight + TOLERANCE ||
      element.scrollWidth > element.clientWidth + TOLERANCE);
}
