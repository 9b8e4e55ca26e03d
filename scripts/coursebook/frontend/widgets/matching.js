/** Pairs to be found: beside each thing on the left, all answers to choose from. */

import { make, words } from "./elements.js";

/** @param {import("./question.js").Question} question */
export function offerMatching(question) {
  const { element } = question;
  const left = [...element.querySelectorAll(".cb-pairs-left > li")];
  const right = [...element.querySelectorAll(".cb-pairs-right > li")].map(words);
  const selects = left.map((item, place) => {
    const text = make("div", "cb-choice-text");
    text.id = `${element.id}-left-${place + 1}`;
    text.append(...item.childNodes);
    const select = make("select", "cb-pair");
    select.setAttribute("aria-labelledby", text.id);
    select.append(new Option("choose …", ""), ...right.map((answer, at) => new Option(answer, letterOf(at))));
    select.addEventListener("change", () => {
      question.say("", "");
      delete item.dataset.cbVerdict;
    });
    item.append(text, select);
    return select;
  });
  element.querySelector(".cb-sides").classList.add("cb-with-selects");
  question.offer(() => judge(question, left, selects));
  question.onStartOver = () => {
    for (const select of selects) select.value = "";
    for (const item of left) delete item.dataset.cbVerdict;
  };
  const kept = question.kept?.answer;
  if (!Array.isArray(kept)) return;
  selects.forEach((select, place) => { select.value = kept[place] ?? ""; });
  judge(question, left, selects);
}

/** @param {number} place */
const letterOf = (place) => String.fromCharCode(65 + place);

/** @param {import("./question.js").Question} question @param {HTMLElement[]} left @param {HTMLSelectElement[]} selects */
function judge(question, left, selects) {
  const answers = selects.map(({ value }) => value);
  if (!answers.some(Boolean)) {
    question.say("Choose an answer first.", "");
    return;
  }
  const isRightAt = (place) => answers[place] === left[place].dataset.cbMatch;
  for (const [place, item] of left.entries()) {
    if (answers[place]) item.dataset.cbVerdict = isRightAt(place) ? "right" : "wrong";
    else delete item.dataset.cbVerdict;
  }
  const right = left.filter((_, place) => isRightAt(place)).length;
  const isRight = right === left.length;
  const text = isRight ? "Right." : `${right} of ${left.length} pairs ${right === 1 ? "is" : "are"} right.`;
  question.judge(isRight, text, answers);
}
