/** From the page to its slides: P opens the slide of the section that is being read. */

import { lastAbove } from "./outline.js";
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
  const heading = lastAbove(links.map((link) => link.parentElement));
  const own = links.find((link) => link.parentElement === heading);
  return own ?? page.querySelector(".cb-actions .cb-counterpart");
}
