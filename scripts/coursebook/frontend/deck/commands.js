/** All commands of a deck: what the keyboard does, and what the sheet of keys tells.

   What is seldom wanted is loaded by its first use. */

import { holdStrokes, releaseStrokes } from "./held_strokes.js";
import { isAnythingOpen, leave } from "./leaving.js";
import { notice } from "./say.js";
import { openSpeakerView } from "./speaker_window.js";
import { isSpeakersCopy } from "./views.js";

const root = document.documentElement;

/** The ten digits but 0, which is the usual size of code. */
const DIGITS = [..."123456789"];
const ARROWS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];

/**
 * @param deck Reveal, ready
 * @returns {import("./keys.js").Command[]}
 */
export function commandsOf(deck) {
  const isOverview = () => deck.isOverview();
  const isSlide = () => !isOverview();
  const overview = async () => import("./overview.js");
  const isDrawing = () => root.classList.contains("cb-drawing");
  const drawing = async () => (await import("./drawing.js")).drawingOn(deck);
  const pen = async () => {
    if (!isDrawing()) holdStrokes(deck);
    try {
      const surface = await drawing();
      surface.toggle();
      surface.take(releaseStrokes());
    } finally {
      releaseStrokes();
    }
  };
  const zoom = async () => import("./zoom.js");
  return [
    ...turning(),
    group("Finding a slide", [
      [["g", ...DIGITS], "Go to a slide by its number or its title", async (key) => {
        const { openJump } = await import("./jump.js");
        await openJump(deck, DIGITS.includes(key) ? key : "");
      }, { asks: true }],
      [["o"], "Overview of all slides, and back", async () => (await overview()).toggleOverview(deck)],
      [ARROWS, "In the overview: to the next slide there", async (key) => (await overview()).moveBy(deck, key), { when: isOverview }],
      [["Enter", "Space"], "In the overview: show the marked slide", () => deck.toggleOverview(false), { when: isOverview }],
      [["n"], "Notes of this slide", () => deck.getCurrentSlide()?.querySelector("a.cb-counterpart")?.click()],
    ]),
    group("In front of an audience", [
      [["f", "F5"], "Full screen, and back", toggleFullScreen],
      [["b", "."], "Black screen; any key shows the slide again", () => deck.togglePause(true)],
      [["d"], "Light or dark", () => dispatchEvent(new Event("cb-scheme-toggle"))],
      [["s"], "Speaker view", () => openSpeakerView(deck), { when: () => !isSpeakersCopy }],
      [["l"], "Pointer, and back", async () => (await import("./pointer.js")).togglePointer()],
    ]),
    group("Code on the slide", [
      [["+", "="], "Larger, as far as the slide holds it", async () => (await zoom()).zoomCode(deck, 1)],
      [["-"], "Smaller", async () => (await zoom()).zoomCode(deck, -1)],
      [["0"], "Usual size", async () => (await zoom()).zoomCode(deck, 0)],
    ]),
    group("Drawing on the slide", [
      [["p"], "Pen, and back", pen],
      [["e"], "Eraser, and back to the pen", async () => (await drawing()).toggleEraser(), { when: isDrawing }],
      [["z", "Ctrl+z"], "Take the last stroke back", async () => (await drawing()).undo(), { when: isDrawing }],
      [["Delete"], "Clear the slide", async () => (await drawing()).clear(), { when: isDrawing }],
    ]),
    ...cells(),
    group("Help", [
      [["?", "F1"], "This sheet", async (_, keys) => (await import("./sheet.js")).openSheet(keys)],
      [["Escape"], "Leave what is open", leave, { when: isAnythingOpen }],
    ]),
  ].flat();

  function turning() {
    const last = () => deck.getIndices(deck.getSlides().at(-1));
    // Where slides go one way only, all arrows turn them: some remotes have but two.
    const isFlat = () => !(deck.hasHorizontalSlides() && deck.hasVerticalSlides());
    return group("Turning", [
      [["Space", "PageDown"], "Next step or slide, one after the other", () => deck.next(), { when: isSlide }],
      [["Shift+Space", "PageUp"], "Back in the same order", () => deck.prev(), { when: isSlide }],
      [["ArrowRight"], "Next step, or slide to the right", () => deck.right(), { when: isSlide }],
      [["ArrowLeft"], "Step back, or slide to the left", () => deck.left(), { when: isSlide }],
      [["ArrowDown"], "Next step, or slide below", () => (isFlat() ? deck.next() : deck.down()), { when: isSlide }],
      [["ArrowUp"], "Step back, or slide above", () => (isFlat() ? deck.prev() : deck.up()), { when: isSlide }],
      [["Home"], "First slide", () => deck.slide(0, 0)],
      [["End"], "Last slide", () => deck.slide(last().h, last().v)],
    ]);
  }
}

/** Give the rows of one heading their form. */
function group(name, rows) {
  return rows.map(([keys, does, action, more]) => ({ group: name, keys, does, action, ...more }));
}

/** What cells understand, if the deck has any; all but the first is theirs. */
function cells() {
  if (!document.querySelector("[data-cb-cell]")) return [];
  const typed = (keys, does) => ({ group: "Cells", keys: [], typed: keys, does });
  return [
    ...group("Cells", [
      [["w"], "Warm up what runs the cells", () => dispatchEvent(new Event("cb-warm-up"))],
    ]),
    typed(["Ctrl+Enter", "Shift+Enter"], "Run the next cell of the slide, or stop it"),
    typed(["Tab", "Enter"], "Go to a cell, and edit its code"),
    typed(["Escape"], "Leave the code"),
  ];
}

async function toggleFullScreen() {
  if (document.fullscreenElement) {
    document.exitFullscreen();
    return;
  }
  try {
    await root.requestFullscreen();
  } catch {
    notice("This browser shows no page on the full screen.");
  }
}
