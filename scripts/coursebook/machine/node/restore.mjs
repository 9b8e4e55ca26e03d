// node restore.mjs PLAN.json: restores the snapshot, runs `plan.commands`, prints JSON.
import fs from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { start, touched } from "./machine.mjs";

const plan = JSON.parse(await fs.readFile(process.argv[2], "utf8"));
const packed = await fs.readFile(path.join(plan.folder, "state.bin.zst"));
const begun = performance.now();
const state = zlib.zstdDecompressSync(packed);
const bytes = state.buffer.slice(state.byteOffset, state.byteOffset + state.byteLength);
const { type, control } = await start(plan, bytes);
const first = await type("");
const restored = Math.round(performance.now() - begun);
const commandLine = (await control("cat /proc/cmdline")).trim();
const answers = [];
for (const command of plan.commands) answers.push({ command, ...(await type(command)) });
console.log(JSON.stringify({ restored, first: first.status, commandLine, answers, fetched: touched.size }));
process.exit(0);
