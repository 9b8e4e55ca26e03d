/** Marks in the outline which section is being read. */

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
    for (const { link } of sections) {
      if (link === current?.link) link.setAttribute("aria-current", "location");
      else link.removeAttribute("aria-current");
    }
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
