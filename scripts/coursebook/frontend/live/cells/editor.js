/** A cell's code made editable; the editor itself is had when somebody first wants it. */

import { codeIn, showText } from "./code.js";
import { isTerminalKey, make, showsSlides } from "./elements.js";

const HINT = "Tab indents. Escape, then Tab, leaves the code.";
const HINT_ON_SLIDE = "Tab indents. Escape leaves the code.";

export class Editor {
  #editor;

  /**
   * Open the editor in place of a cell's code.
   * @param {import("./cell.js").Cell} cell
   * @param {{run: () => void, changed: (text: string) => void}} tell
   * @param {{x: number, y: number} | null} at where the reader clicked
   * @returns {Promise<Editor>}
   */
  static async open(cell, tell, at) {
    // A build without npm has no editor: a plain field does.
    const { mountEditor } = await import("../vendor/editor.js").catch(() => ({ mountEditor: mountField }));
    return new Editor(mountEditor, cell, tell, at);
  }

  constructor(mount, cell, { run, changed }, at) {
    const code = codeIn(cell.element).closest(".highlight");
    const host = make("div", "cb-editor");
    const hint = showsSlides() ? HINT_ON_SLIDE : HINT;
    code.after(host, make("p", "cb-editor-hint", hint));
    code.hidden = true;
    this.#editor = mount(host, {
      text: cell.source,
      language: cell.item.language,
      label: `Code of ${cell.name}. ${hint}`,
      wrap: showsSlides(),
      at,
      onRun: run,
      onChange: (text) => {
        showText(cell.element, text);
        changed(text);
      },
    });
    // A deck and the page's search must not take what is typed.
    host.addEventListener("keydown", (event) => {
      if (!isTerminalKey(event)) event.stopPropagation();
      // On a slide the next key shall turn it: from a button every key but Space and Enter does.
      if (event.key === "Escape" && showsSlides()) cell.button.focus({ preventScroll: true });
    });
    this.focus();
  }

  /** Put a text in place of what stands there; undo brings that back. @param {string} text */
  set text(text) {
    this.#editor.setText(text);
  }

  focus() {
    this.#editor.focus();
  }
}

/** A text field with the editor's interface. */
function mountField(parent, { text, label, onRun, onChange }) {
  const field = make("textarea", "cb-editor-field");
  Object.assign(field, { value: text, spellcheck: false, autocomplete: "off", rows: text.split("\n").length });
  field.setAttribute("aria-label", label);
  field.addEventListener("input", () => onChange(field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
    event.preventDefault();
    onRun({ shift: event.shiftKey });
  });
  parent.append(field);
  return {
    setText(replacement) {
      field.value = replacement;
      onChange(replacement);
    },
    focus: () => field.focus(),
  };
}
