/** Text with its colours, as elements. */

import { make } from "./elements.js";

/**
 * @param {Element} place
 * @param {import("./ansi.js").Run[]} runs
 */
export function appendRuns(place, runs) {
  let plain = "";
  const settle = () => {
    if (plain) place.append(plain);
    plain = "";
  };
  for (const { text, style } of runs) {
    if (!style) {
      plain += text;
      continue;
    }
    settle();
    const run = make("span", style.classes, text);
    if (style.ink) run.style.setProperty("--cb-ink-own", style.ink);
    if (style.ink) run.classList.add("cb-ink-own");
    if (style.ground) run.style.backgroundColor = style.ground;
    place.append(run);
  }
  settle();
}
