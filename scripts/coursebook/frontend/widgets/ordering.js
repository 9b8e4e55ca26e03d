/** Things to be put in order, by buttons or by dragging. */

import { inFieldset } from "./choice.js";
import { make, makeButton, words } from "./elements.js";

/** @param {import("./question.js").Question} question */
export function offerOrdering(question) {
  const list = question.element.querySelector(".cb-things");
  const given = [...list.children];
  const moved = make("span", "cb-unseen");
  moved.setAttribute("role", "status");
  inFieldset(list);
  list.after(moved);
  const changed = (item) => {
    question.say("", "");
    for (const one of given) delete one.dataset.cbVerdict;
    refresh(list);
    if (item) moved.textContent = `${nameOf(item)}: ${[...list.children].indexOf(item) + 1} of ${given.length}`;
  };
  for (const item of given) addHandles(item, list, changed);
  list.addEventListener("dragover", (event) => {
    const dragged = list.querySelector(".cb-dragged");
    const over = event.target.closest?.(".cb-things > li");
    if (!dragged) return;
    event.preventDefault();
    if (!over || over === dragged) return;
    const { top, height } = over.getBoundingClientRect();
    if (event.clientY < top + height / 2) over.before(dragged);
    else over.after(dragged);
  });
  question.offer(() => judge(question, list));
  question.onStartOver = () => {
    list.append(...given);
    changed(null);
  };
  const kept = question.kept?.answer;
  if (Array.isArray(kept)) {
    list.append(...given.toSorted((one, other) => kept.indexOf(placeOf(one)) - kept.indexOf(placeOf(other))));
    judge(question, list);
  }
  refresh(list);
}

/** @param {HTMLElement} item */
const placeOf = (item) => Number(item.dataset.cbPlace);

/** @param {HTMLElement} item */
const nameOf = (item) => words(item.querySelector(".cb-choice-text"));

/** @param {HTMLElement} item @param {HTMLElement} list @param {(item: HTMLElement | null) => void} changed */
function addHandles(item, list, changed) {
  const text = make("div", "cb-choice-text");
  text.append(...item.childNodes);
  const move = (up) => {
    const other = up ? item.previousElementSibling : item.nextElementSibling;
    const button = document.activeElement;
    if (up) other?.before(item);
    else other?.after(item);
    changed(item);
    // At an end its button cannot be pressed any more; the other one can.
    if (button instanceof HTMLButtonElement && button.disabled) item.querySelector("button:not(:disabled)")?.focus();
    else button?.focus();
  };
  const name = text.textContent.trim().replace(/\s+/g, " ");
  const up = makeButton("↑", () => move(true), { className: "cb-move cb-up", name: `Move up: ${name}` });
  const down = makeButton("↓", () => move(false), { className: "cb-move cb-down", name: `Move down: ${name}` });
  item.append(text, up, down);
  item.draggable = true;
  item.addEventListener("dragstart", ({ dataTransfer }) => {
    item.classList.add("cb-dragged");
    dataTransfer.effectAllowed = "move";
    dataTransfer.setData("text/plain", name);
  });
  item.addEventListener("dragend", () => {
    item.classList.remove("cb-dragged");
    changed(item);
  });
}

/** @param {HTMLElement} list */
function refresh(list) {
  for (const item of list.children) {
    item.querySelector(".cb-up").disabled = item === list.firstElementChild;
    item.querySelector(".cb-down").disabled = item === list.lastElementChild;
  }
}

/** @param {import("./question.js").Question} question @param {HTMLElement} list */
function judge(question, list) {
  const items = [...list.children];
  const places = items.map(placeOf);
  for (const [at, item] of items.entries()) item.dataset.cbVerdict = places[at] === at + 1 ? "right" : "wrong";
  const right = places.filter((place, at) => place === at + 1).length;
  const isRight = right === items.length;
  const where = right === 1 ? "stands where it belongs" : "stand where they belong";
  question.judge(isRight, isRight ? "Right." : `${right} of ${items.length} ${where}.`, places);
}
