// The editor of a cell: CodeMirror 6 with what a cell needs, in a shadow tree.
//
// In a shadow tree CodeMirror hands its styles over as a constructed style sheet. In the page itself
// it would write a <style> element, which the page's policy refuses.
import { defaultKeymap, history, historyKeymap, indentWithTab, insertNewlineAndIndent, isolateHistory, simplifySelection } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  bracketMatching, HighlightStyle, indentOnInput, indentUnit, LanguageSupport, StreamLanguage, syntaxHighlighting,
} from "@codemirror/language";
import { shell } from "@codemirror/legacy-modes/mode/shell";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LANGUAGES = {
  // Not `python()`: it would offer completions, also of what the chapter has not told yet.
  python: () => [new LanguageSupport(pythonLanguage), indentUnit.of("    ")],
  bash: () => [StreamLanguage.define(shell), indentUnit.of("  ")],
};

// Milliseconds that Tab leaves the editor after Escape. CodeMirror's two seconds are over before a
// screen reader has told where one is; any other key takes it back.
const ESCAPED = 60_000;

// The colours of code.css, by the same names.
const COLOURS = HighlightStyle.define([
  { tag: tags.comment, color: "var(--cb-code-comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier, tags.bool, tags.null], color: "var(--cb-code-keyword)", fontWeight: "600" },
  { tag: tags.standard(tags.variableName), color: "var(--cb-code-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.regexp, tags.escape], color: "var(--cb-code-string)" },
  { tag: [tags.number, tags.attributeName], color: "var(--cb-code-number)" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.className, tags.definition(tags.className)], color: "var(--cb-code-name)" },
  { tag: tags.invalid, color: "var(--cb-code-error)" },
]);

// Type, colours and measures come from the place where the editor stands.
const LOOK = EditorView.theme({
  "&": { color: "var(--cb-code-ink)", backgroundColor: "transparent", font: "inherit" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { font: "inherit", lineHeight: "inherit", overflowX: "auto" },
  ".cm-content": { padding: "0", caretColor: "var(--cb-ink)" },
  ".cm-line": { padding: "0" },
  ".cm-cursor": { borderLeftColor: "var(--cb-ink)", borderLeftWidth: "2px" },
  // Twice the class, to be stronger than CodeMirror's own rule for a focused editor.
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--cb-accent) 28%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--cb-accent-soft)", outline: "1px solid var(--cb-accent)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "transparent", color: "var(--cb-code-error)" },
});

/**
 * Put an editor into a place, as its last child.
 *
 * Tab indents; Escape and then Tab leaves the editor. Ctrl-Enter and Shift-Enter run.
 * @param {HTMLElement} parent
 * @param {object} plan
 * @param {string} plan.text
 * @param {"bash"|"python"} plan.language
 * @param {(key: {shift: boolean}) => void} plan.onRun
 * @param {(text: string) => void} [plan.onChange] after each change, also by `setText`
 * @param {string} [plan.label] what a screen reader calls it
 * @param {boolean} [plan.wrap] break long lines instead of letting them scroll
 * @param {{x: number, y: number}} [plan.at] where in the window the cursor shall stand
 */
export function mountEditor(parent, { text, language, onRun, onChange, label = "Code", wrap = false, at }) {
  const host = parent.ownerDocument.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  parent.append(host);
  const run = (shift) => () => {
    onRun({ shift });
    return true;
  };
  const release = (view) => {
    simplifySelection(view);
    view.setTabFocusMode(ESCAPED);
    return true;
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([
          { key: "Mod-Enter", run: run(false) },
          // On a Mac the note of the page says Ctrl as well.
          { key: "Ctrl-Enter", run: run(false) },
          { key: "Shift-Enter", run: run(true) },
          // Ctrl-Shift-Enter would else break the line.
          { key: "Enter", run: insertNewlineAndIndent },
          { key: "Escape", run: release },
          indentWithTab,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        indentOnInput(),
        bracketMatching(),
        syntaxHighlighting(COLOURS),
        LOOK,
        EditorState.tabSize.of(4),
        EditorView.contentAttributes.of({ "aria-label": label, autocorrect: "off", spellcheck: "false" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange?.(update.state.doc.toString());
        }),
        wrap ? EditorView.lineWrapping : [],
        ...(LANGUAGES[language]?.() ?? []),
      ],
    }),
  });
  const position = at ? view.posAtCoords(at, false) : 0;
  if (position) view.dispatch({ selection: { anchor: position } });
  return {
    text: () => view.state.doc.toString(),
    /** Replace the whole text; the reader can undo it. */
    setText(replacement) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: replacement },
        annotations: isolateHistory.of("full"), // one step back, whatever was typed just before
      });
    },
    focus: () => view.focus(),
    destroy() {
      view.destroy();
      host.remove();
    },
  };
}
