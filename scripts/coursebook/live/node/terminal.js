// The terminal: xterm.js in the page's colours, without a single inline style element.
//
// xterm.js writes its styles into <style> elements, which the page's policy refuses. While it is
// bundled, bundle.mjs makes them elements that mean nothing to a browser; what is written into them
// goes from here into a constructed style sheet.
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import ownStyles from "@xterm/xterm/css/xterm.css";

/** What bundle.mjs writes for `style` into xterm.js. */
const STYLES = "xterm-style";

/** xterm's names of the 16 colours, and what stands for each where the page names no such colour. */
const ANSI = {
  black: "--cb-ink", red: "--cb-code-error", green: "--cb-code-string", yellow: "--cb-code-number",
  blue: "--cb-code-name", magenta: "--cb-warm", cyan: "--cb-code-keyword", white: "--cb-ink-soft",
};

/** Ask the page what its colours are just now: xterm.js reads no custom properties. */
function colours(parent) {
  const probe = parent.ownerDocument.createElement("span");
  probe.hidden = true;
  parent.append(probe);
  const colour = (value) => {
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const named = {
    background: colour("var(--cb-terminal-paper, var(--cb-surface))"),
    foreground: colour("var(--cb-code-ink)"),
    cursor: colour("var(--cb-accent)"),
    cursorAccent: colour("var(--cb-paper)"),
    selectionBackground: colour("var(--cb-surface-deep)"),
    scrollbarSliderBackground: colour("var(--cb-line)"),
    scrollbarSliderHoverBackground: colour("var(--cb-ink-faint)"),
    scrollbarSliderActiveBackground: colour("var(--cb-ink-faint)"),
  };
  for (const [name, fallback] of Object.entries(ANSI)) {
    named[name] = colour(`var(--cb-ansi-${name}, var(${fallback}))`);
    const bright = `bright${name[0].toUpperCase()}${name.slice(1)}`;
    named[bright] = colour(`var(--cb-ansi-bright-${name}, var(--cb-ansi-${name}, var(${fallback})))`);
  }
  probe.remove();
  return named;
}

/** Keep a constructed sheet equal to what xterm.js wrote into its elements. */
function adoptStyles(parent) {
  const root = parent.getRootNode();
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const adopt = () => {
    const written = [...parent.querySelectorAll(STYLES)].map((element) => element.textContent);
    sheet.replaceSync([ownStyles, `${STYLES} { display: none }`, ...written].join("\n"));
  };
  adopt();
  const observer = new MutationObserver((changes) => {
    const touched = ({ target, addedNodes }) =>
      target.localName === STYLES || [...addedNodes].some((node) => node.localName === STYLES);
    if (changes.some(touched)) adopt();
  });
  observer.observe(parent, { childList: true, subtree: true });
  return {
    adopt,
    drop() {
      observer.disconnect();
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}

/**
 * Put a terminal into a place that is shown and has a size.
 * @param {HTMLElement} parent
 * @param {object} plan
 * @param {(text: string) => void} plan.onData what the reader types
 * @param {(columns: number, rows: number) => void} [plan.onResize] after `fit`, if it changed something
 * @param {boolean} [plan.screenReader] keep a text of the rows, and say what is printed
 */
export function mountTerminal(parent, { onData, onResize, screenReader = true }) {
  const styles = adoptStyles(parent);
  const { fontFamily, fontSize } = getComputedStyle(parent);
  const terminal = new Terminal({
    fontFamily,
    fontSize: Number.parseFloat(fontSize),
    lineHeight: 1.25,
    scrollback: 5000,
    screenReaderMode: screenReader,
    theme: colours(parent),
  });
  const fitting = new FitAddon();
  terminal.loadAddon(fitting);
  terminal.open(parent);
  styles.adopt(); // before the first measure, not in the next turn
  // The key that closes the drawer is not for the shell.
  terminal.attachCustomKeyEventHandler((event) => !(event.ctrlKey && event.code === "Backquote"));
  terminal.onData(onData);
  if (onResize) terminal.onResize(({ cols, rows }) => onResize(cols, rows));

  const recolour = () => { terminal.options.theme = colours(parent); };
  const scheme = new MutationObserver(recolour);
  scheme.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", recolour);

  return {
    /** @param {Uint8Array|string} data */
    write: (data) => terminal.write(data),
    fit: () => fitting.fit(),
    /** Be as large as another one, of which it shows a copy. */
    resize: (columns, rows) => terminal.resize(columns, rows),
    focus: () => terminal.focus(),
    clear: () => terminal.reset(),
    size: () => ({ columns: terminal.cols, rows: terminal.rows }),
    dispose() {
      scheme.disconnect();
      system.removeEventListener("change", recolour);
      terminal.dispose();
      styles.drop();
    },
  };
}
