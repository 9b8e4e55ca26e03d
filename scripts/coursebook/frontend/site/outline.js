/** Marks in the outline which section is being read, and keeps marked lines in sight. */

/**
 * Scroll a list of links, and nothing around it, until one of them is seen.
 * @param {Element | null} link
 */
export function keepInSight(link) {
  const list = link?.closest(".cb-outline, .cb-side");
  if (!list) return;
  const inner = link.getBoundingClientRect();
  const outer = list.getBoundingClientRect();
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  list.scrollTop += inner.top - outer.top - (outer.height - inner.height) / 2;
}

/** Down to where something has come up to where one reads: pixels from the top of the window. */
export function readingLine() {
  return window.innerHeight * 0.25;
}

/**
 * Find the last of several elements that has come up to where one reads.
 * @param {Element[]} elements in reading order
 * @returns {Element | undefined}
 */
export function lastAbove(elements) {
  const line = readingLine();
  return elements.findLast((element) => element.getBoundingClientRect().top <= line);
}

/** @param {Document} page */
export function watchOutline(page) {
  const links = [...page.querySelectorAll('.cb-outline a[href^="#"]')];
  const sections = links
    .map((link) => ({ link, section: page.getElementById(decodeURIComponent(link.hash.slice(1))) }))
    .filter(({ section }) => section);
  if (!sections.length) return;

  let waiting = false;
  const mark = () => {
    waiting = false;
    const reading = lastAbove(sections.map(({ section }) => section));
    const current = sections.find(({ section }) => section === reading);
    if (current?.link.hasAttribute("aria-current")) return;
    for (const { link } of sections) {
      if (link === current?.link) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
    keepInSight(current?.link ?? null);
  };
  window.addEventListener(
    "scroll",
    () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(mark);
    },
    { passive: true },
  );
  mark();
}
