/** Reading order and focus: on the slide that is shown, and on no other.

   Reveal reads the whole slide out through a live region, and again when the address follows. Here
   the heading takes the focus; the slide is then read at the listener's own pace. */

import { closed, opened } from "./leaving.js";
import { say } from "./say.js";
import { isSpeakersCopy } from "./views.js";

/** @param deck Reveal, ready */
export function attendTo(deck) {
  // "application" takes the reading keys away from screen readers.
  deck.getRevealElement().removeAttribute("role");
  const status = document.querySelector(".aria-status");
  if (status) status.hidden = true;

  leaveOnlyCurrent(deck);
  deck.on("slidechanged", () => {
    // In the overview every slide can be reached; see there.
    if (deck.isOverview()) return;
    leaveOnlyCurrent(deck);
    focusOn(deck.getCurrentSlide());
  });
  const leaveOverview = () => deck.toggleOverview(false);
  deck.on("overviewshown", async () => {
    opened(leaveOverview);
    const { markOverview } = await import("./overview.js");
    markOverview(deck);
  });
  deck.on("overviewhidden", () => {
    closed(leaveOverview);
    leaveOnlyCurrent(deck);
    focusOn(deck.getCurrentSlide());
  });
  deck.on("fragmentshown", ({ fragments }) => {
    say(fragments.map((step) => step.textContent.trim()).join(" "));
  });
}

function leaveOnlyCurrent(deck) {
  const current = deck.getCurrentSlide();
  for (const slide of deck.getSlides()) slide.inert = slide !== current;
}

/** @param {HTMLElement | null} slide */
function focusOn(slide) {
  if (!slide || isSpeakersCopy) return;
  // A slide that goes on without its title takes the focus itself.
  const target = slide.querySelector("h1, h2, h3, h4") ?? slide;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
