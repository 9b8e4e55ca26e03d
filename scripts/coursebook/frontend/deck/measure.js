/* Finds slides whose content does not fit. For tests and checks; no deck loads it. */

/** Logical pixels that rounding may cost. */
const TOLERANCE = 1;

/**
 * Visit every slide, show all its steps, and measure what it holds.
 * @param deck Reveal, ready.
 * @returns {Promise<{slide: string, title: string, sides: Record<string, number>, culprit: string}[]>}
 */
export async function overflowingSlides(deck) {
  await document.fonts.ready;
  await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
  const found = [];
  for (const slide of deck.getSlides()) {
    const { h, v } = deck.getIndices(slide);
    deck.slide(h, v);
    for (const step of slide.querySelectorAll(".fragment")) step.classList.add("visible");
    const report = measure(slide, deck.getScale());
    if (report) found.push({ slide: slide.id, title: heading(slide), ...report });
  }
  return found;
}

/** Compare each element with the room between the slide's margins. */
function measure(slide, scale) {
  const body = slide.querySelector(".cb-body");
  const room = body.getBoundingClientRect();
  const sides = {};
  let culprit = "";
  let worst = TOLERANCE;
  for (const element of body.querySelectorAll("*")) {
    if (element.closest("aside.notes") || element.closest("svg svg, svg > *")) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const style = getComputedStyle(element);
    if (style.visibility === "hidden" && !element.closest(".fragment")) continue;
    if (style.position === "absolute" && style.opacity === "0") continue; // inputs behind tabs
    if (!paints(element, style)) continue;
    const beyond = {
      left: room.left - box.left,
      right: box.right - room.right,
      top: room.top - box.top,
      bottom: box.bottom - room.bottom,
    };
    // What scrolls within itself is cut off on a wall.
    if (style.overflowX !== "visible") beyond.right = Math.max(beyond.right, (element.scrollWidth - element.clientWidth) * scale);
    if (style.overflowY !== "visible") beyond.bottom = Math.max(beyond.bottom, (element.scrollHeight - element.clientHeight) * scale);
    for (const [side, by] of Object.entries(beyond)) {
      const pixels = Math.round(by / scale);
      if (pixels <= TOLERANCE) continue;
      sides[side] = Math.max(sides[side] ?? 0, pixels);
      if (pixels > worst) {
        worst = pixels;
        culprit = describe(element);
      }
    }
  }
  return Object.keys(sides).length ? { sides, culprit } : null;
}

/** Tell whether an element shows something itself; a mere holder may have negative margins. */
function paints(element, style) {
  if (element.matches("img, svg, video, canvas, iframe, input, hr")) return true;
  if ([...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) return true;
  const background = !/^rgba\(.*, 0\)$|^transparent$/.test(style.backgroundColor);
  const border = ["Top", "Right", "Bottom", "Left"].some((side) => parseFloat(style[`border${side}Width`]) > 0);
  return background || border;
}

function heading(slide) {
  return slide.querySelector("h1, h2, h3")?.textContent.trim() ?? "";
}

function describe(element) {
  const classes = [...element.classList].map((name) => `.${name}`).join("");
  const text = element.textContent.trim().replace(/\s+/g, " ").slice(0, 60);
  return `<${element.localName}${classes}> ${text}`;
}
