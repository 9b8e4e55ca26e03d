/**
 * Shows what a term of the glossary means where it is used: to the pointer, to the keyboard, and at
 * the first tap of a finger; the second one follows the link. Without this module the browser shows
 * the link's title.
 */

const ID = "cb-definition";

/** Milliseconds that a pointer may take from the term to its box. */
const GRACE = 200;

/** @param {Document} page */
export function explainTerms(page) {
  const links = [...page.querySelectorAll("a.cb-term[title]")];
  if (!links.length) return;
  const box = page.createElement("div");
  box.id = ID;
  box.className = "cb-definition";
  box.setAttribute("role", "tooltip");
  box.popover = "manual";
  (page.querySelector("main") ?? page.body).append(box);

  /** @type {Element | null} */
  let shown = null;
  let leaving = 0;

  const hide = () => {
    clearTimeout(leaving);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidePopover();
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, GRACE);
  };
  /** @param {HTMLAnchorElement} link */
  const show = (link) => {
    clearTimeout(leaving);
    if (shown === link) return;
    hide();
    shown = link;
    box.textContent = link.dataset.cbMeaning;
    link.setAttribute("aria-describedby", ID);
    box.showPopover();
    place(link, box);
  };

  for (const link of links) {
    link.dataset.cbMeaning = link.title;
    link.removeAttribute("title");
    link.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "touch") show(link);
    });
    link.addEventListener("pointerleave", (event) => {
      if (event.pointerType !== "touch") leave();
    });
    link.addEventListener("focus", () => {
      if (link.matches(":focus-visible")) show(link);
    });
    link.addEventListener("blur", leave);
    // A finger cannot rest on a word.
    link.addEventListener("click", (event) => {
      if (event.pointerType !== "touch" || shown === link) return;
      event.preventDefault();
      show(link);
    });
  }
  box.addEventListener("pointerenter", () => clearTimeout(leaving));
  box.addEventListener("pointerleave", leave);
  page.addEventListener("pointerdown", (event) => {
    if (shown && event.target !== shown && !box.contains(event.target)) hide();
  });
  page.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  window.addEventListener("resize", hide);
}

/**
 * Put the box below its term, or above where there is no room; it never leaves the window.
 * @param {Element} link
 * @param {HTMLElement} box
 */
function place(link, box) {
  const gap = 6;
  const edge = 8;
  // A term at the end of a line may go on in the next one: its first part counts.
  const word = link.getClientRects()[0];
  const { width, height } = box.getBoundingClientRect();
  const room = document.documentElement;
  const left = Math.max(edge, Math.min(word.left, room.clientWidth - width - edge));
  const last = [...link.getClientRects()].at(-1).bottom;
  const below = last + gap + height <= room.clientHeight;
  box.style.left = `${left + window.scrollX}px`;
  box.style.top = `${(below ? last + gap : word.top - gap - height) + window.scrollY}px`;
}
