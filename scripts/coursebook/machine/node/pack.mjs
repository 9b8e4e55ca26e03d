// node pack.mjs FROM TO …: packs files for the way to a browser, by gzip, which browsers unpack
// themselves: the emulator, which unpacks all else, and the index of the packs.
import fs from "node:fs/promises";
import zlib from "node:zlib";

const names = process.argv.slice(2);
while (names.length) {
  const [from, to] = names.splice(0, 2);
  await fs.writeFile(to, zlib.gzipSync(await fs.readFile(from), { level: 9 }));
}
