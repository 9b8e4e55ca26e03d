/** The overview for all: each slide is one link, and the slides' own links are out of the way.

   Reveal draws it, and goes where one clicks; it keeps slides hidden from screen readers, leaves the
   links on them in the order of Tab, and lets no key choose. */

let isListening = false;

/** @param deck Reveal, which has just shown its overview */
export function markOverview(deck) {
  if (!deck.isOverview()) return;
  const root = deck.getSlidesElement();
  if (!isListening) {
    isListening = true;
    deck.on("slidechanged", () => deck.isOverview() && expose(deck));
    deck.on("overviewhidden", () => conceal(deck));
    root.addEventListener("focusin", ({ target }) => {
      if (!deck.isOverview() || !target.matches("section[role=link]")) return;
      const { h, v } = deck.getIndices(target);
      deck.slide(h, v);
    });
  }
  deck.getSlides().forEach((slide, place) => {
    slide.inert = false;
    slide.tabIndex = 0;
    slide.setAttribute("role", "link");
    slide.setAttribute("aria-label", `${place + 1}: ${titleOf(slide)}`);
    for (const part of slide.children) part.inert = true;
  });
  expose(deck);
}

/** Each turn makes reveal hide the others again. */
function expose(deck) {
  for (const section of deck.getSlidesElement().querySelectorAll("section")) {
    section.removeAttribute("aria-hidden");
  }
  deck.getCurrentSlide()?.focus({ preventScroll: true });
}

function conceal(deck) {
  for (const slide of deck.getSlides()) {
    for (const name of ["role", "aria-label", "tabindex"]) slide.removeAttribute(name);
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
