/** Puts a quiet toolbar on each cell. What runs them is loaded at the first wish for it; without
    this module the page stands as it was built. */

/** The page keeps what the reader's machine was left in by this name; then there is news at once. */
const VISITED = "cb-visit";

/** What a reader made of cells is kept by names that begin so. */
const EDITED = "cb-edit ";

/** Where people type: no key there is meant for a cell. */
const TYPING = "input, textarea, select, [contenteditable]:not([contenteditable=false]), .cb-drawer";

const cells = [...document.querySelectorAll(".cell[data-cb-cell]")];
const isDeck = document.documentElement.classList.contains("cb-deck");

/** In the speaker's window a deck is shown twice more, `current` and `next`; the deck says so. */
const lookedAtAs = document.documentElement.dataset.cbReceiver;

/** @type {Promise<import("./cells/page.js").LivePage | import("./cells/mirror.js").MirroredPage> | null} */
let loading = null;

/** Load what runs cells; after a failure the next wish tries again. */
function load() {
  loading ??= lookedAtAs
    ? import("./cells/mirror.js").then(({ openMirror }) => openMirror(document))
    : import("./cells/page.js").then(({ openPage }) => openPage(document));
  loading.catch(() => { loading = null; });
  return loading;
}

/**
 * @param {Element} cell
 * @param {"run" | "more" | "edit" | "check"} wish
 * @param {Event} event
 */
async function ask(cell, wish, event) {
  try {
    (await load()).grant(cell, wish, event);
  } catch (error) {
    console.error(error);
    cell.querySelector(".cb-bar-state").textContent = "could not be loaded; reload the page";
  }
}

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  if (tag === "button") made.type = "button";
  return made;
}

/** @param {HTMLElement} cell @param {number} index */
function addToolbar(cell, index) {
  const name = `${cell.dataset.cbLanguage} cell ${index + 1}`;
  const bar = make("div", "cb-bar");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", name);
  const more = make("button", "cb-more");
  more.setAttribute("aria-label", `More for ${name}`);
  more.setAttribute("aria-haspopup", "menu");
  const run = make("button", "cb-run", "cbNeeds" in cell.dataset ? "How to run" : "Run");
  run.setAttribute("aria-label", `${run.textContent} ${name}`);
  bar.append(make("span", "cb-bar-language", cell.dataset.cbLanguage), make("span", "cb-bar-state"));
  const copy = cell.querySelector(".cell_input .cb-copy");
  if (copy) bar.append(copy);
  bar.append(run, more);
  cell.prepend(bar);
  cell.dataset.cbLive = name;
  const code = cell.querySelector(".cell_input pre");
  if (!code) return;
  code.tabIndex = 0;
  code.setAttribute("role", "group");
  code.setAttribute("aria-label", `Code of ${name}, Enter edits it`);
}

/** @param {MouseEvent} event */
function onClick(event) {
  const target = event.target instanceof Element ? event.target : null;
  const task = target?.closest(".cb-task-check")?.closest(".cb-task");
  if (task) ask(task.querySelector(".cell"), "check", event);
  const cell = target?.closest(".cell[data-cb-live]");
  if (!cell) return;
  if (target.closest(".cb-run")) ask(cell, "run", event);
  else if (target.closest(".cb-more")) ask(cell, "more", event);
  else if (target.closest(".cell_input pre") && event.detail === 1 && isPrecise(event)) {
    // A reader who marks text wants to copy it.
    if (getSelection().isCollapsed) ask(cell, "edit", event);
  }
}

/** A tap on a phone is for reading; Edit is in the menu. @param {MouseEvent} event */
function isPrecise(event) {
  return event.pointerType ? event.pointerType === "mouse" : matchMedia("(hover: hover)").matches;
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  if (event.defaultPrevented || !(event.target instanceof Element)) return;
  const isRun = event.key === "Enter" && (event.ctrlKey || event.metaKey || event.shiftKey);
  const isEdit = event.key === "F2" || (event.key === "Enter" && event.target.matches(".cell_input pre"));
  if ((!isRun && !isEdit) || event.target.closest(TYPING)) return;
  const cell = event.target.closest(".cell[data-cb-live]") ?? (isRun && isDeck ? nextOnSlide() : null);
  if (!cell) return;
  event.preventDefault();
  ask(cell, isRun ? "run" : "edit", event);
}

/** The first cell of the slide that has not run yet, or else its last. */
function nextOnSlide() {
  const here = [...document.querySelectorAll("section.present:not(.stack) .cell[data-cb-live]")];
  return here.find((cell) => !cell.matches("[data-cb-ran]")) ?? here.at(-1);
}

/** Whether this tab keeps something. @param {string} name its name, or the beginning of it */
function keeps(name) {
  try {
    return Object.keys(sessionStorage).some((one) => one.startsWith(name));
  } catch {
    return false; // storage may be forbidden
  }
}

/** Let the speaker's window show what these cells do, and press them. */
function share() {
  load().then((page) => page.shared?.open(), console.error);
}

if (cells.length && lookedAtAs !== "next") {
  cells.forEach(addToolbar);
  // In the speaker's window cells are pressed, and their tasks are not checked.
  if (!lookedAtAs) for (const button of document.querySelectorAll(".cb-task-check")) button.hidden = false;
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  addEventListener("cb-warm-up", () => load().then((page) => page.warmUp()));
  if (lookedAtAs) load();
  addEventListener("cb-speaker-comes", share);
  if ("cbPaired" in document.documentElement.dataset) share();
  if (keeps(EDITED) && !lookedAtAs) import("./cells/edits.js").then(({ showEdits }) => showEdits(document), console.error);
  if (keeps(VISITED) && !lookedAtAs) (globalThis.requestIdleCallback ?? setTimeout)(load);
}
