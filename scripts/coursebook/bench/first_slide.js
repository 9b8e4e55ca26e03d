// Runs in a deck before anything of its own. Notes when its first slide is seen; the bench asks.

(() => {
  const TITLE = "{title}";
  const seen = (heading) => {
    const { width, height, left, top } = heading.getBoundingClientRect();
    return width > 0 && height > 0 && left < innerWidth && top < innerHeight
      && heading.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const look = () => {
    const headings = [...document.querySelectorAll("h1")];
    if (headings.some((one) => one.textContent.includes(TITLE) && seen(one))) {
      // Found before a frame is drawn; by the next one it was.
      requestAnimationFrame(() => { globalThis.benchFirstSlide = performance.now(); });
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
})();
