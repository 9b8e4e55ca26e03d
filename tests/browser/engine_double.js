/** An engine for tests of the cells alone: it says what a test wrote, and remembers what it was told.
 *
 * A cell's source is its script: each line does one thing. `echo TEXT` prints; the rest stands in
 * comments, which the build's own bash and Python read over:
 *
 *   err TEXT | rich JSON | sleep MILLISECONDS | wait (reads a line, prints it) | forever | flood LINES
 *   raw JSON-STRING | exit STATUS | end HOW | activate PATH | trouble MEND TEXT | throw MEND TEXT */

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

class Double extends EventTarget {
  name = globalThis.cbEngineName ?? "machine";
  told = [];
  #started = null;
  #state = { chapter: null, ran: 0, since: null, restored: false, note: null };
  #python = { program: "/usr/local/bin/python3", active: null };
  #typed = [];
  #wake = () => {};
  #stopped = false;

  terminal = this.name === "machine"
    ? {
        open: (onBytes) => {
          this.onBytes = onBytes;
          onBytes(new TextEncoder().encode("learner@room:~$ "));
        },
        write: (text) => {
          this.told.push(["terminal", text]);
          this.onBytes(new TextEncoder().encode(text.replace(/[\r\n]/g, "\r\n")));
        },
        resize: (columns, rows) => this.told.push(["resize", columns, rows]),
        close: () => {},
      }
    : null;

  start() {
    this.#started ??= this.#start();
    this.#started.catch(() => { this.#started = null; });
    return this.#started;
  }

  async #start() {
    this.told.push(["start"]);
    const steps = globalThis.cbSteps ?? 1;
    for (let step = 1; step <= steps; step += 1) {
      this.#tell("progress", { step: "loading Linux", bytes: (step * 14e6) / steps, total: 14e6 });
      await pause(steps > 1 ? 100 : 0);
    }
    if (globalThis.cbStartFails) {
      const { message, mend } = globalThis.cbStartFails;
      globalThis.cbStartFails = null;
      throw Object.assign(new Error(message), { mend });
    }
  }

  async run(request, listener) {
    this.told.push(["run", request]);
    const began = performance.now();
    const result = { status: 0, end: "done", at: { virtualEnv: "", folder: `/home/learner/${request.topic}` } };
    this.#stopped = false;
    const stream = (name, text) => listener({ type: "stream", name, text });
    for (const line of request.source.split("\n")) {
      if (this.#stopped) break;
      const [, word, rest] = /^(?:# )?(\S*) ?(.*)$/.exec(line);
      if (word === "err") stream("stderr", `${rest}\n`);
      else if (word === "rich") listener({ type: "output", output: JSON.parse(rest) });
      else if (word === "raw") stream("stdout", JSON.parse(rest));
      else if (word === "sleep") await Promise.race([pause(Number(rest)), this.#untilWoken()]);
      else if (word === "forever") await this.#untilWoken();
      else if (word === "flood") for (let at = 1; at <= Number(rest); at += 1) stream("stdout", `line ${at}\n`);
      else if (word === "wait") {
        listener({ type: "waits", waits: true });
        await this.#untilWoken();
        listener({ type: "waits", waits: false });
        stream("stdout", `read: ${this.#typed.splice(0).join("|")}\n`);
      } else if (word === "exit") {
        result.status = Number(rest);
        break;
      } else if (word === "end") {
        result.end = rest;
        break;
      } else if (word === "activate") this.#python.active = rest || null;
      else if (word === "trouble" || word === "throw") {
        const [, mend, message] = /^(\S+) (.*)$/.exec(rest);
        const detail = { message, mend: mend === "null" ? null : mend };
        if (word === "throw") throw Object.assign(new Error(message), detail);
        this.#tell("trouble", detail);
      } else if (word === "echo") stream("stdout", `${rest}\n`);
    }
    if (this.#stopped) Object.assign(result, { status: 130, end: "interrupted" });
    this.#state = {
      ...this.#state, chapter: request.chapter, ran: this.#state.ran + 1, since: this.#state.since ?? new Date(),
    };
    this.#tell("state", this.state());
    return { ...result, milliseconds: performance.now() - began };
  }

  #untilWoken() {
    return new Promise((resolve) => { this.#wake = resolve; });
  }

  input(text) {
    this.told.push(["input", text]);
    this.#typed.push(text.trimEnd());
    this.#wake();
  }

  endInput() {
    this.told.push(["endInput"]);
    this.#typed.push("EOF");
    this.#wake();
  }

  interrupt() {
    this.told.push(["interrupt"]);
    this.#stopped = true;
    this.#wake();
  }

  async restart(language) {
    this.told.push(["restart", language]);
  }

  async reset() {
    this.told.push(["reset"]);
    this.#stopped = true;
    this.#wake();
    this.#state = { chapter: null, ran: 0, since: null, restored: false, note: null };
    this.#python = { program: "/usr/local/bin/python3", active: null };
    this.#tell("state", this.state());
  }

  async flush() {
    this.told.push(["flush"]);
    await pause(globalThis.cbFlushTakes ?? 0);
  }

  python() {
    return { ...this.#python };
  }

  async usePython(program) {
    this.told.push(["usePython", program]);
    this.#python.program = program;
  }

  state() {
    return { ...this.#state };
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

const WHY = {
  machine: "A Linux runs in this tab; nothing leaves your browser.",
  local: "This page comes from your own computer, and its cells run there.",
};

export async function choose(wanted) {
  if (wanted) localStorage.setItem("cb-engine", wanted);
  globalThis.cbChosen = (globalThis.cbChosen ?? 0) + 1;
  if (globalThis.cbNoEngine) return { engine: null, why: globalThis.cbNoEngine, offers: [] };
  globalThis.cbEngine ??= new Double();
  const { name } = globalThis.cbEngine;
  const offers = Object.entries(WHY).map(([one, why]) => ({ name: one, can: true, why }));
  return { engine: globalThis.cbEngine, why: WHY[name], offers };
}
