// The guest's files: many small ones lie in one pack, and a pack is fetched when one is touched.
import { TroubleError } from "../engine.js";
import { loadPart } from "./parts.js";
import { unpackAll } from "./zstd.js";

/** Bytes of packs that are kept: what a command touches lies together. */
const KEPT = 4_000_000;

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
    /** @type {Promise<Map<string, [number, number, number]>> | null} */
    this.index = null;
  }

  /**
   * Return a content by its name. Comes back only when it is there: a guest that was given
   * something else would keep it, and a guest that got an error too.
   * @param {string} name
   * @returns {Promise<ArrayBuffer>}
   */
  async content(name) {
    for (let told = false; ; told = true) {
      try {
        const place = (await this.loadIndex())[name];
        if (!place) throw new TroubleError(`A file of the machine is not in its packs (${name}).`, "reload");
        const [pack, offset, length] = place;
        const bytes = await this.pack(pack);
        const content = bytes.subarray(offset, offset + length);
        return name.endsWith(".zst") ? unpackAll(this.module, content) : content.slice().buffer;
      } catch (error) {
        if (!(error instanceof TroubleError)) throw error;
        if (!told) this.onFault(`${error.message} What runs now waits for it; Stop works.`);
        await new Promise((resolve) => setTimeout(resolve, AGAIN));
      }
    }
  }

  loadIndex() {
    this.index ??= loadPart(this.folder, this.manifest.parts.index).then(
      (bytes) => JSON.parse(new TextDecoder().decode(bytes)),
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

/**
 * Make what stands for `XMLHttpRequest` in the worker. The emulator loads the guest's files by it,
 * one request for each; it asks for nothing else, since all else is handed to it.
 * @param {Packs} packs
 */
export function requestFrom(packs) {
  return class {
    /**
     * @param {string} method
     * @param {string} address ends in the content's name
     */
    open(method, address) {
      this.name = address.slice(address.lastIndexOf("/") + 1);
    }

    abort() {
      this.onload = null;
    }

    async send() {
      this.response = await packs.content(this.name);
      this.status = 200;
      this.readyState = 4;
      this.onload?.();
    }
  };
}
