/** The black screen: reveal darkens, and this tells who cannot see it. */

import { say } from "./say.js";

/** @param deck Reveal, ready */
export function tellOfBlack(deck) {
  deck.on("paused", () => say("The screen is black. Any key shows the slide again."));
  deck.on("resumed", () => say("The slide is shown again."));
}
