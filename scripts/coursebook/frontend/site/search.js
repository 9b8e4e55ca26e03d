/** Search: a dialog that opens by `/` or Ctrl-K. Its index is fetched when it opens first. */

import { find, snippet } from "./find.js";

/** @type {Promise<import("./find.js").Entry[]> | null} */
let index = null;

/** @type {HTMLDialogElement | null} */
let dialog = null;

/**
 * Open the search by its button and its keys.
 * @param {Document} page
 */
export function offerSearch(page) {
  page.querySelector(".cb-find")?.addEventListener("click", (event) => {
    event.preventDefault();
    openSearch(page);
  });
  page.addEventListener("keydown", (event) => {
    const byK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    const bySlash = event.key === "/" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!byK && !(bySlash && !isTyping(event.target))) return;
    event.preventDefault();
    openSearch(page);
  });
}

/** Whether somebody types there. @param {EventTarget | null} target */
export function isTyping(target) {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || Boolean(target.closest("input, textarea, select")))
  );
}

/**
 * @param {Document} page
 * @param {string} [query] what to look for at once
 */
export function openSearch(page, query = "") {
  dialog ??= build(page);
  if (!dialog.open) dialog.showModal();
  const input = dialog.querySelector("input");
  if (query) input.value = query;
  input.select();
  load(page).then(
    () => show(input.value),
    () => state("The index could not be loaded. Close this and try again."),
  );
}

/** @param {Document} page */
function load(page) {
  index ??= fetch(page.body.dataset.cbSearch)
    .then((answer) => {
      if (!answer.ok) throw new Error(`${answer.status}`);
      return answer.json();
    })
    .then((pages) =>
      pages.flatMap(([address, title, part, sections]) =>
        sections.map(([anchor, heading, text]) => ({ address, title, part, anchor, heading, text })),
      ),
    )
    .catch((error) => {
      index = null; // so that the next opening tries again
      throw error;
    });
  return index;
}

/** @param {Document} page */
function build(page) {
  const made = page.createElement("dialog");
  made.className = "cb-search";
  made.setAttribute("aria-label", "Search");
  const line = element("div", "cb-search-line");
  const input = element("input", "");
  // Not "search": there Escape would empty the field first, and close the dialog only when pressed
  // once more.
  input.type = "text";
  input.enterKeyHint = "search";
  input.placeholder = "Search text and code";
  for (const [name, value] of Object.entries({
    "aria-label": "Search text and code",
    role: "combobox",
    "aria-autocomplete": "list",
    "aria-expanded": "true",
    "aria-controls": "cb-search-list",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
  })) {
    input.setAttribute(name, value);
  }
  const close = element("button", "cb-search-close");
  close.type = "button";
  // What is seen must be heard, too; a phone, which has no such key, shows a cross.
  close.setAttribute("aria-label", "Esc: close the search");
  close.append(element("kbd", "", "Esc"));
  line.append(input, close);
  const status = element("p", "cb-search-state");
  status.setAttribute("role", "status");
  const list = element("ul", "cb-search-list");
  list.id = "cb-search-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Sections found");
  made.append(line, status, list);
  page.body.append(made);

  input.addEventListener("input", () => show(input.value));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      list.querySelector('[aria-selected="true"] a')?.click();
    }
  });
  list.addEventListener("click", (event) => {
    // A result on this very page only moves the reader: the dialog must go by itself.
    if (event.target instanceof Element && event.target.closest("a")) made.close();
  });
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close();
  });
  close.addEventListener("click", () => made.close());
  return made;
}

/** @param {string} text */
function state(text) {
  dialog.querySelector(".cb-search-state").textContent = text;
}

/** @param {string} query */
async function show(query) {
  const entries = await load(document);
  // A slower answer to an older question must not replace a newer one.
  if (dialog.querySelector("input").value !== query) return;
  const list = dialog.querySelector("ul");
  const { words, found, total } = find(entries, query);
  list.replaceChildren(...found.map((entry, position) => result(entry, words, position)));
  select(0);
  if (!words.length) state("Type a word, a command or a piece of code.");
  else if (!total) state(`Nothing has “${query.trim()}”.`);
  else if (total > found.length) state(`${total} sections; the best ${found.length} are shown.`);
  else state(total === 1 ? "1 section" : `${total} sections`);
}

/**
 * @param {import("./find.js").Entry} entry
 * @param {string[]} words
 * @param {number} position
 */
function result(entry, words, position) {
  const item = element("li", "");
  item.id = `cb-result-${position}`;
  item.setAttribute("role", "option");
  const link = element("a", "");
  link.href =
    document.documentElement.dataset.content_root +
    entry.address +
    (entry.anchor ? `#${entry.anchor}` : "");
  link.tabIndex = -1;
  const where = element("span", "cb-search-where");
  where.append(...marked(entry.heading || entry.title, words));
  if (entry.heading) where.append(element("span", "cb-search-page", ` · ${entry.title}`));
  const text = element("span", "cb-search-text");
  text.append(...marked(snippet(entry.text, words), words));
  link.append(where, text);
  item.append(link);
  return item;
}

/**
 * Text with the words in it marked, as nodes: nothing of a chapter is ever read as HTML.
 * @param {string} text
 * @param {string[]} words
 */
function marked(text, words) {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  if (!escaped.length) return [text];
  return text
    .split(new RegExp(`(${escaped.join("|")})`, "gi"))
    .map((piece, position) => (position % 2 ? element("mark", "", piece) : piece));
}

/** @param {number} by */
function step(by) {
  const options = [...dialog.querySelectorAll('[role="option"]')];
  const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (options.length) select((now + by + options.length) % options.length);
}

/** @param {number} position */
function select(position) {
  const options = [...dialog.querySelectorAll('[role="option"]')];
  options.forEach((option, at) => option.setAttribute("aria-selected", String(at === position)));
  const input = dialog.querySelector("input");
  const chosen = options[position];
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  else input.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 */
function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}
