/** The full shell of the machine, in a drawer at the bottom of the window. */

import { isTerminalKey, make, makeButton } from "./elements.js";

const HEIGHT = "cb-drawer-height";
/** Share of the window's height that the drawer takes, at least and at most. */
const LOWEST = 0.15;
const HIGHEST = 0.85;

/** Bytes of what was printed that are kept for a window that comes later. */
const MOST_KEPT = 200_000;

/**
 * Events: `shown` when it opened, closed or changed its size; `printed`, detail `Uint8Array`.
 */
export class Drawer extends EventTarget {
  #element = make("section", "cb-drawer");
  #screen = make("div", "cb-drawer-screen");
  #edge = make("div", "cb-drawer-edge");
  #terminal = null;
  /** @type {Element | null} */
  #cameFrom = null;
  /** @type {Uint8Array[]} */
  #printed = [];
  #length = 0;
  #size;

  /**
   * @param {import("../engines/engine.js").Terminal} machine
   * @param {string} label
   * @param {{columns: number, rows: number} | null} [size] of the terminal that this one is a copy of;
   *   null: it has the size of the drawer
   */
  constructor(machine, label, size = null) {
    super();
    this.machine = machine;
    this.label = label;
    this.#size = size;
    this.#element.hidden = true;
    this.#element.setAttribute("aria-label", "Terminal");
    const bar = make("div", "cb-drawer-bar");
    bar.append(
      make("span", "cb-drawer-title", `Terminal · ${label}`),
      make("span", "cb-drawer-hint", "Ctrl-` closes"),
      makeButton("Close", "Close the terminal", () => this.close(), "cb-machine-button"),
    );
    Object.assign(this.#edge, { tabIndex: 0 });
    this.#edge.setAttribute("role", "separator");
    this.#edge.setAttribute("aria-orientation", "horizontal");
    this.#edge.setAttribute("aria-label", "Height of the terminal");
    this.#edge.addEventListener("pointerdown", (event) => this.#drag(event));
    this.#edge.addEventListener("keydown", (event) => this.#push(event));
    this.#element.append(this.#edge, bar, this.#screen);
    // What is typed here steers neither the deck nor the page; one key closes, since Escape is vi's.
    this.#element.addEventListener("keydown", (event) => event.stopPropagation());
    this.#element.addEventListener("keydown", (event) => {
      if (isTerminalKey(event)) {
        event.preventDefault();
        event.stopPropagation();
        this.close();
      }
    }, true);
    document.body.append(this.#element);
    this.#resize(remembered());
    new ResizeObserver(() => this.#fitScreen()).observe(this.#screen);
  }

  get isOpen() {
    return !this.#element.hidden;
  }

  /** What it says and shows, for a copy. */
  get state() {
    const size = this.#terminal?.size();
    return { isOpen: this.isOpen, label: this.label, size, printed: this.#printed };
  }

  /** Show the terminal, and put the keyboard there. @param {boolean} [isQuiet] the keyboard stays */
  async open(isQuiet = false) {
    if (!this.isOpen && !isQuiet) this.#cameFrom = document.activeElement;
    this.#element.hidden = false;
    document.documentElement.classList.add("cb-drawer-open");
    try {
      if (!this.#terminal) await this.#make();
    } catch (error) {
      this.close();
      throw error;
    }
    this.#fitScreen();
    if (!isQuiet) this.#terminal.focus();
    this.#tellShown();
  }

  close() {
    if (!this.isOpen) return;
    this.#element.hidden = true;
    this.#tellShown();
    document.documentElement.classList.remove("cb-drawer-open");
    if (this.#cameFrom instanceof HTMLElement) this.#cameFrom.focus({ preventScroll: true });
    this.#cameFrom = null;
  }

  /** Forget what was printed. */
  clear() {
    this.#printed = [];
    this.#length = 0;
    this.#terminal?.clear();
  }

  /** Be as large as the terminal that this one is a copy of. @param {{columns: number, rows: number}} size */
  resize(size) {
    this.#size = size;
    this.#fitScreen();
  }

  #tellShown() {
    this.dispatchEvent(new Event("shown"));
  }

  /** @param {Uint8Array} bytes */
  #print(bytes) {
    this.#terminal.write(bytes);
    this.#printed.push(bytes);
    this.#length += bytes.length;
    while (this.#length > MOST_KEPT && this.#printed.length > 1) this.#length -= this.#printed.shift().length;
    this.dispatchEvent(new CustomEvent("printed", { detail: bytes }));
  }

  /** Type for the reader. @param {string} text */
  type(text) {
    this.machine.write(text);
  }

  async #make() {
    const { mountTerminal } = await import("../vendor/terminal.js");
    this.#terminal = mountTerminal(this.#screen, {
      onData: (text) => this.machine.write(text),
      onResize: (columns, rows) => {
        this.machine.resize(columns, rows);
        this.#tellShown();
      },
      screenReader: true,
    });
    this.#fitScreen();
    this.machine.open((bytes) => this.#print(bytes));
    const { columns, rows } = this.#terminal.size();
    this.machine.resize(columns, rows);
  }

  #fitScreen() {
    if (!this.isOpen || this.#screen.clientHeight <= 20) return;
    if (this.#size) this.#terminal?.resize(this.#size.columns, this.#size.rows);
    else this.#terminal?.fit();
  }

  /** @param {number} share of the window's height */
  #resize(share) {
    const height = Math.min(Math.max(share, LOWEST), HIGHEST);
    this.#element.style.height = `${height * 100}dvh`;
    this.#edge.setAttribute("aria-valuenow", String(Math.round(height * 100)));
    this.share = height;
    try {
      localStorage.setItem(HEIGHT, String(height));
    } catch {
      // it has its usual height next time
    }
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    event.preventDefault();
    this.#edge.setPointerCapture(event.pointerId);
    const move = ({ clientY }) => this.#resize(1 - clientY / innerHeight);
    this.#edge.addEventListener("pointermove", move);
    this.#edge.addEventListener("pointerup", () => this.#edge.removeEventListener("pointermove", move), { once: true });
  }

  /** @param {KeyboardEvent} event */
  #push(event) {
    const step = { ArrowUp: 0.05, ArrowDown: -0.05 }[event.key];
    if (!step) return;
    event.preventDefault();
    this.#resize(this.share + step);
  }
}

function remembered() {
  try {
    return Number(localStorage.getItem(HEIGHT)) || 0.42;
  } catch {
    return 0.42;
  }
}
