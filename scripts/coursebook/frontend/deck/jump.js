/** Going to a slide by its number or by words of its title: a field, and a list below it.

   https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */

import { make, openDialog } from "./dialog.js";
import { titleOf } from "./overview.js";
import { say } from "./say.js";

/** @typedef {{number: number, title: string, section: string, slide: HTMLElement}} Place */

/**
 * @param deck Reveal, ready
 * @param {string} typed what stands in the field at first
 */
export async function openJump(deck, typed) {
  if (document.querySelector(".cb-jump")) return;
  const places = placesOf(deck);
  const field = make("input", "cb-jump-field");
  const list = make("ul", "cb-jump-list");
  let found = [];
  let marked = 0;

  Object.assign(field, { type: "text", value: typed, autocomplete: "off", spellcheck: false, inputMode: "search" });
  Object.assign(list, { id: "cb-jump-list" });
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-label": "Number, or words of the title", "aria-expanded": "true",
    "aria-controls": list.id, "aria-autocomplete": "list", placeholder: "Number or title",
  })) field.setAttribute(name, value);
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Slides");

  function show() {
    found = matches(places, field.value);
    marked = 0;
    list.replaceChildren(...found.map(option));
    if (!found.length) say("No slide has this number or title.");
    mark(0);
  }

  /** @param {Place} place @param {number} row */
  function option(place, row) {
    const item = make("li", "cb-jump-slide");
    item.id = `cb-jump-slide-${row}`;
    item.setAttribute("role", "option");
    item.append(
      make("span", "cb-jump-number", `${place.number}`), " ",
      make("span", "cb-jump-title", place.title), " ",
      make("span", "cb-jump-section", place.section === place.title ? "" : place.section),
    );
    item.addEventListener("click", () => go(place));
    return item;
  }

  /** @param {number} row */
  function mark(row) {
    list.children[marked]?.setAttribute("aria-selected", "false");
    marked = Math.max(0, Math.min(row, found.length - 1));
    const item = list.children[marked];
    item?.setAttribute("aria-selected", "true");
    item?.scrollIntoView({ block: "nearest" });
    if (item) field.setAttribute("aria-activedescendant", item.id);
    else field.removeAttribute("aria-activedescendant");
  }

  /** @param {Place} place */
  function go({ slide }) {
    const { h, v } = deck.getIndices(slide);
    dialog.close();
    if (deck.isOverview()) deck.toggleOverview(false);
    deck.slide(h, v);
  }

  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    const move = { ArrowDown: marked + 1, ArrowUp: marked - 1, PageDown: marked + 8, PageUp: marked - 8 }[event.key];
    if (move !== undefined) mark(move);
    else if (event.key === "Enter" && found[marked]) go(found[marked]);
    else return;
    event.preventDefault();
  });
  const dialog = await openDialog("Go to a slide", "cb-jump", (made) => made.append(field, list));
  show();
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
  if (!typed) mark(places.findIndex(({ slide }) => slide === deck.getCurrentSlide()));
}

/** @returns {Place[]} the slides in their order, numbered as they are on the wall */
function placesOf(deck) {
  let section = "";
  return deck.getSlides().map((slide, place) => {
    const title = titleOf(slide) || section;
    // The first slide of a stack names those below it.
    const isBelow = slide.parentElement?.matches("section") && slide.previousElementSibling;
    if (!isBelow) section = title;
    return { number: place + 1, title, section, slide };
  });
}

/**
 * Find slides: the one of this number first, then those where each word begins one of the title.
 * @param {Place[]} places
 * @param {string} text
 */
function matches(places, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  const found = [];
  for (const place of places) {
    const title = ` ${plain(place.title)}`;
    const all = `${place.number}${title} ${plain(place.section)}`;
    if (!words.every((word) => all.includes(word))) continue;
    const isFirst = words.every((word) => title.includes(` ${word}`));
    found.push({ place, rank: String(place.number) === text.trim() ? 0 : isFirst ? 1 : 2 });
  }
  return found.sort((one, other) => one.rank - other.rank).map(({ place }) => place);
}

/** Letters without accents and case. @param {string} text */
function plain(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
