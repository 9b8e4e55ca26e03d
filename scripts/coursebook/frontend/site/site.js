/** The site's behaviour; every page's content stands without it. */

import { addCopyButtons } from "./copy.js";
import { keepInSight, watchOutline } from "./outline.js";
import { syncTabs } from "./tabs.js";
import { explainTerms } from "./terms.js";
import { openSearch, offerSearch } from "./search.js";
import { findSections, offerSlides } from "./slides.js";

addCopyButtons(document);
syncTabs(document);
explainTerms(document);
watchOutline(document);
keepInSight(document.querySelector(".cb-navigation [aria-current]"));
offerSearch(document);
offerSlides(document);
findSections(document);
markScrollers(document);
if (document.querySelector("[data-cb-search-here]")) {
  openSearch(document, new URLSearchParams(location.search).get("q") ?? "");
}

/**
 * Let the keyboard scroll what is wider than the page.
 * @param {Document} page
 */
function markScrollers(page) {
  const wide = ".cb-article pre, .cb-wide, .cb-article :is(figure, p):has(> svg.cb-figure)";
  for (const box of page.querySelectorAll(wide)) {
    if (box.scrollWidth > box.clientWidth) box.setAttribute("tabindex", "0");
  }
}
