/* Starts the deck, and adds what reveal.js lacks: scheme, notes, manners of keyboard and focus.
   What the page says stands in its HTML; nothing here is generated. */

import Reveal from "./reveal.esm.js";
import { joinSpeaker, openSpeakerView, pairOf } from "./speaker_window.js";

const root = document.documentElement;

/** Controls that use Space or Enter themselves; those keys must not turn the slide. */
const CONTROL = "a[href], button, summary, select, [role=button], [role=tab]";
/** Where people type; no key may turn the slide. */
const TYPING = "input:not([type=radio]), textarea, select, [contenteditable]:not([contenteditable=false])";
const WORKED_BY_KEY = new Set([" ", "Enter"]);

/**
 * Tell whether a key that was pressed may steer the deck.
 *
 * The composed path sees into shadow trees, where `activeElement` is only the host.
 * @param {KeyboardEvent} event
 */
export function maySteer(event) {
  // Reveal's `triggerKey` hands on a bare code, which was typed nowhere in this document.
  for (const target of event.composedPath?.() ?? []) {
    if (!(target instanceof Element)) continue;
    if (target.matches(TYPING)) return false;
    if (target.matches(CONTROL)) return !WORKED_BY_KEY.has(event.key);
  }
  return true;
}

/** Show the sections as a document to scroll: on phones, where a slide would be too small. */
function showAsDocument() {
  for (const link of document.querySelectorAll("link[data-cb-slides]")) link.remove();
  for (const link of document.querySelectorAll("link[data-cb-document]")) link.media = "all";
  const go = () => {
    const id = decodeURIComponent(location.hash.replace(/^#\/?/, ""));
    document.getElementById(id)?.scrollIntoView();
  };
  addEventListener("hashchange", go);
  addEventListener("load", go);
}

/** Bring reveal's own print view (`?view=print`) its styles, which are for the screen only. */
function showForPrinting() {
  for (const link of document.querySelectorAll("link[data-cb-slides]")) link.media = "all";
  for (const link of document.querySelectorAll("link[data-cb-document]")) link.remove();
}

/** Go to the section of the notes that belongs to this slide. */
function openNotes(deck) {
  deck.getCurrentSlide()?.querySelector("a.cb-counterpart")?.click();
}

/**
 * Put reading order and focus on the slide that is shown.
 *
 * Reveal reads the whole slide out through a live region, and again when the address follows. The
 * heading takes the focus instead; the slide is then read at the listener's own pace.
 */
function attend(deck, { focus }) {
  const current = deck.getCurrentSlide();
  // In the overview every slide can be clicked.
  for (const slide of deck.getSlides()) slide.inert = !deck.isOverview() && slide !== current;
  if (!current || !focus) return;
  const heading = current.querySelector("h1, h2, h3, h4");
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }
}

async function start() {
  if (/[?&](view=print|print-pdf)/.test(location.search)) showForPrinting();
  const phone = matchMedia("(max-width: 600px) and (orientation: portrait)");
  phone.addEventListener("change", () => location.reload());
  if (phone.matches) {
    showAsDocument();
    return;
  }

  // In the speaker's window a deck is looked at: it has no address of its own, and takes no focus.
  const isLookedAt = /[?&]receiver/.test(location.search);
  const deck = new Reveal({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    hash: !isLookedAt,
    history: !isLookedAt,
    // Slides bear numbers of their own. This makes G count as they do; reveal's stay hidden.
    slideNumber: "c/t",
    showSlideNumber: "none",
    controlsLayout: "edges",
    controlsTutorial: false,
    transition: "none",
    backgroundTransition: "none",
    scrollActivationWidth: null,
    pdfSeparateFragments: false,
    keyboardCondition: maySteer,
  });
  await deck.initialize();
  globalThis.Reveal = deck;

  // "application" takes the reading keys away from screen readers.
  deck.getRevealElement().removeAttribute("role");
  const status = document.querySelector(".aria-status");
  if (status) status.hidden = true; // the slide's text once more; `attend` says why it is not wanted
  const said = document.querySelector(".cb-said");
  deck.on("fragmentshown", ({ fragments }) => {
    said.textContent = fragments.map((step) => step.textContent.trim()).join(" ");
  });

  const keys = [
    [78, "N", "Notes of this slide", () => openNotes(deck)],
    [68, "D", "Light or dark", () => dispatchEvent(new Event("cb-scheme-toggle"))],
  ];
  if (!isLookedAt) keys.push([83, "S", "Speaker view", () => openSpeakerView(deck)]);
  if (document.querySelector("[data-cb-cell]")) {
    keys.push([87, "W", "Warm up what runs the cells", () => dispatchEvent(new Event("cb-warm-up"))]);
    deck.registerKeyboardShortcut("Ctrl + Enter", "Run the next cell of the slide, or stop it");
  }
  for (const [keyCode, key, description, action] of keys) {
    deck.addKeyBinding({ keyCode, key, description }, action);
  }
  // Reveal's list of keys says N turns the slide.
  deck.registerKeyboardShortcut("N  ,  SPACE", "Next slide (Space; N opens the notes)");

  document.querySelector("[data-cb-speaker]")?.addEventListener("click", () => openSpeakerView(deck));
  if (pairOf() && !isLookedAt) joinSpeaker(deck);

  attend(deck, { focus: false });
  deck.on("slidechanged", () => attend(deck, { focus: !isLookedAt }));
  deck.on("overviewshown", () => attend(deck, { focus: false }));
  deck.on("overviewhidden", () => attend(deck, { focus: !isLookedAt }));

  document.addEventListener("click", (event) => {
    // After a click (not a key), the keyboard goes back to turning slides.
    if (event.detail > 0 && document.activeElement?.matches("summary, button, .sd-tab-set > input")) {
      document.activeElement.blur();
    }
  });
  document.addEventListener("mousemove", (event) => {
    root.classList.toggle("cb-pointer-near-top", event.clientY < 90);
  }, { passive: true });
  dispatchEvent(new Event("cb-deck-ready"));
}

await start();
