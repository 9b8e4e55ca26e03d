// node compress.mjs FOLDER CACHE: compresses every content `*.zst` of a layout in place; what was
// compressed before is taken from the cache, since a content's name comes from what is in it.
import fs from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const [folder, cache] = process.argv.slice(2);
const compress = promisify(zlib.zstdCompress);
const params = { [zlib.constants.ZSTD_c_compressionLevel]: 19 };
const names = (await fs.readdir(folder)).filter((name) => name.endsWith(".zst"));
const cached = new Set(await fs.readdir(cache));

async function work() {
  for (let name = names.pop(); name; name = names.pop()) {
    const file = path.join(folder, name);
    const known = path.join(cache, name);
    if (cached.has(name)) {
      await fs.copyFile(known, file);
      continue;
    }
    const content = await fs.readFile(file);
    // Without its size, a content of 1 kB gets the tables of one of many megabytes: 10 times slower.
    const packed = await compress(content, { params, pledgedSrcSize: content.length });
    await fs.writeFile(file, packed);
    await fs.writeFile(`${known}.new`, packed);
    await fs.rename(`${known}.new`, known);
  }
}
await Promise.all(Array.from({ length: 4 }, work));
