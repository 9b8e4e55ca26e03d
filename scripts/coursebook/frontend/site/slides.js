/** From the page to its slides: P opens the slide of the section that is being read. */

import { lastAbove, readingLine } from "./outline.js";
import { isTyping } from "./search.js";

/** @param {Document} page */
export function offerSlides(page) {
  page.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "p" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || event.repeat || isTyping(event.target)) return;
    if (page.querySelector("dialog[open]")) return;
    const link = linkHere(page);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}

/**
 * Find the link to the slide of what is being read; above the first section, to the first slide.
 * @param {Document} page
 * @returns {HTMLAnchorElement | null}
 */
function linkHere(page) {
  const links = [...page.querySelectorAll(".cb-to-slides")];
  const target = page.querySelector(":target");
  const isHere = (place) => isUpTo(place, target);
  const places = links.map(placeOf);
  const place = target && isRead(target) ? places.findLast(isHere) : lastAbove(places);
  const own = links.find((link) => placeOf(link) === place);
  return own ?? page.querySelector(".cb-actions .cb-counterpart");
}

/** What a link belongs to: its heading, or the paragraph below it. @param {Element} link */
function placeOf(link) {
  return link.matches(".cb-turn-here") ? link : link.parentElement;
}

/**
 * Whether one reads what the address names: it stands where one reads first, or as high as it can
 * where the page ends.
 * @param {Element} target
 */
function isRead(target) {
  const isAtEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const { top } = target.getBoundingClientRect();
  return top >= 0 && top < (isAtEnd ? innerHeight : readingLine());
}

/** Whether an element stands above another, or at its beginning. @param {Element} element @param {Element} other */
function isUpTo(element, other) {
  const isAbove = element.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return isAbove || (element.parentElement === other && other.matches("section"));
}

/**
 * A paragraph that was written anew has another address: its old one leads to its section.
 * @param {Document} page
 */
export function findSections(page) {
  const find = () => {
    const [section, paragraph] = location.hash.slice(1).split(/--(?=[0-9a-f]{5}(?:-\d+)?$)/);
    if (!paragraph || page.querySelector(":target")) return;
    page.getElementById(decodeURIComponent(section))?.scrollIntoView();
  };
  addEventListener("hashchange", find);
  find();
}
