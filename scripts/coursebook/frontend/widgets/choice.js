/** Answers to choose from, one or several. */

import { make } from "./elements.js";

/** @typedef {{letter: string, item: HTMLLIElement, input: HTMLInputElement, isRight: boolean, why: HTMLElement}} Choice */

/** @param {import("./question.js").Question} question */
export function offerChoice(question) {
  const { element } = question;
  const list = element.querySelector(".cb-choices");
  const isSeveral = "cbSeveral" in element.dataset;
  const choices = [...list.children].map((item, place) => toChoice(item, place, element.id, isSeveral, question));
  inFieldset(list);
  question.offer(() => judge(question, choices, isSeveral));
  for (const choice of choices) {
    choice.input.addEventListener("change", () => {
      question.say("", "");
      forget(choices, isSeveral ? [choice] : choices);
    });
  }
  question.onStartOver = () => {
    for (const { input } of choices) input.checked = false;
    forget(choices, choices);
  };
  const kept = question.kept;
  if (!Array.isArray(kept?.answer)) return;
  for (const choice of choices) choice.input.checked = kept.answer.includes(choice.letter);
  judge(question, choices, isSeveral);
}

/** @returns {Choice} */
function toChoice(item, place, name, isSeveral, question) {
  const letter = String.fromCharCode(65 + place);
  const input = make("input");
  Object.assign(input, { type: isSeveral ? "checkbox" : "radio", name, value: letter });
  const text = make("div", "cb-choice-text");
  text.id = `${name}-${letter}`;
  text.append(...item.childNodes);
  input.setAttribute("aria-labelledby", text.id);
  const why = make("div", "cb-why");
  why.hidden = true;
  why.append(...question.why(letter));
  why.id = `${text.id}-why`;
  item.append(input, text, why);
  item.addEventListener("click", ({ target }) => {
    if (target.closest("a, input, .cb-why") || !getSelection().isCollapsed) return;
    input.click();
    input.focus();
  });
  return { letter, item, input, isRight: "cbRight" in item.dataset, why };
}

/** Put a list of answers into a group that has the question as its name. @param {Element} list */
export function inFieldset(list) {
  const fieldset = make("fieldset", "cb-fieldset");
  const above = list.previousElementSibling;
  list.before(fieldset);
  const legend = make("legend", "cb-legend");
  if (above?.matches("p:not(.cb-check-kind)")) {
    legend.append(...above.childNodes);
    above.remove();
  } else {
    legend.textContent = list.closest(".cb-check").querySelector(".cb-check-kind").textContent;
    legend.classList.add("cb-unseen");
  }
  fieldset.append(legend, list);
}

/** @param {Choice[]} all @param {Choice[]} some whose verdict is taken back */
function forget(all, some) {
  for (const { item, why, input } of some) {
    delete item.dataset.cbVerdict;
    why.hidden = true;
    input.removeAttribute("aria-describedby");
  }
}

/** @param {import("./question.js").Question} question @param {Choice[]} choices @param {boolean} isSeveral */
function judge(question, choices, isSeveral) {
  const chosen = choices.filter(({ input }) => input.checked);
  forget(choices, choices);
  if (!chosen.length) {
    question.say("Choose an answer first.", "");
    return;
  }
  for (const { item, why, isRight, input } of chosen) {
    item.dataset.cbVerdict = isRight ? "right" : "wrong";
    why.hidden = !why.childNodes.length;
    if (!why.hidden) input.setAttribute("aria-describedby", why.id);
  }
  const wrong = chosen.filter(({ isRight }) => !isRight);
  const missing = choices.filter(({ isRight, input }) => isRight && !input.checked);
  const isRight = !wrong.length && !missing.length;
  question.judge(isRight, verdict(wrong, missing, isSeveral), chosen.map(({ letter }) => letter));
}

/** @param {Choice[]} wrong @param {Choice[]} missing @param {boolean} isSeveral */
function verdict(wrong, missing, isSeveral) {
  if (!wrong.length && !missing.length) return "Right.";
  if (!isSeveral) return "Not that one. Read why, and choose again.";
  if (!wrong.length) return `Right so far; ${missing.length} more ${missing.length === 1 ? "is" : "are"} right, too.`;
  return "Not all of them are right. Read why, and choose again.";
}
