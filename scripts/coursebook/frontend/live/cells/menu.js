/** A menu at a button; keys as in every menu of its kind.
 *
 * https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/ */

import { make } from "./elements.js";

/** Distance to the button and to the window's edges, in CSS pixels. */
const GAP = 6;

/** @typedef {{label: string, hint?: string, action: () => void, isChosen?: boolean} | null} Entry */

/** @type {(() => void) | null} */
let closeOpen = null;

/**
 * Open a menu.
 * @param {HTMLElement} button
 * @param {string} name
 * @param {Entry[]} entries null draws a line
 */
export function openMenu(button, name, entries) {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  closeOpen?.();
  if (wasOpen) return;
  const menu = make("div", "cb-menu-list");
  menu.setAttribute("role", "menu");
  menu.setAttribute("aria-label", name);
  menu.setAttribute("popover", "manual");
  const items = [];
  for (const entry of entries) {
    if (!entry) {
      const line = make("div", "cb-menu-line");
      line.setAttribute("role", "separator");
      menu.append(line);
      continue;
    }
    const item = make("div", "cb-menu-item", entry.label);
    item.setAttribute("role", "isChosen" in entry ? "menuitemradio" : "menuitem");
    if ("isChosen" in entry) item.setAttribute("aria-checked", String(entry.isChosen));
    if (entry.hint) item.append(make("span", "cb-menu-hint", entry.hint));
    item.tabIndex = -1;
    item.addEventListener("click", () => {
      close();
      button.focus({ preventScroll: true });
      entry.action();
    });
    items.push(item);
    menu.append(item);
  }

  function close() {
    closeOpen = null;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", close);
    removeEventListener("resize", close);
    menu.remove();
  }

  /** @param {Event} event */
  function outside(event) {
    if (!menu.contains(event.target) && !button.contains(event.target)) close();
  }

  menu.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const at = items.indexOf(document.activeElement);
    const letter = event.key.length === 1 ? event.key.toLowerCase() : "";
    let next = -1;
    if (event.key === "ArrowDown") next = (at + 1) % items.length;
    else if (event.key === "ArrowUp") next = (at - 1 + items.length) % items.length;
    else if (event.key === "Home") next = 0;
    else if (event.key === "End") next = items.length - 1;
    else if (event.key === "Enter" || event.key === " ") items[at]?.click();
    else if (event.key === "Escape" || event.key === "Tab") {
      close();
      button.focus({ preventScroll: true });
      if (event.key === "Tab") return;
    } else if (letter) {
      const order = [...items.slice(at + 1), ...items.slice(0, at + 1)];
      next = items.indexOf(order.find((item) => item.textContent.toLowerCase().startsWith(letter)));
    } else return;
    event.preventDefault();
    items[next]?.focus();
  });

  closeOpen = close;
  button.setAttribute("aria-expanded", "true");
  button.after(menu); // within the same landmark; as a popover it is drawn above all
  menu.showPopover?.();
  place(menu, button);
  items[0]?.focus({ preventScroll: true });
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", close);
  addEventListener("resize", close);
}

/** Below the button, or above it where there is more room. */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(GAP, Math.min(at.right - width, innerWidth - width - GAP));
  const below = at.bottom + GAP + height <= innerHeight || at.top < innerHeight / 2;
  const top = below ? at.bottom + GAP : at.top - GAP - height;
  menu.style.left = `${left}px`;
  menu.style.top = `${Math.max(GAP, Math.min(top, innerHeight - height - GAP))}px`;
}
