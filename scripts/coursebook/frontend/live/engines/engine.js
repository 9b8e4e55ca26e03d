// What runs the cells: one interface, and two engines behind it; `choice.js` chooses between them.
//
// The interface of a cell's user (`Engine`) is all that the page knows. An engine is a module
// `engines/<name>/engine.js` that exports
//
//   available(site: URL): Promise<{can: boolean, why: string}>   may be asked before anything starts
//   create(site: URL): Engine                                     costs nothing until `start()`

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
