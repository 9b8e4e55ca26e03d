// Contents of the machine's files: from a folder with one file for each while it is built, from
// packs afterwards. Both are what v86 calls a storage.
import fs from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";

/** Answers v86's file system: `lib/filesystem.js` of v86, class FS. */
export class Contents {
  /** @param {(name: string) => Promise<Buffer>} fetch brings a content as it is stored */
  constructor(fetch) {
    this.fetch = fetch;
    this.open = new Map();
    /** Names of all contents that the guest has asked for. */
    this.touched = new Set();
  }

  async read(name, offset, count) {
    this.touched.add(name);
    if (!this.open.has(name)) this.open.set(name, this.fetch(name).then((data) => unpack(name, data)));
    return (await this.open.get(name)).subarray(offset, offset + count);
  }

  async cache(name, data) {
    this.open.set(name, Promise.resolve(data));
  }

  uncache(name) {
    this.open.delete(name);
  }
}

function unpack(name, data) {
  return name.endsWith(".zst") ? zlib.zstdDecompressSync(data) : data;
}

/** Read contents from a folder with a file for each. */
export function fromFolder(folder) {
  return new Contents((name) => fs.readFile(path.join(folder, name)));
}

/**
 * Read contents from the packs of a machine, as a browser does; each pack is fetched once.
 * @param {string} folder of the machine
 * @param {object} manifest
 */
export async function fromPacks(folder, manifest) {
  const { index, packs } = manifest.parts;
  const places = JSON.parse(await fs.readFile(path.join(folder, index.file), "utf8"));
  const fetched = new Map();
  const contents = new Contents(async (name) => {
    const [pack, offset, length] = places[name];
    if (!fetched.has(pack)) fetched.set(pack, fs.readFile(path.join(folder, packs[pack].file)));
    return (await fetched.get(pack)).subarray(offset, offset + length);
  });
  contents.bytes = () => [...fetched.keys()].reduce((sum, pack) => sum + packs[pack].bytes, 0);
  return contents;
}
