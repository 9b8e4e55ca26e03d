// node restore.mjs PLAN.json: restores the snapshot, does `plan.steps` in turn, prints JSON.
//
// A step is {type: command}, {control: script}, {cell: source, language}, or {restart: true}, which
// restores once more. A cell may have {after: [[milliseconds, text to type], ...]}, and
// {meanwhile: [milliseconds, script]}, whose answer stands beside its own.
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
  const used = process.cpuUsage();
  if (step.restart) {
    await here.machine.destroy();
    here = await restore();
    answers.push({});
  } else if (step.type !== undefined) {
    answers.push(await here.type(step.type));
  } else if (step.control !== undefined) {
    const begun = performance.now();
    for (const [word, language] of Object.entries({ "end bash": "bash", "end python": "python", "use ": "python" })) {
      if (step.control.startsWith(word)) here.cells.starting[language] = true;
    }
    answers.push({ output: await here.control(step.control), milliseconds: Math.round(performance.now() - begun) });
  } else {
    for (const [milliseconds, typed] of step.after ?? []) {
      setTimeout(() => here.cells.input(step.language, typed), milliseconds);
    }
    const running = here.cells.run(step.language, step.cell, step.patience);
    let meanwhile;
    if (step.meanwhile) {
      await new Promise((resolve) => setTimeout(resolve, step.meanwhile[0]));
      meanwhile = await here.control(step.meanwhile[1]);
    }
    answers.push({ ...(await running), meanwhile });
  }
  const { user, system } = process.cpuUsage(used);
  Object.assign(answers.at(-1), { bytes: here.contents.bytes() - before, cpu: Math.round((user + system) / 1000) });
}
const { contents } = here;
const told = { restored, commandLine, answers, fetched: contents.bytes(), touched: [...contents.touched] };
console.log(JSON.stringify(told));
process.exit(0);
