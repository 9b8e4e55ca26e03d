/* Which tabs and folds of a deck are open: the same in both windows of a pair. */

const TABS = ".reveal .sd-tab-set > input";
const FOLDS = ".reveal details";

/** @typedef {{tabs: number[], folds: number[]}} Opened places of what is open, among all of a deck */

export class OpenParts {
  #page;
  /** What both windows know. */
  #known;

  /**
   * @param {Document} page a deck
   * @param {(opened: Opened) => void} changed told when this window's own user opened or closed something
   */
  constructor(page, changed) {
    this.#page = page;
    this.#known = JSON.stringify(this.state);
    const tell = () => {
      const now = JSON.stringify(this.state);
      // A fold tells of itself also when the other window has opened it.
      if (now === this.#known) return;
      this.#known = now;
      changed(this.state);
    };
    // Tabs of one name turn together, just after this.
    page.addEventListener("change", ({ target }) => {
      if (target.matches(TABS)) setTimeout(tell);
    });
    page.addEventListener("toggle", ({ target }) => {
      if (target.matches(FOLDS)) tell();
    }, true);
  }

  /** @returns {Opened} */
  get state() {
    return openedIn(this.#page);
  }

  /** Open and close what the other window did. @param {Opened} opened */
  take(opened) {
    this.#known = JSON.stringify(opened);
    openIn(this.#page, opened);
  }
}

/** @param {Document} page @returns {Opened} */
function openedIn(page) {
  const placesOf = (selector, isOpen) => (
    [...page.querySelectorAll(selector)].flatMap((element, place) => (isOpen(element) ? [place] : []))
  );
  return { tabs: placesOf(TABS, (tab) => tab.checked), folds: placesOf(FOLDS, (fold) => fold.open) };
}

/**
 * Open some tabs and folds of a deck, and no others.
 * @param {Document} page
 * @param {Opened} opened
 */
export function openIn(page, { tabs, folds }) {
  const all = page.querySelectorAll(TABS);
  for (const place of tabs) if (all[place] && !all[place].checked) all[place].checked = true;
  page.querySelectorAll(FOLDS).forEach((fold, place) => {
    if (fold.open !== folds.includes(place)) fold.open = folds.includes(place);
  });
}
