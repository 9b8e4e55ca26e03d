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
    if (!deck.isOverview()) afterFrame(() => attend(deck));
  });
  const leaveOverview = () => deck.toggleOverview(false);
  deck.on("overviewshown", async () => {
    opened(leaveOverview);
    const { markOverview } = await import("./overview.js");
    markOverview(deck);
  });
  deck.on("overviewhidden", () => {
    closed(leaveOverview);
    afterFrame(() => attend(deck));
  });
  deck.on("fragmentshown", ({ fragments }) => {
    say(fragments.map((step) => step.textContent.trim()).join(" "));
  });
}

/** @type {(() => void) | null} */
let waiting = null;

/** Do something when the slide is on the screen: focus asks for styles and layout once more. */
function afterFrame(action) {
  if (!waiting) requestAnimationFrame(() => setTimeout(() => {
    const last = waiting;
    waiting = null;
    last();
  }));
  waiting = action;
}

function attend(deck) {
  if (deck.isOverview()) return;
  leaveOnlyCurrent(deck);
  focusOn(deck.getCurrentSlide());
}

function leaveOnlyCurrent(deck) {
  const current = deck.getCurrentSlide();
  for (const slide of deck.getSlides()) {
    // Set anew, it would be taken for a change, and style a deck of a hundred slides at every turn.
    if (slide.inert !== (slide !== current)) slide.inert = slide !== current;
  }
}

/** @param {HTMLElement | null} slide */
function focusOn(slide) {
  if (!slide || isSpeakersCopy) return;
  // A slide that goes on without its title takes the focus itself.
  const target = slide.querySelector("h1, h2, h3, h4") ?? slide;
  target.tabIndex = -1;
  target.focus({ preventScroll: true });
}
