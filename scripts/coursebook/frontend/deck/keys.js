/** The keyboard: finds the command of a key, and runs it. What the commands are, `commands.js` says.

   Reveal knows keys by the place that they have on an American keyboard: there is no `?` on a German
   one. Here a key is what it writes. */

import { notice } from "./say.js";
import { maySteer } from "./typing.js";

/**
 * @typedef {object} Command
 * @property {string} group heading on the sheet of keys
 * @property {string} does what it does, in words
 * @property {string[]} keys as `nameOf` names them; empty for what is written in `typed`
 * @property {string} [typed] words on the sheet in place of keys, for what happens within a cell
 * @property {() => boolean} [when] it holds only then
 * @property {(key: string, keys: Keys) => unknown} [action] the key is empty where it was chosen on the sheet
 * @property {boolean} [asks] a field comes; what is typed until it is there goes to it
 */

/** @typedef {{key: string, shiftKey?: boolean, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean}} Press */

const MODIFIERS = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock"]);

/**
 * Name a key that was pressed: `n`, `?`, `Shift+Space`, `Ctrl+z`.
 *
 * Shift is named only where it writes nothing else.
 * @param {Press} press
 */
export function nameOf(press) {
  const { key } = press;
  const name = key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key;
  const shift = press.shiftKey && name.length > 1 ? "Shift+" : "";
  const control = press.ctrlKey || press.metaKey ? "Ctrl+" : "";
  return `${control}${press.altKey ? "Alt+" : ""}${shift}${name}`;
}

export class Keys {
  /** @type {Press[] | null} what was typed for a field that is not there yet */
  #held = null;

  /** @param deck Reveal @param {Command[]} commands the first that fits counts */
  constructor(deck, commands) {
    this.deck = deck;
    this.commands = commands;
    document.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.isComposing || !maySteer(event)) return;
      if (this.press(event)) event.preventDefault();
    });
  }

  /**
   * Do what a key is for.
   * @param {Press} press an event of the keyboard, or what the speaker's window heard
   * @returns {boolean} whether the deck uses this key
   */
  press(press) {
    if (MODIFIERS.has(press.key)) return false;
    if (this.#held && (press.key.length === 1 || ["Enter", "Backspace"].includes(press.key))) {
      this.#held.push(press);
      return true;
    }
    this.#held = null;
    const name = nameOf(press);
    // Whoever made the screen black finds the way back by any key.
    if (this.deck.isPaused() && !name.includes("Ctrl+")) {
      this.deck.togglePause(false);
      return true;
    }
    const command = this.commands.find(({ keys, when }) => keys.includes(name) && (when?.() ?? true));
    if (!command) return false;
    this.run(command, name);
    return true;
  }

  /** @param {Command} command @param {string} [key] */
  async run(command, key = "") {
    const held = command.asks ? [] : null;
    this.#held = held;
    try {
      await command.action(key, this);
    } catch (error) {
      console.error(error);
      notice("That could not be loaded. Is the network gone?");
    }
    if (!held || this.#held !== held) return;
    this.#held = null;
    for (const press of held) typeInto(document.activeElement, press);
  }
}

/** Type a key that was pressed before its field came. @param {Element} field @param {Press} press */
function typeInto(field, { key }) {
  if (!(field instanceof HTMLInputElement)) return;
  if (key.length === 1) field.setRangeText(key, field.selectionStart, field.selectionEnd, "end");
  else if (key === "Backspace") field.setRangeText("", Math.max(0, field.selectionStart - 1), field.selectionEnd, "end");
  else {
    field.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    return;
  }
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
