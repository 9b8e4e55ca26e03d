/** The terminal of the slides on the wall, in the speaker's window: it shows the same, and what is typed
 *  here is typed there. */

/** What a terminal answers by itself when a program asks it; the one on the wall has answered already. */
const ANSWER = /^\x1b(?:\[[?>=]?[\d;]*[cnRtuy]|\[[IO]|[\]P])/;

/**
 * @typedef {object} TerminalState
 * @property {boolean} isOpen
 * @property {string} label
 * @property {{columns: number, rows: number}} [size]
 * @property {Uint8Array[]} [printed] all that was printed so far
 */

export class TerminalCopy {
  /** @type {import("./drawer.js").Drawer | null} */
  #drawer = null;
  /** @type {((bytes: Uint8Array) => void) | null} null: nothing shows it yet */
  #show = null;
  /** @type {Uint8Array[]} what could not be shown yet */
  #waiting = [];
  #isOpen = false;
  /** Whether the speaker has asked for it, and wants to type. */
  #isAsked = false;
  #say;

  /** @param {(message: object) => void} say tells the window on the wall */
  constructor(say) {
    this.#say = say;
  }

  ask() {
    this.#isAsked = true;
    this.#say({ openTerminal: true });
  }

  /** Be as the terminal on the wall is. @param {TerminalState | null} state null: there is none */
  async take(state) {
    this.#isOpen = state?.isOpen ?? false;
    if (!state || state.printed) {
      this.#drawer?.clear();
      this.#waiting = [];
      for (const bytes of state?.printed ?? []) this.print(bytes);
    }
    if (!this.#isOpen) {
      this.#drawer?.close();
      return;
    }
    const { Drawer } = await import("./drawer.js");
    // It may be closed by now.
    if (!this.#isOpen) return;
    this.#drawer ??= this.#make(Drawer, state);
    if (state.size) this.#drawer.resize(state.size);
    if (this.#drawer.isOpen) return;
    const isQuiet = !this.#isAsked;
    this.#isAsked = false;
    await this.#drawer.open(isQuiet);
  }

  /** @param {Uint8Array} bytes */
  print(bytes) {
    if (this.#show) this.#show(bytes);
    else this.#waiting.push(bytes);
  }

  /** @param {typeof import("./drawer.js").Drawer} Drawer @param {TerminalState} state */
  #make(Drawer, { label, size }) {
    const drawer = new Drawer({
      open: (show) => {
        this.#show = show;
        this.#waiting.splice(0).forEach(show);
      },
      write: (text) => {
        if (!ANSWER.test(text)) this.#say({ typed: text });
      },
      resize: () => {},
      close: () => {},
    }, label, size ?? null);
    drawer.addEventListener("shown", () => {
      if (!drawer.isOpen && this.#isOpen) this.#say({ closeTerminal: true });
    });
    return drawer;
  }
}
