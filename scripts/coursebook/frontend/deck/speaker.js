/* The speaker's window: this slide and the next, notes, time. It goes where the deck goes that is
   shown on the wall, and the deck goes where this goes. */

import { OpenParts, openIn } from "./speaker_folds.js";
import { DeckFrame } from "./speaker_frames.js";
import { Line, Place, isSameSlide } from "./speaker_link.js";
import { Notes } from "./speaker_notes.js";
import { deckAddress, makePair } from "./speaker_pair.js";
import { Timer, budgetOf, leftOf, minutes } from "./speaker_time.js";

/** Where the speaker types or presses a button; those keys do not turn the slide. */
const CONTROL = "a[href], button, summary";
const WORKED_BY_KEY = new Set([" ", "Enter"]);
const SCROLLS = new Set(["ArrowUp", "ArrowDown", "Home", "End"]);

const SIZE = "cb-notes-size";
const SIZES = [0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2, 2.4];

/** @param {string} name @returns {HTMLElement} */
const part = (name) => document.querySelector(`[data-cb-part-of="${name}"]`);

function keptSize() {
  let size = 1;
  try {
    size = Number(localStorage.getItem(SIZE));
  } catch {
    // storage may be forbidden
  }
  return SIZES.indexOf(SIZES.includes(size) ? size : 1);
}

class Speaker {
  #deck = "";
  /** The place that the wall shows, until the frame can go there. */
  #wanted = null;
  /** @type {Place | null} */
  #place = null;
  /** @type {OpenParts | null} */
  #parts = null;
  /** @type {import("./speaker_folds.js").Opened | null} what shall be open, until the frame can */
  #opened = null;
  #timer = new Timer();
  #budget = { section: "", seconds: 0, total: 0 };
  /** Place of the notes' size in the list. */
  #size = keptSize();
  #line;

  constructor() {
    this.current = new DeckFrame(part("current"), "current", (reveal) => this.#currentReady(reveal));
    this.next = new DeckFrame(part("next"), "next", () => this.#showNext());
    this.notes = new Notes(part("notes"), (what) => { part("notes-title").textContent = what; });
    this.#line = new Line(makePair(), (message) => this.#hear(message));
    this.#offerControls();
    this.#resize(0);
    addEventListener("hashchange", () => this.#readAddress());
    document.addEventListener("keydown", (event) => this.#pressed(event));
    setInterval(() => this.#showTime(), 250);
    this.#readAddress();
    this.#showProjected(false);
    this.#line.say({ hello: true });
  }

  #readAddress() {
    let deck = "";
    try {
      deck = decodeURIComponent(location.hash.slice(1));
    } catch {
      // no address at all
    }
    if (deckAddress(deck)) this.#show(deck);
    else this.#sayMissing(deck);
  }

  /** @param {string} deck */
  #show(deck) {
    if (deck === this.#deck) return;
    this.#deck = deck;
    this.#place = null;
    this.#parts = null;
    this.#timer.begin(deck);
    part("missing").hidden = true;
    history.replaceState(null, "", `#${encodeURI(deck)}`);
    this.current.show(deck);
    this.next.show(deck);
    this.#showTime();
  }

  /** @param {string} deck */
  #sayMissing(deck) {
    const missing = part("missing");
    missing.hidden = false;
    missing.querySelector("span").textContent = deck ? `There is no deck «${deck}».` : "Which slides do you present?";
  }

  /** @param {import("./speaker_link.js").Message} message */
  #hear(message) {
    if (message.gone) this.#showProjected(false);
    if (message.here) {
      const known = message.here === this.#deck && this.#place?.state;
      this.#showProjected(true);
      this.#show(message.here);
      // A deck that was reloaded has forgotten its steps, what was open, and whether it was black.
      if (known && isSameSlide(known, message.place)) {
        this.#line.say({ place: known, opened: this.#parts.state });
        return;
      }
    }
    if (message.opened) this.#open(message.opened);
    if (message.place) this.#go(message.place);
  }

  /** @param {import("./speaker_folds.js").Opened} opened */
  #open(opened) {
    this.#opened = opened;
    if (!this.#parts) return;
    this.#opened = null;
    this.#parts.take(opened);
    this.#showNext();
  }

  /** @param {object} place */
  #go(place) {
    this.#wanted = place;
    if (!this.#place) return;
    this.#wanted = null;
    this.#place.take(place);
    this.#arrived();
  }

  /** @param {object | null} reveal */
  #currentReady(reveal) {
    if (!reveal) {
      this.#sayMissing(this.#deck);
      return;
    }
    const before = this.#wanted ?? this.#place?.state;
    const opened = this.#opened ?? this.#parts?.state;
    this.#place = new Place(reveal, (state) => {
      this.#line.say({ place: state });
      if (this.#timer.isNew) this.#timer.start();
      this.#arrived();
    });
    this.#parts = new OpenParts(this.current.document, (opened) => {
      this.#line.say({ opened });
      this.#showNext();
    });
    if (opened) this.#open(opened);
    this.current.document.addEventListener("click", (event) => this.#clicked(event));
    this.notes.forget();
    if (before) this.#go(before);
    else this.#arrived();
    this.#line.say({ hello: true });
  }

  /** Links of the deck that lead elsewhere open a window of their own. @param {MouseEvent} event */
  #clicked(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || link.href.replace(/#.*/, "") === this.current.document.URL.replace(/#.*/, "")) return;
    event.preventDefault();
    open(link.href, "_blank", "noopener");
  }

  /** Another slide or step is shown. */
  #arrived() {
    const { reveal } = this.current;
    const slide = reveal?.getCurrentSlide();
    if (!slide) return;
    part("number").textContent = slide.querySelector(".cb-number")?.textContent ?? "";
    document.title = `Speaker · ${this.current.document.title}`;
    const isBlack = reveal.isPaused();
    part("black").setAttribute("aria-pressed", String(isBlack));
    part("is-black").hidden = !isBlack;
    const styles = [...this.current.document.querySelectorAll('link[rel=stylesheet][href*="code.css"]')];
    this.notes.show(slide, styles.map((link) => link.href));
    this.#budget = budgetOf(reveal.getSlides(), slide);
    this.#timer.enter(this.#budget.section);
    this.#showTime();
    this.#showNext();
  }

  #showNext() {
    const { reveal } = this.next;
    const current = this.current.reveal;
    if (!reveal || !current) return;
    reveal.setState({ ...current.getState(), paused: false, overview: false });
    const isLast = current.isLastSlide() && !current.availableFragments().next;
    part("end").hidden = !isLast;
    if (!isLast) reveal.next();
    if (this.#parts) openIn(this.next.document, this.#parts.state);
    // It is looked at, never worked.
    this.next.document.body.inert = true;
  }

  #showTime() {
    part("clock").textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    part("gone").textContent = minutes(this.#timer.gone);
    part("start").textContent = this.#timer.runs ? "Pause" : "Start";
    const { section, seconds, total } = this.#budget;
    this.#showLeft(part("left"), total * 1000 - this.#timer.gone, total, "the chapter");
    this.#showLeft(part("section-left"), seconds * 1000 - this.#timer.spent(section), seconds, "this section");
  }

  /** @param {HTMLElement} place @param {number} left @param {number} budget @param {string} of */
  #showLeft(place, left, budget, of) {
    place.hidden = !budget;
    if (!budget) return;
    place.textContent = leftOf(left, of);
    place.classList.toggle("cb-over", left < 0);
  }

  /** @param {boolean} isProjected */
  #showProjected(isProjected) {
    part("projected").textContent = isProjected ? "Slides are shown in the other window" : "No window shows the slides";
    part("open").hidden = isProjected;
  }

  #openSlides() {
    const slide = this.current.reveal?.getCurrentSlide()?.id ?? "";
    const address = deckAddress(this.#deck);
    address.hash = `/${encodeURIComponent(slide)}`;
    open(address, `cb-slides-${makePair()}`);
  }

  /** @param {number} by steps in the list of sizes */
  #resize(by) {
    const at = Math.min(Math.max(this.#size + by, 0), SIZES.length - 1);
    this.#size = at;
    this.notes.size = SIZES[at];
    part("smaller").disabled = at === 0;
    part("larger").disabled = at === SIZES.length - 1;
    try {
      localStorage.setItem(SIZE, String(SIZES[at]));
    } catch {
      // the next window begins with the usual size
    }
  }

  #offerControls() {
    const actions = {
      previous: () => this.current.reveal?.prev(),
      next: () => this.current.reveal?.next(),
      black: () => this.current.reveal?.togglePause(),
      open: () => this.#openSlides(),
      smaller: () => this.#resize(-1),
      larger: () => this.#resize(1),
      start: () => (this.#timer.runs ? this.#timer.pause() : this.#timer.start()),
      reset: () => this.#timer.reset(),
    };
    document.addEventListener("click", (event) => {
      const button = event.target.closest?.("button[data-cb-do]");
      if (!button) return;
      actions[button.dataset.cbDo]();
      this.#showTime();
      // After a click (not a key), the keyboard goes back to turning slides.
      if (event.detail > 0) button.blur();
    });
  }

  /** What is pressed here, is pressed in the deck. @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Tab" || /^F\d/.test(event.key) || event.key.toLowerCase() === "s") return;
    if (event.target.closest?.(CONTROL) && WORKED_BY_KEY.has(event.key)) return;
    if (event.target.closest?.(".cb-notes") && SCROLLS.has(event.key)) return;
    if (!this.current.reveal) return;
    event.preventDefault();
    this.current.press(event);
  }
}

new Speaker();
