/** Tasks: cells whose work can be checked. Each is prepared before its first cell, in a folder and
 *  (on the reader's own computer) a room of its own. */

import { TerminalText } from "./ansi.js";

/** Lines of what a check says that are shown. */
const TOLD = 6;

/** @typedef {import("./chapter.js").Task} Task */

/** Run something that nobody sees, and return how it ended and its last lines. */
async function runQuietly(host, task, language, source) {
  const text = new TerminalText();
  /** @type {string[]} */
  const lines = [];
  const take = (words) => {
    for (const runs of text.feed(words)) lines.push(runs.map((run) => run.text).join(""));
  };
  const { chapter, topic } = task;
  const result = await host.run({ language, source, chapter, topic, cell: "check" }, (message) => {
    if (message.type === "stream") take(message.text);
    else if (message.output?.output_type === "error") {
      const { ename, evalue } = message.output;
      take(`${ename === "AssertionError" && evalue ? evalue : `${ename}: ${evalue}`}\n`);
    }
  });
  take("\n");
  return { ...result, said: lines.filter(Boolean).slice(-TOLD).join("\n") };
}

/**
 * Prepare a task, if that was not done since the last reset.
 * @param {import("./host.js").Host} host
 * @param {Task} task
 * @param {boolean} [again] in any case: what the reader did there goes
 * @throws {Error} it could not be prepared
 */
export async function setUp(host, task, again = false) {
  const name = `task ${task.topic}`;
  if (host.hasRun(name) && !again) return;
  const { status, end, said } = await runQuietly(host, task, "bash", task.setup);
  if (status !== 0 || end !== "done") throw new Error(`The task could not be prepared. ${said}`.trim());
  host.noteRun(name);
}

/**
 * Look whether a task is done, and say so.
 * @param {import("./host.js").Host} host
 * @param {import("./cell.js").Cell} cell the task's
 */
export async function checkTask(host, cell) {
  const { task, element } = cell.item;
  const place = element.closest(".cb-check");
  const { status, end, said } = await runQuietly(host, task, task.language, task.check);
  const passed = status === 0 && end === "done";
  if (end !== "done") sayOfTask(element, end === "interrupted" ? "The check was stopped." : "The check came to no end.");
  else if (passed) sayOfTask(element, said || "Done. That is right.");
  else sayOfTask(element, said || "Not yet.");
  if (end === "done") place.dispatchEvent(new CustomEvent("cb-task-checked", { detail: { passed } }));
}

/** @param {HTMLElement} element of the task's cell @param {string} text */
export function sayOfTask(element, text) {
  element.parentElement.querySelector(".cb-task-said").textContent = text;
}
