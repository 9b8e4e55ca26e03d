// One life of the machine, in its worker: switched on from the snapshot and the last save, used,
// saved when it is idle. It is never switched off: to reset it, its worker is ended.
import { TroubleError } from "../engine.js";
import { CONSOLE, Guest } from "./guest.js";
import { Packs } from "./packs.js";
import { currentMachine, loadManifest, loadPart, unpacked } from "./parts.js";
import { patience } from "./patience.js";
import { Room } from "./room.js";
import { Saves } from "./saves.js";
import { Screen } from "./screen.js";
import { unpack } from "./snapshot.js";
import { Zstd } from "./zstd.js";

/** Milliseconds of idleness before the state is saved. */
const IDLE = 400;

/** Milliseconds by which the guest's clock may be slow. */
const LATE = 2000;

/** Milliseconds after which the guest's clock is set again when the tab is looked at. */
const AWAKE = 60_000;

/** Milliseconds that a save waits until a cell was stopped. */
const QUIET = 2000;

/** Milliseconds that it may take to answer at its start. */
const ANSWER = 20_000;

/** The word of the kernel's command line that names the tree of files. */
const TREE = "coursebook.tree";

const NO_MEMORY = "There is not enough memory for the machine; close other tabs, then reload this page.";
const NOT_KEPT = "This browser keeps nothing for this page, so what cells did here is gone when you leave it.";

export class Machine {
  /**
   * @param {(event: string, detail: any) => void} tell `progress`, `trouble`, `stuck`, `terminal`
   */
  constructor(tell) {
    this.tell = tell;
    this.ran = 0;
    this.since = null;
    this.restored = false;
    this.note = null;
    this.dirty = false;
    this.saving = null;
    this.clockSet = { at: 0, date: 0 };
  }

  /**
   * Switch on.
   * @param {object} options
   * @param {string} options.site address of the site's root
   * @param {string} options.tab whose saves to use
   * @param {boolean} options.fresh whether to forget them
   */
  async start({ site, tab, fresh }) {
    const name = await currentMachine(new URL(site));
    if (!name) throw new TroubleError("This site was built without a machine.");
    const folder = new URL(`machine/${name}/`, site);
    const manifest = await loadManifest(folder);
    const [library, wasm, snapshot] = await this.load(folder, manifest);
    this.saves = await Saves.open(tab, name);
    if (!this.saves) this.note = NOT_KEPT;
    if (fresh) await this.saves?.remove();
    await this.switchOn(folder, library, wasm, snapshot, manifest);
    this.saves?.prune().catch(() => {}); // the next visit tries again
    return this.state();
  }

  /** @returns {Promise<Uint8Array[]>} the emulator, its WebAssembly, the snapshot */
  async load(folder, { parts }) {
    const wanted = [parts.libv86, parts.wasm, parts.state];
    const total = wanted.reduce((sum, part) => sum + part.bytes, 0);
    let bytes = 0;
    const step = "Loading a small Linux";
    const [library, wasm, snapshot] = await Promise.all(
      wanted.map((part) =>
        loadPart(folder, part, (more) => {
          bytes += more;
          this.tell("progress", { step, bytes, total });
        }),
      ),
    );
    this.tell("progress", { step: "Waking it up", bytes: total, total });
    return [await unpacked(library), await unpacked(wasm), snapshot];
  }

  async switchOn(folder, library, wasm, snapshot, manifest) {
    let known;
    try {
      const module = await WebAssembly.compile(wasm);
      const V86 = await imported(library);
      this.packs = new Packs(folder, manifest, module, (message) => this.trouble(message, null));
      this.guest = await Guest.create(V86, module, manifest.memory, this.packs);
      const { memory } = this.guest;
      const devices = unpack(new Zstd(module).open(snapshot), memory);
      if (this.saves) memory.remember();
      const saved = await this.saves?.restore(memory);
      known = saved?.known;
      await this.guest.restoreDevices(saved?.devices ?? devices);
    } catch (error) {
      if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
        throw new TroubleError(NO_MEMORY, "reload");
      }
      throw error;
    }
    this.room = new Room(
      this.guest,
      manifest,
      (message) => this.trouble(message, null),
      () => this.tell("stuck"),
    );
    this.screen = new Screen((bytes) => this.tell("terminal", bytes));
    if (known) this.recall(known);
    this.guest.listen(CONSOLE.terminal, (bytes) => this.screen.write(bytes));
    await this.guest.resume();
    const words = await Promise.race([
      this.setClock("; read -r line </proc/cmdline; echo $line"),
      patience(ANSWER).then(() => null),
    ]);
    // A reload mends what the server has; what this tab has kept is mended by forgetting it.
    const mend = this.restored ? "reset" : "reload";
    if (words === null) throw new TroubleError("The machine does not wake up.", mend);
    if (!words.split(/\s/).includes(`${TREE}=${manifest.tree}`)) {
      throw new TroubleError("The machine's memory and its files are of different builds.", mend);
    }
  }

  /** Set the guest's clock, which stands still while nobody looks. @param {string} [then] */
  async setClock(then = "") {
    const asked = performance.now();
    this.clockSet = { at: asked, date: Date.now() };
    const chance = crypto.getRandomValues(new Uint32Array(4)).join("");
    const answer = await this.guest.control(`clock ${Math.round(Date.now() / 1000)} ${chance}${then}`);
    // It was told the time of then; once more, now that it is quick.
    if (performance.now() - asked > LATE) this.setClock();
    return answer;
  }

  /**
   * @param {import("../engine.js").Request} request
   * @param {(messages: import("../engine.js").Message[]) => void} deliver
   */
  async run(request, deliver) {
    clearTimeout(this.timer);
    const awake = Promise.resolve(this.saving).then(() => this.keepTime());
    const result = await this.room.run(request, deliver, awake);
    this.ran += 1;
    this.since ??= Date.now();
    this.touch();
    return { result, state: this.state() };
  }

  /** @param {import("../engine.js").Language} language */
  async restart(language) {
    await this.saving;
    await this.room.restart(language);
    this.touch();
    return this.state();
  }

  /** @param {string} program */
  async usePython(program) {
    await this.saving;
    await this.room.usePython(program);
    this.touch();
    return this.state();
  }

  /** The tab is looked at again, perhaps after an hour. */
  async wake() {
    if (performance.now() - this.clockSet.at > AWAKE) await this.setClock();
  }

  /** Set the guest's clock if the computer slept: what counts the guest's time may have slept, too. */
  async keepTime() {
    const { at, date } = this.clockSet;
    const slept = Date.now() - date - (performance.now() - at);
    if (Math.abs(slept) > LATE) await this.setClock();
  }

  openTerminal() {
    // The snapshot's prompt was printed before we listened: have it printed anew.
    if (!this.screen.open()) this.guest.type(CONSOLE.terminal, "\x0c");
  }

  /** @param {string} text */
  type(text) {
    this.guest.type(CONSOLE.terminal, text);
    this.touch();
  }

  /** Something may have changed: save, once nothing happens any more. */
  touch() {
    this.dirty = true;
    clearTimeout(this.timer);
    if (this.saves) this.timer = setTimeout(() => this.save(), IDLE);
  }

  /** Save now, unless a cell runs: what it does would be lost half-way. */
  async save() {
    clearTimeout(this.timer);
    if (this.saving) return this.saving;
    if (!this.dirty || !this.saves || this.room.cell) return;
    this.dirty = false;
    this.saving = this.write().finally(() => (this.saving = null));
    return this.saving;
  }

  async write() {
    // Root's last blow to a cell must not hit another one after the save is restored.
    await Promise.race([this.room.stopping, patience(QUIET)]);
    await this.guest.pause();
    // A guest that was saved while it waits for a file would wait for ever.
    const isIdle = await Promise.race([this.packs.idle().then(() => true), patience(QUIET).then(() => false)]);
    if (!isIdle) {
      await this.guest.resume();
      this.touch();
      return;
    }
    try {
      const devices = await this.guest.saveDevices();
      await this.saves.write(this.known(), this.guest.memory.changed(), this.guest.memory, devices);
    } catch {
      await this.saves.remove().catch(() => {});
      this.saves = null;
      this.note = "There is no room to keep what cells did here; it is gone when you leave this page.";
      this.tell("state", this.state());
    } finally {
      await this.guest.resume();
    }
  }

  /** What a save holds beside the guest. */
  known() {
    const { ran, since } = this;
    return { ran, since, room: this.room.known(), screen: this.screen.text() };
  }

  recall({ ran, since, room, screen }) {
    Object.assign(this, { ran, since, restored: true });
    this.room.recall(room);
    this.screen.recall(screen);
  }

  /** @returns {object} what the engine's `state()` and `python()` tell, as a message can carry it */
  state() {
    const { ran, since, restored, note } = this;
    const { chapter, program, interpreters } = this.room;
    return { ran, since, restored, note, chapter, program, virtualEnv: interpreters.bash.virtualEnv };
  }

  trouble(message, mend) {
    this.tell("trouble", { message, mend });
  }
}

/**
 * Import a module from its bytes: hosts serve `.mjs` by many types, and browsers take one.
 * @param {Uint8Array} bytes
 */
async function imported(bytes) {
  const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    return (await import(address)).V86;
  } finally {
    URL.revokeObjectURL(address);
  }
}
