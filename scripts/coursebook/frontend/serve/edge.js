// A red edge around the slide that is shown, as long as it holds too much, and a label that says by
// how much and where it was written. Only `course.py serve` puts this module into decks.

import { measureAsShown, settle } from "./measure.js";

/** Milliseconds that a slide must have been at rest: a tab that opens changes it several times. */
const REST = 60;

const OVER = "cb-over";

/**
 * @typedef {{source: string, line: number, elements: number}} Block
 * @typedef {{id: string, source: string, line: number, blocks: Block[]}} Slide
 */

/** Wait for the deck; a phone shows a document instead, and has no slides to measure. */
async function readyDeck() {
  while (document.querySelector("link[data-cb-slides]")) {
    const deck = /** @type {any} */ (globalThis).Reveal;
    if (deck?.isReady?.()) return deck;
    await new Promise((resolve) => { setTimeout(resolve, REST); });
  }
  return null;
}

/** @type {Promise<Record<string, Slide[]>> | null} */
let lines = null;

/** Where everything was written; asked for when something does not fit. */
function writtenAt() {
  lines ??= fetch("/_coursebook/slides.json").then((answer) => answer.json());
  lines.catch(() => { lines = null; });
  return lines;
}

/**
 * Name file and line of a child of a slide's body; of the slide itself where no child is known.
 * @param {Element} slide @param {number} child
 */
async function place(slide, child) {
  const [, name] = decodeURIComponent(location.pathname).match(/\/slides\/(.*)\.html$/) ?? [];
  const deck = (await writtenAt())[name === "opening" ? "index" : name] ?? [];
  const written = deck.find(({ id }) => id === slide.id);
  if (!written) return "";
  let behind = 0;
  const block = written.blocks.find(({ elements }) => {
    behind += elements;
    return child >= 0 && child < behind;
  });
  const { source, line } = block ?? written;
  return `${source}:${line}`;
}

/** Say one thing that does not fit. */
function words({ kind, sides }) {
  const [[side, pixels]] = Object.entries(sides).sort(([, one], [, other]) => other - one);
  if (kind === "small") return `text of ${pixels} px`;
  if (kind !== "over") return `${pixels} px ${kind === "cut" ? "cut" : "to scroll"}`;
  return `${pixels} px too ${side === "top" || side === "bottom" ? "high" : "wide"}`;
}

/** Measure a slide, and show or take away its edge. */
async function look(deck, slide) {
  const findings = measureAsShown(deck, slide);
  const told = await Promise.all(findings.map(async (finding) => (
    `${words(finding)} · ${await place(slide, finding.child).catch(() => "")}`.replace(/ · $/, "")
  )));
  slide.classList.toggle(OVER, told.length > 0);
  let label = slide.querySelector(`:scope > .${OVER}-label`);
  if (told.length === 0) {
    label?.remove();
    return;
  }
  if (!label) {
    label = document.createElement("ul");
    label.className = "cb-over-label";
    label.setAttribute("aria-label", "This slide holds too much");
    slide.append(label);
  }
  const text = told.join("\n");
  if (label.textContent === told.join("")) return;
  label.replaceChildren(...text.split("\n").map((line) => {
    const item = document.createElement("li");
    item.textContent = line;
    return item;
  }));
}

async function start() {
  const deck = await readyDeck();
  if (!deck) return;
  await settle();
  let resting = 0;
  const lookSoon = () => {
    clearTimeout(resting);
    resting = setTimeout(() => {
      const slide = deck.getCurrentSlide();
      if (slide && !deck.isOverview()) look(deck, slide);
    }, REST);
  };
  // What grows on a slide: outputs of cells, pictures that come late, text that is edited.
  const observer = new ResizeObserver(lookSoon);
  const attend = () => {
    observer.disconnect();
    for (const part of deck.getCurrentSlide()?.querySelectorAll(".cb-body *") ?? []) observer.observe(part);
    lookSoon();
  };
  for (const event of ["slidechanged", "overviewhidden", "resize"]) deck.on(event, attend);
  document.addEventListener("change", lookSoon);
  document.addEventListener("toggle", lookSoon, { capture: true });
  attend();
}

await start();
