/** The line that appears when a cell reads what is typed. */

import { make, makeButton } from "./elements.js";

export class InputLine {
  #field = make("input", "cb-input-field");

  /**
   * @param {string} name the cell's
   * @param {{line: (text: string) => void, end: () => void}} take
   */
  constructor(name, take) {
    this.element = make("form", "cb-input");
    Object.assign(this.#field, {
      type: "text", autocomplete: "off", autocapitalize: "off", spellcheck: false,
    });
    this.#field.setAttribute("aria-label", `Input of ${name}`);
    this.#field.setAttribute("enterkeyhint", "send");
    const enter = makeButton("Enter", `Enter, for ${name}`, () => {});
    enter.type = "submit";
    this.element.append(
      this.#field, enter, makeButton("Ctrl-D", `Ctrl-D, end the input of ${name}`, () => take.end()),
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      take.line(this.#field.value);
      this.#field.value = "";
    });
    this.element.addEventListener("keydown", (event) => {
      event.stopPropagation(); // a deck must not turn while somebody types
      if (event.key === "d" && event.ctrlKey) {
        event.preventDefault();
        take.end();
      }
    });
  }

  get hasFocus() {
    return this.element.contains(document.activeElement);
  }

  focus() {
    this.#field.focus({ preventScroll: true });
  }
}
