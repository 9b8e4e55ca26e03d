/** Code that is explained step by step. Only decks that have such code load this.
 *
 * The first step holds at once; each further one is an empty fragment that stands above the code.
 */

const STEPPED = "[data-cb-steps]";

/**
 * Read the lines of one step.
 * @param {string} text `1-3,5-5`
 * @returns {(line: number) => boolean} whether a line belongs to it, counted from 1
 */
export function readStep(text) {
  const ranges = text.split(",").map((part) => part.split("-").map(Number));
  return (line) => ranges.some(([first, last]) => first <= line && line <= last);
}

/** Light the lines of the step that a block has reached. @param {HTMLElement} block */
export function light(block) {
  const steps = block.dataset.cbSteps.split("|");
  const reached = block.querySelectorAll(".cb-step.visible").length;
  const isLit = readStep(steps[Math.min(reached, steps.length - 1)]);
  const lines = [...block.querySelectorAll(".cb-line")];
  lines.forEach((line, index) => line.classList.toggle("cb-lit", isLit(index + 1)));
  block.classList.toggle("cb-points", !lines.every((line) => line.classList.contains("cb-lit")));
}

function lightAll() {
  document.querySelectorAll(STEPPED).forEach(light);
}

// Reveal's own events bubble; a deck that is jumped into has its steps set without one for each.
for (const name of ["ready", "fragmentshown", "fragmenthidden", "slidechanged", "pdf-ready"]) {
  document.addEventListener(name, lightAll);
}
lightAll();
