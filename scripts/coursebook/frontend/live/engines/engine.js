// What runs the cells: one interface, two engines behind it, and the choice between them.
//
// The interface of a cell's user (`Engine`) is all that the page knows. An engine is a module
// `engines/<name>/engine.js` that exports
//
//   available(site: URL): Promise<{can: boolean, why: string}>   may be asked before anything starts
//   create(site: URL): Engine                                     costs nothing until `start()`

/** The folder that holds the whole site; this module lies in `live/<fingerprint>/engines/`. */
export const SITE = new URL("../../../", import.meta.url);

/** Where the reader's choice is kept. */
const CHOICE = "cb-engine";

const MODULES = {
  // In the order of preference: who runs `course.py serve` wants his own computer's speed.
  local: () => import("./local/engine.js"),
  machine: () => import("./machine/engine.js"),
};

/** @typedef {"reset" | "reload" | "again" | null} Mend what mends a trouble: a button of that name; null:
 *  of a start or a cell that failed, to try again; of what an engine tells while it runs, nothing */
/** @typedef {"bash" | "python"} Language */
/** @typedef {"done" | "died" | "too-much" | "interrupted" | "lost"} End
 *  how a cell ended: by itself; its interpreter died (a new one stands); it printed more than it
 *  may; it was stopped; the engine itself was reset or broke down under it */
/**
 * @typedef {object} Request
 * @property {Language} language
 * @property {string} source
 * @property {string} chapter address of the chapter, such as `foundations/activation`
 * @property {string} topic the chapter's name and that of its work folder, such as `activation`
 * @property {string | number} cell which cell of the chapter
 */
/**
 * @typedef {object} Result
 * @property {number} status exit status of the last command; 1 for an exception in Python
 * @property {End} end
 * @property {number} milliseconds
 * @property {{virtualEnv: string, folder: string}} at where the interpreter stands now
 */
/**
 * @typedef {{type: "stream", name: "stdout" | "stderr", text: string}
 *         | {type: "output", output: object}
 *         | {type: "waits", waits: boolean}} Message
 *  text as it comes; an output in nbformat's form; whether the cell waits for input
 */
/**
 * @typedef {object} State whose state the reader sees
 * @property {string | null} chapter where cells ran last
 * @property {number} ran cells since the last reset
 * @property {Date | null} since when the first of them ran
 * @property {boolean} restored whether it comes from an earlier page or from before a reload
 * @property {string | null} note one sentence, if the state will not last; said once
 */
/**
 * @typedef {object} Terminal the full shell of the same machine
 * @property {(onBytes: (bytes: Uint8Array) => void) => void} open begins with what stands there
 * @property {(text: string) => void} write
 * @property {(columns: number, rows: number) => void} resize
 * @property {() => void} close
 */

/** A fault that the reader is told of, in one plain sentence. */
export class TroubleError extends Error {
  /**
   * @param {string} message
   * @param {Mend} [mend]
   */
  constructor(message, mend = null) {
    super(message);
    this.name = "TroubleError";
    /** @type {Mend} */
    this.mend = mend;
  }
}

/**
 * Runs cells. Events, each a `CustomEvent`:
 *
 * - `progress`, detail `{step: string, bytes: number, total: number}`: while it starts
 * - `trouble`, detail `{message: string, mend: Mend}`: one sentence, and what mends it
 * - `state`, detail `State`: after each cell, and after a reset
 *
 * At most one cell runs at a time; whoever uses it keeps the queue.
 */
export class Engine extends EventTarget {
  /** @type {"machine" | "local"} */
  name;

  /** @type {Terminal | null} null: this engine has no terminal */
  terminal = null;

  /** Make it ready. Called again, it gives the same promise; after a failure it tries anew. */
  async start() {
    throw new Error(`${this.name} does not start`);
  }

  /** Make it ready in the background and as quick as it gets, before somebody watches. */
  async warmUp() {
    await this.start();
  }

  /**
   * Run one cell; starts the engine if need be.
   * @param {Request} request
   * @param {(message: Message) => void} listener
   * @returns {Promise<Result>} rejects with a `TroubleError` if the engine did not start
   */
  async run(request, listener) {
    throw new Error(`${this.name} does not run ${request.language} for ${typeof listener}`);
  }

  /** Give text to the running cell's stdin; a line ends with "\n". @param {string} text */
  input(text) {
    throw new Error(`${this.name} takes no input: ${text}`);
  }

  /** End the running cell's stdin, as Ctrl-D does. */
  endInput() {
    throw new Error(`${this.name} takes no input`);
  }

  /** Stop the running cell, by whatever means it takes; `run`'s promise resolves. */
  interrupt() {
    throw new Error(`${this.name} does not stop`);
  }

  /** Start one interpreter anew; files stay. @param {Language} language */
  async restart(language) {
    throw new Error(`${this.name} does not restart ${language}`);
  }

  /** Put everything back to how it was before the first cell. A cell that runs ends as `lost`. */
  async reset() {
    throw new Error(`${this.name} does not reset`);
  }

  /** Wait until the state is kept for the next page; ask before following a link. Takes at most 1 s. */
  async flush() {}

  /**
   * Tell which interpreter runs Python cells.
   * @returns {{program: string, active: string | null}} `active`: the one of the environment that
   *   bash has activated, if it is another
   */
  python() {
    throw new Error(`${this.name} has no Python`);
  }

  /** Run Python cells by another interpreter; the old one ends. @param {string} program its path */
  async usePython(program) {
    throw new Error(`${this.name} does not change to ${program}`);
  }

  /** @returns {State} */
  state() {
    return { chapter: null, ran: 0, since: null, restored: false, note: null };
  }

  /**
   * Tell whoever listens.
   * @param {"progress" | "trouble" | "state"} type
   * @param {object} detail
   */
  tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** @typedef {{name: "machine" | "local", can: boolean, why: string}} Offer */
/**
 * @typedef {object} Choice
 * @property {Engine | null} engine null: no engine works here
 * @property {string} why one sentence: why it is this one, or why there is none
 * @property {Offer[]} offers every engine, with what speaks for or against it
 */

/** @type {Map<string, Promise<Engine>>} */
const made = new Map();

/**
 * Choose the engine: the reader's choice if it works here, else the first that does. The same
 * engine comes back each time.
 * @param {"machine" | "local"} [wanted] a new choice of the reader's, to be kept
 * @returns {Promise<Choice>}
 */
export async function choose(wanted) {
  if (wanted) remember(wanted);
  const offers = await Promise.all(Object.keys(MODULES).map(offer));
  const working = offers.filter(({ can }) => can);
  const chosen = working.find(({ name }) => name === remembered()) ?? working[0];
  if (!chosen) return { engine: null, why: offers.map(({ why }) => why).join(" "), offers };
  if (!made.has(chosen.name)) {
    made.set(chosen.name, MODULES[chosen.name]().then(({ create }) => create(SITE)));
  }
  return { engine: await made.get(chosen.name), why: chosen.why, offers };
}

/**
 * @param {string} name
 * @returns {Promise<Offer>}
 */
async function offer(name) {
  try {
    const { available } = await MODULES[name]();
    return { name, ...(await available(SITE)) };
  } catch {
    return { name, can: false, why: "A part of this page could not be loaded; reload it." };
  }
}

/** @type {string | null} the choice, where nothing can be kept */
let choice = null;

function remembered() {
  try {
    return localStorage.getItem(CHOICE) ?? choice;
  } catch {
    return choice;
  }
}

/** @param {string} name */
function remember(name) {
  choice = name;
  try {
    localStorage.setItem(CHOICE, name);
  } catch {
    // A private window, or a full disk: the choice holds for this page alone.
  }
}
