// The Linux itself: v86 with its devices, without screen or keyboard, driven from a worker.
import { tuneCompiler } from "./compiler.js";
import { Memory } from "./memory.js";

/** Bytes that are typed at once: a console takes a page, and forgets what it has no room for. */
const TYPED = 512;

/** Milliseconds between them. */
const PAUSE = 4;

/** Consoles of the guest. */
export const CONSOLE = { terminal: 0, bash: 1, python: 2, stderr: 3 };

/** Serial lines of the guest. */
const SERIAL = { control: 1, bash: 2, python: 3 };

/**
 * Milliseconds that the guest works until the worker hears of anything else. v86 stops after one,
 * and asks the browser when it may go on: a tenth of the time.
 */
const TURN = 4;

/** Milliseconds that v86 works at once, unless the guest rests; a little less, for rough clocks. */
const STRETCH = 0.9;

const CTRL_C = Uint8Array.of(3);
const encoder = new TextEncoder();
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export class Guest {
  /**
   * Put a machine together; it holds nothing yet, and does not run.
   * @param {new (options: object) => any} V86
   * @param {WebAssembly.Module} module
   * @param {number} megabytes
   * @param {import("./packs.js").Packs} packs its files
   */
  static async create(V86, module, megabytes, packs) {
    const guest = new Guest();
    guest.emulator = new V86({
      wasm_fn: async (imports) => guest.adopt(new WebAssembly.Instance(module, imports).exports),
      // Neither BIOS nor kernel: a snapshot has booted. Its tree of files is in it as well.
      filesystem: {},
      memory_size: megabytes << 20,
      vga_memory_size: 1 << 20,
      autostart: false,
      disable_speaker: true,
      disable_keyboard: true,
      disable_mouse: true,
      uart1: true,
      uart2: true,
      uart3: true,
      virtio_console: true,
      acpi: false,
      net_device: { type: "none" },
    });
    await new Promise((resolve) => guest.emulator.add_listener("emulator-loaded", resolve));
    guest.emulator.fs9p.storage = packs;
    tuneCompiler(guest.emulator.v86.cpu, guest.memory.wasm);
    guest.emulator.add_listener("serial1-output-byte", (byte) => guest.hear(byte));
    return guest;
  }

  constructor() {
    /** @type {Memory} */
    this.memory = null;
    this.hidesMemory = false;
    this.worked = 0;
    this.counted = { at: 0, worked: 0 };
    this.heard = "";
    /** @type {((answer: string) => void) | null} */
    this.answered = null;
    this.controls = Promise.resolve();
    this.asked = Math.floor(Math.random() * 1e9);
    this.typed = Object.values(CONSOLE).map(() => Promise.resolve());
    this.turns = Object.values(CONSOLE).map(() => 0);
  }

  /**
   * Give v86 its WebAssembly with some functions of ours: we must know where the guest's memory
   * is, since we fill and save it ourselves, and v86 shall do neither; and whether the guest works.
   */
  adopt(exports) {
    return {
      ...exports,
      allocate_memory: (size) => {
        const place = exports.allocate_memory(size) >>> 0;
        this.memory = new Memory(exports, place, size);
        return place;
      },
      is_memory_zeroed: (at, length) => this.hidesMemory || exports.is_memory_zeroed(at, length),
      zero_memory: () => {},
      main_loop: () => {
        const begun = performance.now();
        let rest = 0;
        let before;
        let now = begun;
        do {
          before = now;
          rest = exports.main_loop();
          now = performance.now();
        } while (rest === 0 && now - before >= STRETCH && now - begun < TURN);
        this.worked += now - begun;
        return rest;
      },
    };
  }

  /** @param {ArrayBuffer} devices */
  restoreDevices(devices) {
    return this.emulator.restore_state(devices);
  }

  /** @returns {Promise<ArrayBuffer>} the state of everything but the memory; not while it runs */
  async saveDevices() {
    this.hidesMemory = true;
    try {
      return await this.emulator.save_state();
    } finally {
      this.hidesMemory = false;
    }
  }

  /** @returns {number} how much of the time since it was last asked the guest worked: 0 to 1 */
  share() {
    const now = performance.now();
    const share = (this.worked - this.counted.worked) / (now - this.counted.at);
    this.counted = { at: now, worked: this.worked };
    return share;
  }

  async resume() {
    if (this.emulator.is_running()) return;
    const runs = new Promise((resolve) => {
      const started = () => {
        this.emulator.remove_listener("emulator-started", started);
        resolve();
      };
      this.emulator.add_listener("emulator-started", started);
    });
    this.emulator.run();
    await runs;
  }

  async pause() {
    await this.emulator.stop();
  }

  /**
   * @param {number} number one of `CONSOLE`
   * @param {(bytes: Uint8Array) => void} listener called in the order in which the guest wrote,
   *   over all consoles
   */
  listen(number, listener) {
    this.emulator.add_listener(`virtio-console${number}-output-bytes`, listener);
  }

  /**
   * Type into a console.
   * @param {number} number one of `CONSOLE`
   * @param {string} text
   */
  type(number, text) {
    const bytes = encoder.encode(text);
    const turn = this.turns[number];
    this.typed[number] = this.typed[number].then(async () => {
      for (let at = 0; at < bytes.length && turn === this.turns[number]; at += TYPED) {
        if (at) await pause(PAUSE);
        this.press(number, bytes.subarray(at, at + TYPED));
      }
    });
  }

  /** Press Ctrl-C on a console; what still waited to be typed is forgotten. @param {number} number */
  interrupt(number) {
    this.turns[number] += 1;
    this.press(number, CTRL_C);
  }

  /** @param {number} number @param {Uint8Array} bytes */
  press(number, bytes) {
    this.emulator.bus.send(`virtio-console${number}-input-bytes`, bytes);
  }

  resize(columns, rows) {
    // v86 sends the two in an order that the kernel reads the other way round.
    this.emulator.bus.send("virtio-console0-resize", [rows, columns]);
  }

  /**
   * Put a cell where its interpreter finds it.
   * @param {string} name
   * @param {Uint8Array} content
   */
  post(name, content) {
    return this.emulator.create_file(`cells/${name}`, content);
  }

  /**
   * Ring an interpreter's bell.
   * @param {"bash" | "python"} language
   * @param {string} line name of a posted cell, or a folder to go to
   */
  ring(language, line) {
    this.emulator.serial_send_bytes(SERIAL[language], encoder.encode(`${line}\n`));
  }

  /**
   * Run a script as root, out of the reader's sight; one after the other.
   * @param {string} script bash, at most 3 kB: the serial line holds 4 kB
   * @returns {Promise<string>} what it printed
   */
  control(script) {
    const answer = this.controls.then(async () => {
      const number = String(++this.asked);
      this.emulator.serial_send_bytes(SERIAL.control, encoder.encode(`echo ${number}; ${script}\0`));
      for (;;) {
        const heard = await new Promise((resolve) => (this.answered = resolve));
        const bytes = Uint8Array.from(heard.slice(heard.indexOf(" ") + 1), (one) => one.charCodeAt(0));
        const [first, ...rest] = new TextDecoder().decode(bytes).split("\n");
        // Another number answers what was asked before this guest was saved.
        if (first === number) return rest.join("\n");
      }
    });
    this.controls = answer.catch(() => {});
    return answer;
  }

  /** @param {number} byte of an answer: STX, status, space, what was printed, ETX */
  hear(byte) {
    if (byte === 2) this.heard = "";
    else if (byte === 3) this.answered?.(this.heard);
    else this.heard += String.fromCharCode(byte);
  }
}
