/** Cells of a deck in the speaker's window. They run on the wall: what is pressed here is wished for
 *  there, and what is done there is done here. */

import { Cell } from "./cell.js";
import { readChapter } from "./chapter.js";
import { showText } from "./code.js";
import { openEditor } from "./editing.js";
import { isTerminalKey } from "./elements.js";
import { InterpreterLine } from "./interpreter.js";
import { openMenu } from "./menu.js";
import { cellMenu, machineMenu } from "./menus.js";
import { openLine } from "./pair.js";
import { OF_THE_READER, Retold, adopt } from "./retold.js";
import { StatusBar } from "./status.js";
import { loadCellStyles } from "./styles.js";
import { TerminalCopy } from "./terminal_copy.js";

const ALONE = "No window shows these slides, and there the cells run. Open it, then press again.";

/** @type {Promise<MirroredPage> | null} */
let opened = null;

/** @param {Document} page @returns {Promise<MirroredPage>} */
export function openMirror(page) {
  opened ??= loadCellStyles().then(() => new MirroredPage(page));
  return opened;
}

export class MirroredPage {
  /** @type {Map<number, {cell: Cell, retold: Retold}>} */
  #cells = new Map();
  /** @type {InterpreterLine[]} */
  #interpreters = [];
  #isAlone = true;
  #noun = "machine";
  #bar = new StatusBar({
    more: (button) => openMenu(button, "The machine", machineMenu(this.host)),
    terminal: () => this.host.openTerminal(),
  });
  #terminal = new TerminalCopy((message) => this.#say(message));
  #line;

  /** @param {Document} page */
  constructor(page) {
    const chapter = readChapter(page);
    this.#line = openLine(chapter.place, (message) => this.#hear(message));
    const keyboard = {
      line: ({ item }, text) => this.#wish(item.number, { line: text }),
      end: ({ item }) => this.#wish(item.number, { ended: true }),
    };
    for (const item of chapter.cells) {
      if (!item.element) continue;
      const cell = new Cell(item, keyboard);
      const retold = new Retold(cell, OF_THE_READER, (name, words) => {
        this.#wish(item.number, { doing: [name, words] });
      });
      this.#cells.set(item.number, { cell, retold });
      if (item.language !== "python") continue;
      const use = async (program) => this.#say({ usePython: program });
      this.#interpreters.push(new InterpreterLine(cell, chapter.topic, use, () => this.#noun));
    }
    document.addEventListener("keydown", (event) => {
      if (!isTerminalKey(event) || this.#bar.terminal.hidden) return;
      event.preventDefault();
      this.host.openTerminal();
    });
    this.#say({ hello: true });
  }

  /** What the menu of a cell knows of the machine. */
  get host() {
    return {
      engine: this.#isAlone ? null : { terminal: !this.#bar.terminal.hidden },
      choice: null,
      openTerminal: () => this.#terminal.ask(),
      showMe: (source) => this.#say({ showMe: source }),
      noun: this.#noun,
      restart: (language) => this.#say({ restart: language }),
      reset: () => this.#say({ reset: true }),
    };
  }

  /** As `LivePage` does. @param {Element} element @param {"run" | "more" | "edit"} wish @param {Event} event */
  async grant(element, wish, event) {
    const { cell } = this.#cells.get(Number(element.dataset.cbCell)) ?? {};
    if (!cell) return;
    if (wish === "more") openMenu(cell.more, `More for ${cell.name}`, cellMenu(this, cell));
    else if (wish === "edit") await this.edit(cell, event);
    else this.#press(cell, event);
  }

  /** @param {Cell} cell @param {Event} event */
  async edit(cell, event) {
    const { detail, repeat } = event;
    await openEditor(cell, event, {
      run: () => this.#press(cell, { detail, repeat }),
      changed: (text) => cell.changed(text),
    });
  }

  /** @param {Cell} cell */
  runAbove(cell) {
    this.#wish(cell.item.number, { above: true });
  }

  async warmUp() {
    this.#say({ warmUp: true });
  }

  /** @param {Cell} cell @param {{detail?: number, repeat?: boolean}} event */
  #press(cell, { detail = 0, repeat = false }) {
    if (this.#isAlone) cell.explain(ALONE);
    else this.#wish(cell.item.number, { press: { detail, repeat } });
  }

  /** @param {object} message */
  #say(message) {
    this.#line?.say(message);
  }

  /** @param {number} cell @param {object} wish */
  #wish(cell, wish) {
    this.#say({ wish: { cell, ...wish } });
  }

  /** The window on the wall is gone, and what ran there. */
  #beAlone() {
    this.#isAlone = true;
    this.#terminal.take(null);
    if (this.#bar.told.say) this.#bar.say("off", "No window shows these slides");
  }

  /** @param {object} message of the window on the wall, or of another window of the speaker */
  #hear(message) {
    if (message.gone) this.#beAlone();
    if (message.forgotten) for (const { cell } of this.#cells.values()) cell.element.removeAttribute("data-cb-ran");
    if (message.all) {
      this.#isAlone = false;
      this.#noun = message.noun;
      for (const { number, source, doings } of message.all) this.#begin(number, source, doings);
    }
    if (message.bar) {
      const [name, words] = message.bar;
      this.#bar[name](...words.map((word) => this.#withAction(word)));
    }
    if (message.all || message.terminal) this.#terminal.take(message.terminal ?? null);
    if (message.printed) this.#terminal.print(message.printed);
    if (message.python) for (const line of this.#interpreters) line.show(message.python);
    if (message.doing) this.#do(message.cell, message.doing);
    else if (message.wish?.doing) this.#do(message.wish.cell, message.wish.doing);
  }

  /** @param {number} number @param {string} source @param {import("./retold.js").Doing[]} doings */
  #begin(number, source, doings) {
    const known = this.#cells.get(number);
    if (!known) return;
    known.retold.quietly(() => known.cell.clear());
    this.#do(number, ["changed", [source]]);
    for (const doing of doings) this.#do(number, doing);
  }

  /** @param {number} number @param {import("./retold.js").Doing} doing */
  #do(number, [name, words]) {
    const known = this.#cells.get(number);
    if (!known) return;
    const { cell, retold } = known;
    retold.quietly(() => {
      if (name !== "changed") {
        cell[name](...words.map((word) => this.#withAction(word)));
        return;
      }
      adopt(cell, words[0], (text) => {
        showText(cell.element, text);
        cell.changed(text);
      });
    });
  }

  /** A button that the other window has is pressed there. */
  #withAction(word) {
    if (!word?.label || !word.number) return word;
    return { label: word.label, action: () => this.#say({ remedy: word.number }) };
  }
}
