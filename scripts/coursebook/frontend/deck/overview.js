/** The overview: all slides in rows, and each is one link.

   Reveal has the state and goes where one clicks. It spreads the slides out as far as they go and
   shows a part of that, keeps them hidden from screen readers, leaves the links on them in the order
   of Tab, and lets no key choose. */

import { make } from "./dialog.js";
import { loadToolStyles } from "./styles.js";

let isListening = false;

/** @param deck Reveal, ready */
export async function toggleOverview(deck) {
  await loadToolStyles();
  deck.toggleOverview();
}

/**
 * Go on in the overview, as one sees it.
 * @param deck Reveal, which shows its overview
 * @param {string} key an arrow
 */
export function moveBy(deck, key) {
  const slides = deck.getSlides();
  const tops = slides.map((slide) => slide.getBoundingClientRect().top);
  const columns = tops.filter((top) => Math.abs(top - tops[0]) < 1).length;
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
  const next = slides[slides.indexOf(deck.getCurrentSlide()) + by];
  // Not by the focus alone: a window that is not in front tells of none.
  if (next) show(deck, next);
}

/** @param deck Reveal, which has just shown its overview */
export async function markOverview(deck) {
  await loadToolStyles();
  if (!deck.isOverview()) return;
  if (!isListening) {
    isListening = true;
    deck.on("slidechanged", () => deck.isOverview() && expose(deck));
    deck.on("overviewhidden", () => conceal(deck));
  }
  deck.getSlides().forEach((slide, place) => {
    slide.inert = false;
    for (const part of slide.children) part.inert = true;
    slide.append(linkTo(deck, slide, place));
  });
  expose(deck);
}

/** Lay a link over a slide. Reveal goes where one clicks. */
function linkTo(deck, slide, place) {
  const link = make("a", "cb-thumb");
  link.href = `#/${slide.id}`;
  link.setAttribute("aria-label", `${place + 1}: ${titleOf(slide)}`);
  link.addEventListener("focus", () => {
    if (slide !== deck.getCurrentSlide()) show(deck, slide);
  });
  return link;
}

function show(deck, slide) {
  const { h, v } = deck.getIndices(slide);
  deck.slide(h, v);
}

/** Each turn makes reveal hide the others again. */
function expose(deck) {
  for (const section of deck.getSlidesElement().querySelectorAll("section")) {
    section.removeAttribute("aria-hidden");
  }
  const current = deck.getCurrentSlide();
  current?.querySelector(".cb-thumb")?.focus({ preventScroll: true });
  current?.scrollIntoView({ block: "nearest" });
}

function conceal(deck) {
  for (const slide of deck.getSlides()) {
    slide.querySelector(".cb-thumb")?.remove();
    for (const part of slide.children) part.inert = false;
  }
  for (const section of deck.getSlidesElement().querySelectorAll("section[hidden]")) {
    section.setAttribute("aria-hidden", "true");
  }
}

/** @param {Element} slide */
export function titleOf(slide) {
  return slide.querySelector("h1, h2, h3, h4")?.textContent.trim() ?? "";
}
