/** Starts the deck, and adds what reveal.js lacks; each thing of it is a module of its own.

   What the page says stands in its HTML; nothing here is generated. */

import Reveal from "./reveal.esm.js";
import { attendTo } from "./attend.js";
import { tellOfBlack } from "./black.js";
import { commandsOf } from "./commands.js";
import { Keys } from "./keys.js";
import { pairOf } from "./speaker_pair.js";
import { joinSpeaker } from "./speaker_window.js";
import { turnBySwiping } from "./swipe.js";
import { isSpeakersCopy, prepareForPrinting, showAsDocumentOnPhones } from "./views.js";

const root = document.documentElement;

async function start() {
  prepareForPrinting();
  if (showAsDocumentOnPhones()) return;

  const deck = new Reveal({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    // In the speaker's window a deck is looked at: it has no address of its own.
    hash: !isSpeakersCopy,
    history: !isSpeakersCopy,
    controlsLayout: "edges",
    controlsTutorial: false,
    transition: "none",
    backgroundTransition: "none",
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    keyboard: false, // keys.js
    touch: false, // swipe.js
    jumpToSlide: false, // jump.js
  });
  await deck.initialize();
  globalThis.Reveal = deck;

  attendTo(deck);
  tellOfBlack(deck);
  turnBySwiping(deck);
  const keys = new Keys(deck, commandsOf(deck));
  if (pairOf() && !isSpeakersCopy) joinSpeaker(deck);
  offerTools(keys);
  showDrawings(deck);
  if (document.querySelector('[data-cb-places*=":"]')) {
    import("./notes_place.js").then(({ followSteps }) => followSteps(deck), console.error);
  }
  dispatchEvent(new Event("cb-deck-ready"));
}

/** The links and buttons at the upper edge. @param {Keys} keys */
function offerTools(keys) {
  for (const button of document.querySelectorAll("[data-cb-key]")) {
    button.hidden = false;
    button.addEventListener("click", () => keys.press({ key: button.dataset.cbKey }));
  }
  document.addEventListener("click", (event) => {
    // After a click (not a key), the keyboard goes back to turning slides.
    if (event.detail > 0 && document.activeElement?.matches("summary, button, .sd-tab-set > input")) {
      document.activeElement.blur();
    }
  });
  document.addEventListener("mousemove", (event) => {
    root.classList.toggle("cb-pointer-near-top", event.clientY < 90);
  }, { passive: true });
}

/** Show what was drawn on the slides in this visit. */
function showDrawings(deck) {
  let isDrawn = false;
  try {
    isDrawn = `cb-drawing ${location.pathname}` in sessionStorage;
  } catch {
    // storage may be forbidden; nothing was kept then
  }
  if (isDrawn) import("./drawing.js").then(({ drawingOn }) => drawingOn(deck), console.error);
}

await start();
