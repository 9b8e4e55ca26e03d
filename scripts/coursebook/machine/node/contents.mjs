// Contents of the machine's files: from a folder with one file for each while it is built, from
// packs afterwards. Both are what v86 calls a storage.
import fs from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";

/** Answers v86's file system: `lib/filesystem.js` of v86, class FS. */
export class Contents {
  /**
   * @param {number} frame bytes of a content's frames, but for the last one
   * @param {(name: string, number: number) => Promise<Buffer>} fetch brings a frame as it is stored
   */
  constructor(frame, fetch) {
    this.frame = frame;
    this.fetch = fetch;
    this.open = new Map();
    /** Frames that the guest has asked for, in the order of the first time: `name number`. */
    this.touched = new Set();
  }

  async read(name, offset, count) {
    const written = this.open.get(name);
    if (written) return written.subarray(offset, offset + count);
    const first = Math.floor(offset / this.frame);
    const last = Math.max(first, Math.floor((offset + count - 1) / this.frame));
    const pieces = [];
    for (let number = first; number <= last; number++) pieces.push(await this.piece(name, number));
    const start = offset - first * this.frame;
    return (pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)).subarray(start, start + count);
  }

  piece(name, number) {
    const key = `${name} ${number}`;
    this.touched.add(key);
    if (!this.open.has(key)) this.open.set(key, this.fetch(name, number).then((data) => unpack(name, data)));
    return this.open.get(key);
  }

  async cache(name, data) {
    this.open.set(name, data);
  }

  uncache(name) {
    this.open.delete(name);
  }
}

function unpack(name, data) {
  return name.endsWith(".zst") ? zlib.zstdDecompressSync(data) : data;
}

/** Read contents from a folder with a file for each, and with `.frames` where there are several. */
export function fromFolder(folder, frame) {
  const lengths = new Map();
  return new Contents(frame, async (name, number) => {
    const content = await fs.readFile(path.join(folder, name));
    if (!lengths.has(name)) {
      const told = await fs.readFile(path.join(folder, `${name}.frames`), "utf8").catch(() => `[${content.length}]`);
      lengths.set(name, JSON.parse(told));
    }
    const start = lengths.get(name).slice(0, number).reduce((sum, length) => sum + length, 0);
    return content.subarray(start, start + lengths.get(name)[number]);
  });
}

/**
 * Read contents from the packs of a machine, as a browser does; each pack is fetched once.
 * @param {string} folder of the machine
 * @param {object} manifest
 */
export async function fromPacks(folder, manifest) {
  const { index, packs } = manifest.parts;
  const places = JSON.parse(zlib.gunzipSync(await fs.readFile(path.join(folder, index.file))));
  const fetched = new Map();
  const contents = new Contents(manifest.frame, async (name, number) => {
    const [pack, offset, length] = places[name].slice(3 * number, 3 * number + 3);
    if (!fetched.has(pack)) fetched.set(pack, fs.readFile(path.join(folder, packs[pack].file)));
    return (await fetched.get(pack)).subarray(offset, offset + length);
  });
  contents.bytes = () => [...fetched.keys()].reduce((sum, pack) => sum + packs[pack].bytes, 0);
  return contents;
}
