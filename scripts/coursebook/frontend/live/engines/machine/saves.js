// Keeps a machine's state in the browser's own file system, from page to page of one tab.
//
// A save holds what differs from the snapshot: pages of memory, the devices, and what the engine
// itself knows. There are two files for each tab, written in turn: a page that is left in the
// middle of a save finds the one before. One file is: seven words (magic, sequence, and the lengths
// of the four parts in their order; the last word closes it), JSON, numbers of pages, pages, devices.
import { PAGE } from "./memory.js";

const FOLDER = "cb-machine";
const MAGIC = 0x63626d31;
const HEAD = 28;

/** Bytes written at a time. */
const PIECE = 1 << 20;

/** How many saves of other tabs are kept; who duplicates a tab or reopens it may want them. */
const KEPT = 3;

/** Milliseconds that a file is waited for which somebody holds, and those between two tries. */
const PATIENCE = 10_000;
const STEP = 50;

/** Name of the lock that tells that a tab lives. */
export const lockOf = (tab) => `cb-machine-${tab}`;

export class Saves {
  /**
   * @param {FileSystemDirectoryHandle} folder
   * @param {string} tab
   * @param {string} machine hash
   */
  constructor(folder, tab, machine) {
    this.folder = folder;
    this.tab = tab;
    this.machine = machine;
    this.sequence = 0;
  }

  /**
   * @param {string} tab
   * @param {string} machine
   * @returns {Promise<Saves | null>} null where the browser keeps no files for us
   */
  static async open(tab, machine) {
    try {
      const root = await navigator.storage.getDirectory();
      return new Saves(await root.getDirectoryHandle(FOLDER, { create: true }), tab, machine);
    } catch {
      return null;
    }
  }

  /**
   * Put the newest whole save above the snapshot that stands in memory.
   * @param {import("./memory.js").Memory} memory
   * @returns {Promise<{known: any, devices: ArrayBuffer} | null>}
   */
  async restore(memory) {
    const found = [];
    for (const turn of [0, 1]) {
      const head = await this.use(turn, false, (file) => readHead(file, this.machine));
      if (head) found.push({ turn, ...head });
    }
    found.sort((one, other) => other.sequence - one.sequence);
    if (!found.length) return null;
    const [{ turn, sequence, known, begin, pages, devices }] = found;
    this.sequence = sequence;
    return this.use(turn, false, (file) => {
      const numbers = new Uint32Array(pages);
      file.read(numbers, { at: begin });
      const from = begin + numbers.byteLength;
      const { bytes } = memory;
      const piece = new Uint8Array(PIECE);
      for (const [index, page] of numbers.entries()) {
        const within = (index * PAGE) % PIECE;
        if (within === 0) file.read(piece, { at: from + index * PAGE });
        bytes.set(piece.subarray(within, within + PAGE), page * PAGE);
      }
      const state = new Uint8Array(devices);
      file.read(state, { at: from + pages * PAGE });
      return { known, devices: state.buffer };
    });
  }

  /**
   * Write a save.
   * @param {object} known what the engine wants back, as JSON takes it
   * @param {Uint32Array} pages which ones differ from the snapshot
   * @param {import("./memory.js").Memory} memory
   * @param {ArrayBuffer} devices
   * @throws {DOMException} the disk is full
   */
  async write(known, pages, memory, devices) {
    this.sequence += 1;
    await this.use(this.sequence % 2, true, (file) => {
      const text = new TextEncoder().encode(JSON.stringify({ machine: this.machine, known }));
      const head = Uint32Array.of(MAGIC, this.sequence, text.length, pages.length, devices.byteLength, 0, 0);
      const begin = HEAD + text.length;
      const from = begin + pages.byteLength;
      put(file, head, 0);
      file.truncate(from + pages.length * PAGE + devices.byteLength);
      put(file, text, HEAD);
      put(file, pages, begin);
      const { bytes } = memory;
      const piece = new Uint8Array(PIECE);
      let filled = 0;
      for (const [index, page] of pages.entries()) {
        piece.set(bytes.subarray(page * PAGE, (page + 1) * PAGE), filled);
        filled += PAGE;
        if (filled < PIECE && index + 1 < pages.length) continue;
        put(file, piece.subarray(0, filled), from + (index + 1) * PAGE - filled);
        filled = 0;
      }
      put(file, new Uint8Array(devices), from + pages.length * PAGE);
      file.flush();
      head[6] = MAGIC;
      put(file, head, 0);
      file.flush();
    });
  }

  /**
   * Remove this tab's saves.
   * @throws {DOMException} somebody does not let go of one
   */
  async remove() {
    for (const turn of [0, 1]) {
      await letGo(() => this.folder.removeEntry(`${this.tab}.${turn}`)).catch((error) => {
        if (error.name !== "NotFoundError") throw error;
      });
    }
  }

  /** Remove what closed tabs left, but for the newest. */
  async prune() {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const living = new Set([lockOf(this.tab), ...held.map(({ name }) => name)]);
    const left = new Map();
    for await (const [name, handle] of this.folder.entries()) {
      const [tab] = name.split(".");
      if (living.has(lockOf(tab))) continue;
      const { lastModified } = await handle.getFile();
      left.set(tab, Math.max(lastModified, left.get(tab) ?? 0));
    }
    const old = [...left].sort(([, one], [, other]) => other - one).slice(KEPT);
    for (const [tab] of old) await new Saves(this.folder, tab, "").remove();
  }

  /**
   * Open one of the two files, use it, and close it whatever happens.
   * @template T
   * @param {number} turn
   * @param {boolean} create
   * @param {(file: FileSystemSyncAccessHandle) => T} action
   * @returns {Promise<T | null>} null if there is no such file
   */
  async use(turn, create, action) {
    const handle = await this.folder.getFileHandle(`${this.tab}.${turn}`, { create }).catch((error) => {
      if (create) throw error;
      return null;
    });
    if (!handle) return null;
    const file = await letGo(() => handle.createSyncAccessHandle());
    try {
      return action(file);
    } finally {
      file.close();
    }
  }
}

/**
 * Do what needs a file for itself: a worker that was ended may not have let go of it yet.
 * @template T
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
async function letGo(action) {
  for (let tries = PATIENCE / STEP; ; tries--) {
    try {
      return await action();
    } catch (error) {
      if (error.name !== "NoModificationAllowedError" || tries <= 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, STEP));
    }
  }
}

function put(file, bytes, at) {
  if (file.write(bytes, { at }) !== bytes.byteLength) {
    throw new DOMException("the file was not written whole", "QuotaExceededError");
  }
}

function readHead(file, machine) {
  const head = new Uint32Array(HEAD / 4);
  if (file.read(head, { at: 0 }) !== HEAD || head[0] !== MAGIC || head[6] !== MAGIC) return null;
  const [, sequence, length, pages, devices] = head;
  const text = new Uint8Array(length);
  file.read(text, { at: HEAD });
  const about = JSON.parse(new TextDecoder().decode(text));
  if (about.machine !== machine) return null;
  return { sequence, known: about.known, begin: HEAD + length, pages, devices };
}
