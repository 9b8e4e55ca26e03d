/** Running a cell that the page does not show, for the sake of one that it shows. */

import { TerminalText } from "./ansi.js";

/** Lines of a failed cell's output that are told. */
const TOLD = 4;

/**
 * @param {(listener: (message: object) => void) => Promise<import("../engines/engine.js").Result>} run
 * @param {import("./cell.js").Cell} cell the one that the reader looks at
 * @param {import("./chapter.js").ChapterCell} item
 */
export async function runHidden(run, cell, item) {
  const text = new TerminalText();
  /** @type {string[]} */
  let last = [];
  cell.wait(1);
  cell.tell("sets up");
  const take = (words) => {
    const lines = text.feed(words).map((runs) => runs.map((run) => run.text).join(""));
    last = [...last, ...lines].filter(Boolean).slice(-TOLD);
  };
  const result = await run((message) => {
    if (message.type === "stream") take(message.text);
    else if (message.output?.output_type === "error") {
      take(`\n${message.output.ename}: ${message.output.evalue}\n`);
    }
  });
  take("\n");
  if (result.status !== 0 && !item.mayFail && result.end !== "interrupted") {
    const said = last.length ? ` It said: ${last.join(" / ")}` : "";
    cell.explain(`A ${item.language} cell that this page does not show failed.${said}`);
  }
  return result;
}
