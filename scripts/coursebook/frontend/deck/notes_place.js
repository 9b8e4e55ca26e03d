/** A slide that is built up step by step leads to that paragraph of its notes which it has come to.
   Only decks with such slides load this. */

/** A link that says which parts of its slide have their notes where: `3:locks--3f2a1 5:locks--cell-1`. */
const WITH_PLACES = 'a[data-cb-places*=":"]';

/** @param deck Reveal, ready */
export function followSteps(deck) {
  const lead = () => {
    const link = deck.getCurrentSlide()?.querySelector(WITH_PLACES);
    if (!link) return;
    const [page, first = ""] = link.getAttribute("href").split("#");
    link.dataset.cbFirst ??= first && `#${first}`;
    link.setAttribute("href", `${page}${notesOf(deck.getCurrentSlide())}`);
  };
  for (const name of ["slidechanged", "fragmentshown", "fragmenthidden"]) deck.on(name, lead);
  lead();
}

/**
 * Find where the notes are of what a slide shows so far.
 * @param {HTMLElement} slide with a link to its notes
 * @returns {string} an address within the page: `#locks--3f2a1`; "" for its top
 */
export function notesOf(slide) {
  const link = slide.querySelector("a.cb-counterpart");
  const { cbPlaces = "", cbFirst = link.hash } = link.dataset;
  const shown = [...slide.querySelectorAll(".fragment.visible")].at(-1);
  if (!shown || !cbPlaces) return cbFirst;
  const child = [...slide.querySelector(".cb-body").children].findIndex((one) => one.contains(shown));
  const reached = cbPlaces.split(" ").findLast((place) => Number.parseInt(place, 10) <= child);
  return reached ? `#${reached.slice(reached.indexOf(":") + 1)}` : cbFirst;
}
