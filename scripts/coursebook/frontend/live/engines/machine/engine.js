// The engine `machine`: a Linux in this tab. What runs it is a worker; here is its page's side.
import { Engine, TroubleError } from "../engine.js";
import { currentMachine } from "./parts.js";
import { takeTab } from "./tab.js";

/** Gigabytes of memory that a device must have; what browsers tell is rounded down. */
const ENOUGH = 1;


/** Milliseconds after Stop by which the worker must have found a way, or it is given up. */
const STUCK = 20_000;

const WORKER = new URL("./worker.js?use-scheduling-api", import.meta.url);
const GIVEN_UP = "The machine did not give way and was ended: it is as it was before this cell.";
const UNKNOWN = { ran: 0, since: null, restored: false, note: null, chapter: null, program: "", virtualEnv: "" };

/**
 * Tell whether the machine can run here.
 * @param {URL} site
 */
export async function available(site) {
  const no = (why) => ({ can: false, why });
  if (!globalThis.WebAssembly || !globalThis.Worker || !globalThis.DecompressionStream) {
    return no("This browser is too old: it lacks WebAssembly, or another thing that the machine is made of.");
  }
  if ((navigator.deviceMemory ?? ENOUGH + 1) <= ENOUGH) {
    return no("This device has too little memory for the machine.");
  }
  try {
    if (!(await currentMachine(site))) return no("This site was built without a machine.");
  } catch (error) {
    return no(error.message);
  }
  return { can: true, why: "Cells run in a small Linux inside this tab; nothing leaves your browser." };
}

/** @param {URL} site */
export const create = (site) => new MachineEngine(site);

class MachineEngine extends Engine {
  name = "machine";

  /** @param {URL} site */
  constructor(site) {
    super();
    this.site = site;
    this.known = UNKNOWN;
    /** @type {Promise<void> | null} */
    this.starting = null;
    /** @type {Worker | null} */
    this.worker = null;
    /** @type {Map<number, {resolve: Function, reject: Function, name: string}>} calls of the worker */
    this.calls = new Map();
    this.count = 0;
    this.isReady = false;
    this.listener = () => {};
    this.terminal = new MachineTerminal(this);
    addEventListener("pagehide", () => this.leave());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden && this.isReady) this.post("wake");
    });
  }

  start() {
    return this.begin(false);
  }

  async run(request, listener) {
    await this.start();
    this.listener = listener;
    const { result, state } = await this.call("run", request);
    if (state) this.learn(state);
    this.keep();
    return result;
  }

  /** Have what runs here kept for the next visit; after the first cell, so that none waits for it. */
  keep() {
    import("../../offline.js")
      .then(({ keepForOffline }) => keepForOffline(this.site))
      .catch(() => {}); // without room for it, or without a network, the visit goes on
  }

  input(text) {
    this.post("input", text);
  }

  endInput() {
    this.post("endInput");
  }

  interrupt() {
    const run = this.running();
    if (!run) return;
    this.post("stop");
    setTimeout(() => this.running() === run && this.revive(), STUCK);
  }

  async restart(language) {
    await this.start();
    this.learn(await this.call("restart", language));
  }

  async reset() {
    this.end();
    await this.begin(true);
  }

  async flush() {
    if (this.worker) await this.call("flush");
  }

  python() {
    const { program, virtualEnv } = this.known;
    const active = virtualEnv ? `${virtualEnv}/bin/python` : null;
    return { program, active: active === program ? null : active };
  }

  async usePython(program) {
    await this.start();
    this.learn(await this.call("usePython", program));
  }

  state() {
    const { chapter, ran, since, restored, note } = this.known;
    return { chapter, ran, since: since && new Date(since), restored, note };
  }

  /** @param {boolean} fresh whether to forget what was saved */
  begin(fresh) {
    if (!this.starting) {
      const starting = this.boot(fresh).catch((error) => {
        if (this.starting === starting) this.end();
        throw error;
      });
      this.starting = starting;
    }
    return this.starting;
  }

  async boot(fresh) {
    this.tab ??= takeTab();
    const { name } = await this.tab;
    this.worker = new Worker(WORKER, { type: "module" });
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(new TroubleError("A part of this page could not be loaded; reload it.", "reload"));
    };
    this.learn(await this.call("start", { site: this.site.href, tab: name, fresh }));
    this.isReady = true;
    this.terminal.attach();
  }

  /** Give the machine up, and go on from where it was saved. */
  async revive() {
    this.end();
    this.tell("trouble", { message: GIVEN_UP, mend: null });
    await this.start().catch((error) => this.tell("trouble", { message: error.message, mend: error.mend }));
  }

  /** The page is left: the next one, or this one when it is come back to, starts from the save. */
  leave() {
    this.end();
    this.tab?.then(({ release }) => release());
    this.tab = null;
  }

  /** End the worker; a cell that runs ends as lost. */
  end() {
    this.worker?.terminate();
    this.worker = null;
    this.starting = null;
    this.isReady = false;
    this.known = UNKNOWN;
    const at = { virtualEnv: "", folder: "" };
    const lost = { result: { status: 0, end: "lost", milliseconds: 0, at } };
    for (const { resolve, reject, name } of this.calls.values()) {
      if (name === "run") resolve(lost);
      else reject(new TroubleError("The machine was ended.", "reset"));
    }
    this.calls.clear();
  }

  /** The worker broke down. @param {TroubleError} trouble */
  fail(trouble) {
    for (const [call, { reject, name }] of this.calls) {
      if (name !== "start") continue;
      this.calls.delete(call);
      reject(trouble);
      return;
    }
    this.end();
    this.tell("trouble", { message: trouble.message, mend: trouble.mend });
  }

  learn(state) {
    this.known = state;
    this.tell("state", this.state());
  }

  running() {
    return [...this.calls.values()].find(({ name }) => name === "run");
  }

  /**
   * Call a function of the worker.
   * @param {string} name
   * @param {...any} values
   */
  call(name, ...values) {
    return new Promise((resolve, reject) => {
      const call = ++this.count;
      this.calls.set(call, { resolve, reject, name });
      this.worker.postMessage({ call, name, values });
    });
  }

  /** Call without caring for the answer. */
  post(name, ...values) {
    if (this.worker) this.call(name, ...values).catch(() => {});
  }

  hear({ call, value, trouble, event, detail }) {
    if (call) {
      const { resolve, reject } = this.calls.get(call) ?? {};
      this.calls.delete(call);
      if (trouble) reject?.(new TroubleError(trouble.message, trouble.mend));
      else resolve?.(value);
    } else if (event === "messages") {
      for (const message of detail) this.listener(message);
    } else if (event === "terminal") {
      this.terminal.print(detail);
    } else if (event === "stuck") {
      this.revive();
    } else if (event === "broken") {
      this.fail(new TroubleError(`The machine broke down (${detail.message}).`, "reset"));
    } else if (event === "state") {
      this.learn(detail);
    } else {
      this.tell(event, detail);
    }
  }
}

/** The learner's own shell. @implements {import("../engine.js").Terminal} */
class MachineTerminal {
  /** @param {MachineEngine} engine */
  constructor(engine) {
    this.engine = engine;
    this.print = () => {};
    this.isOpen = false;
    this.size = null;
  }

  open(onBytes) {
    this.print = onBytes;
    this.isOpen = true;
    if (this.engine.isReady) this.attach();
    else this.engine.start().catch(({ message, mend }) => this.engine.tell("trouble", { message, mend }));
  }

  /** The machine stands, perhaps again. */
  attach() {
    if (!this.isOpen) return;
    this.engine.post("openTerminal");
    if (this.size) this.engine.post("resize", ...this.size);
  }

  write(text) {
    this.engine.post("type", text);
  }

  resize(columns, rows) {
    this.size = [columns, rows];
    if (this.engine.isReady) this.engine.post("resize", columns, rows);
  }

  close() {
    this.isOpen = false;
    this.print = () => {};
    this.engine.post("closeTerminal");
  }
}
