/** The hints of a task, one at a time, and then its solution. What checks it comes with its cell. */

import { makeButton } from "./elements.js";

/** What is kept back; paper has it all. */
const NOT_YET = "cb-not-yet";

/** @param {Element} element */
const isKept = (element) => element.classList.contains(NOT_YET);

/** @param {import("./question.js").Question} question */
export function offerTask(question) {
  const { element, fold } = question;
  const hints = [...element.querySelectorAll(":scope > .cb-hint")];
  const bar = element.querySelector(".cb-task-bar");
  let given = 0;
  const more = makeButton("", () => show(), { className: "cb-quiet-button cb-more-help" });
  bar.querySelector(".cb-task-check").after(more);

  function refresh() {
    hints.forEach((hint, place) => hint.classList.toggle(NOT_YET, place >= given));
    const isAll = given >= hints.length;
    more.textContent = isAll ? "Show a solution" : `Hint ${given + 1} of ${hints.length}`;
    more.hidden = isAll && !isKept(fold);
  }

  function show() {
    const next = hints[given];
    given += 1;
    if (!next) fold.classList.remove(NOT_YET);
    (next ?? fold).open = true;
    refresh();
    (next ?? fold).querySelector("summary").focus();
  }

  // Told by what runs cells: see live/cells/task.js.
  element.addEventListener("cb-task-checked", ({ detail }) => {
    if (detail.passed) fold.classList.remove(NOT_YET);
    refresh();
    question.judge(detail.passed, "", null);
  });
  question.onStartOver = () => {
    given = 0;
    for (const hint of hints) hint.open = false;
    fold.classList.add(NOT_YET);
    element.querySelector(".cb-task-said").textContent = "";
    refresh();
  };
  if (question.kept?.right) {
    question.judge(true, "", null);
    element.querySelector(".cb-task-said").textContent = "You have done this.";
  } else fold.classList.add(NOT_YET);
  refresh();
}
