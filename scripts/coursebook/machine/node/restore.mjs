// node restore.mjs PLAN.json: restores the snapshot, does `plan.steps` in turn, prints JSON.
//
// A step is {type: command}, {control: script}, {cell: source, language}, or {restart: true}, which
// restores once more. A cell may have {after: [[milliseconds, text to type], ...]}.
import fs from "node:fs/promises";
import path from "node:path";
import zlib from "node:zlib";
import { fromPacks } from "./contents.mjs";
import { start } from "./machine.mjs";

const plan = JSON.parse(await fs.readFile(process.argv[2], "utf8"));
const manifest = JSON.parse(await fs.readFile(path.join(plan.folder, "manifest.json"), "utf8"));
const packed = await fs.readFile(path.join(plan.folder, manifest.parts.state.file));
const settings = { ...plan, memory: manifest.memory, mark: manifest.mark };

async function restore() {
  const begun = performance.now();
  const state = zlib.zstdDecompressSync(packed);
  const bytes = state.buffer.slice(state.byteOffset, state.byteOffset + state.byteLength);
  const contents = await fromPacks(plan.folder, manifest);
  const had = await start(settings, contents, bytes);
  await had.type("");
  const restored = Math.round(performance.now() - begun);
  await had.control(`clock ${Math.floor(Date.now() / 1000)} ${Math.random()}`);
  return { ...had, contents, restored };
}

let here = await restore();
const { restored } = here;
const commandLine = (await here.control("cat /proc/cmdline")).trim();
const answers = [];
for (const step of plan.steps) {
  const before = here.contents.bytes();
  if (step.restart) {
    await here.machine.destroy();
    here = await restore();
    answers.push({});
  } else if (step.type !== undefined) {
    answers.push(await here.type(step.type));
  } else if (step.control !== undefined) {
    const begun = performance.now();
    answers.push({ output: await here.control(step.control), milliseconds: Math.round(performance.now() - begun) });
  } else {
    for (const [milliseconds, typed] of step.after ?? []) {
      setTimeout(() => here.cells.input(step.language, typed), milliseconds);
    }
    answers.push(await here.cells.run(step.language, step.cell, step.patience));
  }
  answers.at(-1).bytes = here.contents.bytes() - before;
}
console.log(JSON.stringify({ restored, commandLine, answers, fetched: here.contents.bytes() }));
process.exit(0);
