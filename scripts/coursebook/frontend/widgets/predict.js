/** Predicting what a cell prints. Its output stays covered until the reader has said something. */

import { offerChoice } from "./choice.js";
import { make, makeButton } from "./elements.js";

/** @param {import("./question.js").Question} question */
export function offerPrediction(question) {
  const { element } = question;
  if ("cbTyped" in element.dataset) offerField(question);
  else offerChoice(question);
  const startOver = question.onStartOver;
  const cell = document.querySelector(`.cell[data-cb-predicted="${CSS.escape(element.id)}"]`);
  const output = cell?.querySelector(".cell_output");
  if (!output) return;
  const uncover = () => output.classList.remove("cb-covered");
  const cover = () => output.classList.add("cb-covered");
  const cloth = make("p", "cb-cloth");
  cloth.append(makeButton("Show the output", uncover, { className: "cb-quiet-button" }));
  output.before(cloth);
  question.onKnown = uncover;
  question.onStartOver = () => {
    startOver();
    cover();
  };
  if (!question.isRight) cover();
}

/** @param {import("./question.js").Question} question */
function offerField(question) {
  const { element } = question;
  const list = element.querySelector(".cb-choices");
  const known = [...(list?.children ?? [])].map((item, place) => ({
    text: (item.querySelector("pre") ?? item).textContent, isRight: "cbRight" in item.dataset, letter: String.fromCharCode(65 + place),
  }));
  const key = known.find(({ isRight }) => isRight)?.text ?? question.fold.querySelector(".cb-printed pre").textContent;
  const isLong = key.trim().includes("\n");
  const field = make(isLong ? "textarea" : "input", "cb-typed");
  field.setAttribute("aria-label", "What it prints");
  Object.assign(field, { autocapitalize: "off", autocomplete: "off", spellcheck: false });
  if (isLong) field.rows = key.trim().split("\n").length;
  const why = make("div", "cb-why");
  why.hidden = true;
  const place = list ?? question.fold;
  place.before(field, why);
  if (list) list.hidden = true;
  const judge = () => {
    const text = plain(field.value);
    why.hidden = true;
    if (!text) {
      question.say("Type what you think it prints.", "");
      return;
    }
    if (text === plain(key)) {
      question.judge(true, "Right.", field.value);
      return;
    }
    const meant = known.find((answer) => plain(answer.text) === text);
    why.replaceChildren(...(meant ? question.why(meant.letter) : []));
    why.hidden = !why.childNodes.length;
    question.judge(false, meant ? "Not that. Read why, and try again." : "It prints something else.", field.value);
  };
  field.addEventListener("input", () => {
    question.say("", "");
    why.hidden = true;
  });
  field.addEventListener("keydown", ({ key: pressed, ctrlKey, metaKey }) => {
    if (pressed === "Enter" && (!isLong || ctrlKey || metaKey)) judge();
  });
  question.offer(judge);
  question.onStartOver = () => {
    field.value = "";
    why.hidden = true;
  };
  if (typeof question.kept?.answer === "string") {
    field.value = question.kept.answer;
    judge();
  }
}

/** A text as it is compared: where it has space, one. @param {string} text */
const plain = (text) => text.trim().replace(/\s+/g, " ");
