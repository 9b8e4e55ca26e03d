// node bundle.mjs NODE_MODULES FOLDER: bundles the entries beside this file into a folder, each with
// all it needs, and writes `licences.txt` and `packages.json` of what came in.
import fs from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [modules, folder] = process.argv.slice(2);
const here = path.dirname(fileURLToPath(import.meta.url));
const { build } = createRequire(path.join(modules, "esbuild", "package.json"))("esbuild");

const STYLE_ELEMENTS = 3;

/** See terminal.js: a new release of xterm.js that makes other style elements must not pass unseen. */
const withoutStyleElements = {
  name: "without-style-elements",
  setup(bundle) {
    bundle.onLoad({ filter: /xterm\.mjs$/ }, async ({ path: file }) => {
      const parts = (await fs.readFile(file, "utf8")).split('createElement("style")');
      if (parts.length !== STYLE_ELEMENTS + 1) throw new Error(`${parts.length - 1} style elements`);
      return { contents: parts.join('createElement("xterm-style")'), loader: "js" };
    });
  },
};

const { metafile } = await build({
  entryPoints: ["editor.js", "terminal.js"].map((name) => path.join(here, name)),
  absWorkingDir: modules,
  nodePaths: [modules],
  outdir: folder,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* Parts and their licences: licences.txt */" },
  loader: { ".css": "text" },
  metafile: true,
  plugins: [withoutStyleElements],
  logLevel: "error",
});

const names = new Set(
  Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([name]) => name.match(/^((?:@[^/]+\/)?[^/.][^/]*)\//)?.[1])
    .filter(Boolean),
);
const packages = [];
const licences = [];
for (const name of [...names].sort()) {
  const place = path.join(modules, name);
  const { version, license } = JSON.parse(await fs.readFile(path.join(place, "package.json"), "utf8"));
  const file = (await fs.readdir(place)).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? await fs.readFile(path.join(place, file), "utf8") : `Licence: ${license}\n`;
  packages.push({ name, version, licence: license });
  licences.push(`${name} ${version}\n\n${text.trim()}\n`);
}
await fs.writeFile(path.join(folder, "licences.txt"), licences.join(`\n${"-".repeat(72)}\n\n`));
await fs.writeFile(path.join(folder, "packages.json"), `${JSON.stringify(packages, null, 1)}\n`);
