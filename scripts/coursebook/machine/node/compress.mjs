// node compress.mjs FOLDER CACHE FRAME: compresses every content `*.zst` of a layout in place; what
// was compressed before is taken from the cache, since a content's name comes from what is in it.
//
// A content is cut into pieces of FRAME bytes, each a frame of its own, so that a page need not
// fetch a program of 37 MB of which a command runs a part. Frames follow each other, as RFC 8878
// allows. Where there are several, `NAME.frames` holds their lengths in JSON.
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [folder, cache, length] = process.argv.slice(2);
const frame = Number(length);
const compress = promisify(zlib.zstdCompress);
const params = { [zlib.constants.ZSTD_c_compressionLevel]: 19 };
const names = (await fs.readdir(folder)).filter((name) => name.endsWith(".zst"));
const cached = new Set(await fs.readdir(cache));

async function work() {
  for (let name = names.pop(); name; name = names.pop()) {
    const several = `${name}.frames`;
    if (!cached.has(name)) {
      const packed = await pack(await fs.readFile(path.join(folder, name)));
      if (packed.length > 1) await keep(several, JSON.stringify(packed.map((one) => one.length)));
      await keep(name, Buffer.concat(packed));
      if (packed.length > 1) cached.add(several);
    }
    await fs.copyFile(path.join(cache, name), path.join(folder, name));
    if (cached.has(several)) await fs.copyFile(path.join(cache, several), path.join(folder, several));
  }
}

/** @param {Buffer} content */
async function pack(content) {
  const packed = [];
  for (let at = 0; at === 0 || at < content.length; at += frame) {
    const piece = content.subarray(at, at + frame);
    // Without its size, a content of 1 kB gets the tables of one of many megabytes: 10 times slower.
    packed.push(await compress(piece, { params, pledgedSrcSize: piece.length }));
  }
  return packed;
}

/** Put something into the cache, whole or not at all. */
async function keep(name, content) {
  const file = path.join(cache, name);
  await fs.writeFile(`${file}.new`, content);
  await fs.rename(`${file}.new`, file);
}

await Promise.all(Array.from({ length: 4 }, work));
