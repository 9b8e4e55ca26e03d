// The guest's files: their contents are cut into frames, and many frames lie in one pack, which is
// fetched when one of them is needed. It is what v86 calls a storage: `lib/filesystem.js` of v86.
import { TroubleError } from "../engine.js";
import { joined } from "./bytes.js";
import { loadPart, unpacked } from "./parts.js";
import { unpackAll } from "./zstd.js";

/** Bytes of packs that are kept: what a command needs lies together. */
const KEPT = 4_000_000;

/** How many frames are kept unpacked: the guest has a memory of its own for what it has read. */
const OPEN = 32;

/** Milliseconds until a pack is asked for again that could not be had. */
const AGAIN = 3000;

export class Packs {
  /**
   * @param {URL} folder
   * @param {import("./parts.js").Manifest} manifest
   * @param {WebAssembly.Module} module the emulator's, which can unpack
   * @param {(message: string) => void} onFault told once for each pack that cannot be had
   */
  constructor(folder, manifest, module, onFault) {
    this.folder = folder;
    this.module = module;
    this.manifest = manifest;
    this.onFault = onFault;
    /** @type {Map<number, Promise<Uint8Array>>} in the order of their last use */
    this.packs = new Map();
    /** @type {Map<string, Promise<Uint8Array>>} in the order of their last use */
    this.open = new Map();
    /** @type {Map<string, Uint8Array>} what was written here: cells that are handed in */
    this.written = new Map();
    /** @type {Promise<Record<string, number[]>> | null} pack, start and length of each frame */
    this.index = null;
    this.reading = 0;
    this.onIdle = () => {};
  }

  /**
   * Read from a content. Comes back only when it is there: a guest that was given something else
   * would keep it, and a guest that got an error too.
   * @param {string} name
   * @param {number} offset
   * @param {number} count
   * @returns {Promise<Uint8Array>}
   */
  async read(name, offset, count) {
    this.reading += 1;
    try {
      return await this.find(name, offset, count);
    } finally {
      // The guest is answered first.
      setTimeout(() => {
        this.reading -= 1;
        if (!this.reading) this.onIdle();
      });
    }
  }

  /** @returns {Promise<void>} ends when nothing is being read */
  idle() {
    return new Promise((resolve) => {
      if (this.reading) this.onIdle = resolve;
      else resolve();
    });
  }

  async find(name, offset, count) {
    const written = this.written.get(name);
    if (written) return written.subarray(offset, offset + count);
    const size = this.manifest.frame;
    const first = Math.floor(offset / size);
    const last = Math.max(first, Math.floor((offset + count - 1) / size));
    const numbers = Array.from({ length: last - first + 1 }, (_, more) => first + more);
    const frames = await Promise.all(numbers.map((number) => this.frame(name, number)));
    const start = offset - first * size;
    return joined(frames).subarray(start, start + count);
  }

  /** @param {string} name @param {Uint8Array} content */
  async cache(name, content) {
    this.written.set(name, content);
  }

  /** @param {string} name */
  uncache(name) {
    this.written.delete(name);
  }

  /** @param {string} name @param {number} number */
  frame(name, number) {
    const key = `${name} ${number}`;
    const found = this.open.get(key) ?? this.fetchFrame(name, number);
    this.open.delete(key);
    this.open.set(key, found);
    if (this.open.size > OPEN) this.open.delete(this.open.keys().next().value);
    return found;
  }

  async fetchFrame(name, number) {
    for (let told = false; ; told = true) {
      try {
        const [pack, start, length] = (await this.loadIndex())[name]?.slice(3 * number, 3 * number + 3) ?? [];
        if (!length) throw new TroubleError(`A file of the machine is not in its packs (${name}).`, "reload");
        const packed = (await this.pack(pack)).subarray(start, start + length);
        return name.endsWith(".zst") ? new Uint8Array(unpackAll(this.module, packed)) : packed.slice();
      } catch (error) {
        if (!(error instanceof TroubleError)) throw error;
        if (!told) this.onFault(`${error.message} What runs now waits for it; Stop works.`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  loadIndex() {
    this.index ??= loadPart(this.folder, this.manifest.parts.index).then(
      async (bytes) => JSON.parse(new TextDecoder().decode(await unpacked(bytes))),
    );
    this.index.catch(() => (this.index = null));
    return this.index;
  }

  /** @param {number} number */
  pack(number) {
    let found = this.packs.get(number);
    this.packs.delete(number);
    if (!found) {
      found = loadPart(this.folder, this.manifest.parts.packs[number]);
      found.catch(() => this.packs.delete(number));
    }
    this.packs.set(number, found);
    this.forget();
    return found;
  }

  /** Let go of the packs whose last use is the longest ago. */
  forget() {
    const size = (number) => this.manifest.parts.packs[number].bytes;
    let kept = [...this.packs.keys()].reduce((sum, number) => sum + size(number), 0);
    for (const number of this.packs.keys()) {
      if (kept <= KEPT || this.packs.size === 1) return;
      kept -= size(number);
      this.packs.delete(number);
    }
  }
}
