/** Cells of a deck on the wall, which the speaker's window shows and presses, too. What runs them is here
 *  alone: the other window says what is wished for, and is told all that is done. */

import { openLine } from "./pair.js";
import { DOINGS, OF_THE_BAR, Record, Retold, WITH_REMEDY, adopt } from "./retold.js";

/** Buttons below an output that the other window can press; of more, the last ones. */
const MOST_REMEDIES = 30;

export class SharedCells {
  /** @type {Map<number, {cell: import("./cell.js").Cell, retold: Retold, record: Record}>} */
  #cells = new Map();
  /** @type {Map<number, () => void>} */
  #remedies = new Map();
  #remedy = 0;
  /** What was printed and not told yet, in one piece for each cell. */
  #printed = new Map();
  /** @type {import("./drawer.js").Drawer | null} */
  #drawer = null;
  #page;
  #line = null;

  /** @param {import("./page.js").LivePage} page */
  constructor(page) {
    this.#page = page;
    for (const cell of page.cells.values()) {
      const record = new Record();
      const { number } = cell.item;
      const retold = new Retold(cell, DOINGS, (name, words) => {
        const told = WITH_REMEDY.has(name) ? this.#tellable(words) : words;
        record.add(name, told);
        this.#tell(number, name, told);
      });
      this.#cells.set(number, { cell, retold, record });
    }
    new Retold(page.host.bar, OF_THE_BAR, (name, words) => this.#line?.say({ bar: [name, this.#tellable(words)] }));
  }

  /** Show what the terminal says in the other window, too. @param {import("./drawer.js").Drawer} drawer */
  shareTerminal(drawer) {
    this.#drawer = drawer;
    drawer.addEventListener("shown", () => this.#line?.say({ terminal: this.#terminal() }));
    drawer.addEventListener("printed", ({ detail }) => this.#line?.say({ printed: detail }));
  }

  /** @param {boolean} [isWhole] with all that was printed */
  #terminal(isWhole = false) {
    if (!this.#drawer) return null;
    const { printed, ...state } = this.#drawer.state;
    return isWhole ? { ...state, printed } : state;
  }

  /** Let the speaker's window take part, if there is one. */
  open() {
    if (this.#line) return;
    this.#line = openLine(this.#page.chapter.place, (message) => this.#hear(message));
    if (!this.#line) return;
    this.#tellAll();
    addEventListener("pagehide", () => this.#line.say({ gone: true }));
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.#tellAll();
    });
  }

  /** Nothing that ran is there any more. */
  forget() {
    this.#line?.say({ forgotten: true });
  }

  /** @param {{program: string, active: string | null}} python */
  showPython(python) {
    this.#line?.say({ python });
  }

  /** Functions cannot be told; the other window presses a number. */
  #tellable(words) {
    return words.map((word) => {
      if (!word?.action) return word;
      this.#remedy += 1;
      this.#remedies.set(this.#remedy, word.action);
      this.#remedies.delete(this.#remedy - MOST_REMEDIES);
      return { label: word.label, number: this.#remedy };
    });
  }

  /** @param {number} number @param {string} name @param {unknown[]} words */
  #tell(number, name, words) {
    if (!this.#line) return;
    const [message] = words;
    if (name === "take" && message.type === "stream") {
      const printed = this.#printed.get(number);
      if (printed?.name === message.name) printed.text += message.text;
      else {
        this.#sayPrinted();
        this.#printed.set(number, { ...message });
        // A flood comes in thousands of pieces at once.
        queueMicrotask(() => this.#sayPrinted());
      }
      return;
    }
    this.#sayPrinted();
    this.#line.say({ cell: number, doing: [name, words] });
  }

  #sayPrinted() {
    for (const [number, message] of this.#printed) this.#line.say({ cell: number, doing: ["take", [message]] });
    this.#printed.clear();
  }

  #tellAll() {
    this.#sayPrinted();
    const cells = [...this.#cells].map(([number, { cell, record }]) => (
      { number, source: cell.source, doings: record.doings }
    ));
    const { bar, noun } = this.#page.host;
    this.#line?.say({ all: cells, noun, python: this.#page.host.python(), terminal: this.#terminal(true) });
    for (const [name, words] of Object.entries(bar.told)) {
      if (words) this.#line?.say({ bar: [name, this.#tellable(words)] });
    }
  }

  /** @param {object} message of the speaker's window */
  #hear(message) {
    if (message.hello) this.#tellAll();
    if (message.remedy) this.#remedies.get(message.remedy)?.();
    if (message.warmUp) this.#page.warmUp();
    if (message.reset) this.#page.host.reset();
    if (message.restart) this.#page.host.restart(message.restart);
    if (message.openTerminal) this.#page.host.openTerminal();
    if (message.closeTerminal) this.#drawer?.close();
    if (message.typed) this.#drawer?.type(message.typed);
    if (message.showMe) this.#page.host.showMe(message.showMe);
    if (message.usePython) this.#page.host.usePython(message.usePython);
    const known = this.#cells.get(message.wish?.cell);
    if (!known) return;
    const { cell, retold, record } = known;
    const { press, above, line, ended, doing } = message.wish;
    if (press) this.#page.press(cell, press);
    if (above) this.#page.runAbove(cell);
    if (line !== undefined) this.#page.keyboard.line(cell, line);
    if (ended) this.#page.keyboard.end();
    if (!doing) return;
    // Every window of the pair has heard it, so it is told no more.
    const [name, words] = doing;
    retold.quietly(() => {
      if (name === "changed") adopt(cell, words[0], (text) => this.#page.change(cell, text));
      else cell[name](...words);
    });
    record.add(name, words);
  }
}
