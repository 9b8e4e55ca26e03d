/** The sheet of keys: all commands, and each can be chosen there, too. */

import { make, openDialog } from "./dialog.js";

/** What stands on keys whose name is another. */
const CAPS = {
  ArrowRight: "→", ArrowLeft: "←", ArrowDown: "↓", ArrowUp: "↑", PageDown: "Page ↓", PageUp: "Page ↑",
  Escape: "Esc", "-": "−",
};
/** Keys that are one row: the ends stand for all. */
const DIGITS = /^[1-9]$/;

/** @param {import("./keys.js").Keys} keys */
export async function openSheet(keys) {
  if (document.querySelector(".cb-sheet")) return;
  await openDialog("Keys", "cb-sheet", (dialog) => {
    const sheet = make("div", "cb-sheet-groups");
    for (const [name, rows] of Map.groupBy(keys.commands, (command) => command.group)) {
      const part = make("section", "cb-sheet-group");
      const list = make("ul");
      list.append(...rows.map((command) => row(command, keys, dialog)));
      part.append(make("h3", "", name), list);
      sheet.append(part);
    }
    dialog.append(sheet);
  });
}

/**
 * @param {import("./keys.js").Command} command
 * @param {import("./keys.js").Keys} keys
 * @param {HTMLDialogElement} dialog
 */
function row(command, keys, dialog) {
  const item = make("li");
  const isChoice = command.action && (command.when?.() ?? true) && !command.keys.includes("?");
  const line = make(isChoice ? "button" : "div", "cb-sheet-row");
  const caps = make("span", "cb-sheet-keys");
  for (const name of command.typed ?? shown(command.keys)) caps.append(cap(name), " ");
  line.append(caps, make("span", "cb-sheet-does", command.does));
  if (isChoice) {
    line.addEventListener("click", () => {
      dialog.close();
      keys.run(command);
    });
  }
  item.append(line);
  return item;
}

/** @param {string[]} names */
function shown(names) {
  const others = names.filter((name) => !DIGITS.test(name));
  return others.length < names.length ? [...others, "1 … 9"] : others;
}

/** @param {string} name */
function cap(name) {
  const keys = name.split(/\+(?=.)/).map((key) => CAPS[key] ?? (key.length === 1 ? key.toUpperCase() : key));
  return make("kbd", "", keys.join(" + "));
}
