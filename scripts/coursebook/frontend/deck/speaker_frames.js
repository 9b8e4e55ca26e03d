/* A deck in a frame of the speaker's window: 1280 × 720 as on the wall, made to fit where it stands. */

import { deckAddress } from "./speaker_pair.js";

const WIDTH = 1280;

export class DeckFrame {
  #frame;
  #ready;
  /** @type {string | null} */
  #deck = null;

  /**
   * @param {HTMLIFrameElement} frame
   * @param {"current" | "next"} role which slide it shows; the deck in it knows that it is looked at
   * @param {(reveal: object | null) => void} ready told whenever a deck stands in it, also after it was
   *   reloaded; null: what stands there is no deck
   */
  constructor(frame, role, ready) {
    this.#frame = frame;
    this.role = role;
    this.#ready = ready;
    frame.addEventListener("load", () => this.#loaded());
    new ResizeObserver(([{ contentRect }]) => {
      frame.style.setProperty("--cb-scale", String(contentRect.width / WIDTH));
    }).observe(frame.parentElement);
  }

  /** Reveal in the frame; null until it is ready. */
  get reveal() {
    const reveal = this.#frame.contentWindow?.Reveal;
    return this.#deck !== null && reveal?.isReady?.() ? reveal : null;
  }

  /** @returns {Document} */
  get document() {
    return this.#frame.contentDocument;
  }

  /** @param {string} deck such as `foundations/activation` */
  show(deck) {
    if (deck === this.#deck) return;
    this.#deck = deck;
    const address = deckAddress(deck);
    address.search = `?receiver=${this.role}`;
    // Not by `src`: the Back key would lead through frames.
    this.#frame.contentWindow.location.replace(address);
  }

  #loaded() {
    const page = this.#frame.contentDocument;
    if (this.#deck === null || !page) return;
    if (!page.documentElement.classList.contains("cb-deck")) {
      this.#ready(null);
      return;
    }
    if (this.reveal) this.#ready(this.reveal);
    else this.#frame.contentWindow.addEventListener("cb-deck-ready", () => this.#ready(this.reveal), { once: true });
  }

  /** Press a key in the frame. @param {KeyboardEvent} event */
  press({ key, code, keyCode, shiftKey }) {
    const { KeyboardEvent } = this.#frame.contentWindow;
    const target = this.document.activeElement ?? this.document.body;
    target.dispatchEvent(new KeyboardEvent("keydown", {
      key, code, keyCode, which: keyCode, shiftKey, bubbles: true, cancelable: true, composed: true,
    }));
  }
}
