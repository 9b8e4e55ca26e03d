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
    const line = window.innerHeight * 0.25;
    const read = sections.filter(({ section }) => section.getBoundingClientRect().top <= line);
    const current = read.at(-1);
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
