// The engine `local`: the clean rooms of `course.py serve` on this computer, over a WebSocket. The
// server tells a page by a line in its head that there is such an engine; no built file does.
import { Engine, TroubleError } from "../engine.js";

/** Code by which the server closes a line that may not run cells; serving/guard.py. */
const REFUSED = 4403;

/** Milliseconds that the server may take to answer. */
const PATIENCE = 5000;

const GONE = "The connection to course.py serve was lost. Is it still running in its window?";
const UNKNOWN = { chapter: null, ran: 0, since: null, restored: false, python: { program: "", active: null } };

/** @returns {string} where the server listens for cells; empty where the site is not served by it */
const address = () => document.querySelector('meta[name="cb-local-engine"]')?.getAttribute("content") ?? "";

/** Tell whether cells can run on this computer. */
export async function available() {
  if (!address()) return { can: false, why: "This page is not served by course.py serve." };
  try {
    return await (await fetch(address(), { cache: "no-store" })).json();
  } catch {
    return { can: false, why: GONE };
  }
}

/** @param {URL} site */
export const create = (site) => new LocalEngine(site);

class LocalEngine extends Engine {
  /** @type {"local"} */
  name = "local";

  /** @param {URL} site */
  constructor(site) {
    super();
    this.site = site;
    this.known = UNKNOWN;
    /** @type {Promise<void> | null} */
    this.starting = null;
    /** @type {WebSocket | null} */
    this.socket = null;
    /** @type {Map<number, {resolve: (answer: any) => void, reject: (error: Error) => void, run: boolean}>} */
    this.calls = new Map();
    this.count = 0;
    /** @type {(message: object) => void} */
    this.listener = () => {};
  }

  start() {
    if (!this.starting) {
      const starting = this.connect().catch((error) => {
        if (this.starting === starting) this.starting = null;
        throw error;
      });
      this.starting = starting;
    }
    return this.starting;
  }

  async run({ chapter, topic, language, source }, listener) {
    await this.start();
    this.listener = listener;
    return this.call({ do: "run", chapter, topic, language, source });
  }

  input(text) {
    this.say({ do: "input", text });
  }

  endInput() {
    this.say({ do: "end-input" });
  }

  interrupt() {
    this.say({ do: "interrupt" });
  }

  async restart(language) {
    await this.start();
    await this.call({ do: "restart", language });
  }

  async reset() {
    await this.start();
    await this.call({ do: "reset" });
  }

  python() {
    return this.known.python;
  }

  async usePython(program) {
    await this.start();
    await this.call({ do: "use-python", program });
  }

  state() {
    const { chapter, ran, since, restored } = this.known;
    return { chapter, ran, since: since && new Date(since), restored, note: null };
  }

  /** Open the line, and let the room of this page's chapter stand ready. */
  async connect() {
    this.tell("progress", { step: "Opening a clean room on this computer", bytes: 0, total: 0 });
    await this.dial();
    const page = document.querySelector("[data-cb-chapter][data-cb-topic]");
    if (!(page instanceof HTMLElement)) return;
    const { cbChapter: chapter, cbTopic: topic } = page.dataset;
    await this.call({ do: "open", chapter, topic });
  }

  /** @returns {Promise<void>} */
  dial() {
    const where = new URL(address() || ".", location.href);
    where.protocol = where.protocol.replace("http", "ws");
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(where);
      const late = setTimeout(() => socket.close(), PATIENCE);
      socket.onmessage = ({ data }) => {
        const message = JSON.parse(data);
        if (message.type === "welcome") {
          clearTimeout(late);
          this.socket = socket;
          resolve();
        } else {
          this.hear(message);
        }
      };
      socket.onclose = ({ code, reason }) => {
        clearTimeout(late);
        const trouble = new TroubleError(code === REFUSED && reason ? reason : GONE, "again");
        if (this.socket === socket) this.lose(trouble);
        else reject(trouble);
      };
    });
  }

  /** The line is cut: what was asked for gets no answer, and the next call dials anew. @param {TroubleError} trouble */
  lose(trouble) {
    this.socket = null;
    this.starting = null;
    this.known = UNKNOWN;
    const calls = [...this.calls.values()];
    this.calls.clear();
    const at = { virtualEnv: "", folder: "" };
    for (const { resolve, reject, run } of calls) {
      if (run) resolve({ status: 0, end: "lost", milliseconds: 0, at });
      else reject(trouble);
    }
    this.tell("trouble", { message: trouble.message, mend: trouble.mend });
    this.tell("state", this.state());
  }

  /** @param {object} message */
  say(message) {
    this.socket?.send(JSON.stringify(message));
  }

  /**
   * Say something that is answered.
   * @param {{do: string}} message
   * @returns {Promise<any>}
   */
  call(message) {
    return new Promise((resolve, reject) => {
      const id = ++this.count;
      this.calls.set(id, { resolve, reject, run: message.do === "run" });
      this.say({ ...message, id });
    });
  }

  /** @param {any} message one line of the server; serving/cells.py lists them */
  hear(message) {
    if (message.type === "state") {
      this.known = message;
      this.tell("state", this.state());
    } else if (message.type === "trouble") {
      this.tell("trouble", { message: message.message, mend: message.mend });
    } else if ("id" in message) {
      const { type, id, ...rest } = message;
      const { resolve, reject } = this.calls.get(id) ?? {};
      this.calls.delete(id);
      if (type === "failed") reject?.(new TroubleError(rest.message, rest.mend));
      else resolve?.(rest);
    } else {
      this.listener(message);
    }
  }
}
