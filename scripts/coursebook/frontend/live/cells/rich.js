/** Outputs other than text. HTML is shown in a frame that can reach nothing of the page. */

import { TerminalText } from "./ansi.js";
import { make } from "./elements.js";
import { appendRuns } from "./runs.js";

const FRAME = new URL("./frame.html", import.meta.url);

/** Heights of a frame in CSS pixels; what is higher scrolls inside. */
const LOWEST = 20;
const HIGHEST = 480;

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/**
 * Make the element of an output, from the best form that a page can show.
 * @param {object} output in nbformat's form
 * @param {string} name the cell's
 * @returns {HTMLElement | null} null: it has nothing to show
 */
export function render(output, name) {
  if (output.output_type === "error") return traceback(output);
  if (output.output_type === "stream") return text(joined(output.text));
  const data = output.data ?? {};
  const plain = joined(data["text/plain"]);
  if (data["text/html"]) return htmlFrame(joined(data["text/html"]), name);
  if (data["image/svg+xml"]) {
    const address = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(joined(data["image/svg+xml"]))}`;
    return picture(address, plain, name);
  }
  const kind = PICTURES.find((type) => data[type]);
  if (kind) return picture(`data:${kind};base64,${joined(data[kind]).replace(/\s/g, "")}`, plain, name);
  const words = plain || joined(data["text/markdown"]) || joined(data["text/latex"]);
  return words || "text/plain" in data ? text(words) : null;
}

/** @param {string | string[] | undefined} value nbformat allows a list of lines */
function joined(value) {
  return Array.isArray(value) ? value.join("") : String(value ?? "");
}

/** @param {string} words */
function text(words) {
  const block = make("pre", "cb-stream");
  const model = new TerminalText();
  const lines = [...model.feed(words.replace(/\n$/, "")), model.open];
  appendRuns(block, lines.flatMap((runs, at) => (at ? [{ text: "\n", style: null }, ...runs] : runs)));
  return block;
}

/** @param {{ename: string, evalue: string, traceback: string[]}} output */
function traceback(output) {
  const lines = output.traceback?.length ? output.traceback : [`${output.ename}: ${output.evalue}`];
  const block = text(lines.join("\n"));
  block.classList.add("cb-traceback");
  block.prepend(make("span", "cb-unseen", "Error: "));
  return block;
}

/** @param {string} address @param {string} plain @param {string} name */
function picture(address, plain, name) {
  const holder = make("div", "cb-rich");
  const image = make("img");
  image.src = address;
  // What a program says of its figure is mostly `<Figure size 640x480>`.
  image.alt = plain && !plain.startsWith("<") ? plain : `Figure from ${name}`;
  holder.append(image);
  return holder;
}

/** @param {string} html @param {string} name */
function htmlFrame(html, name) {
  const holder = make("div", "cb-rich");
  const frame = make("iframe", "cb-frame-html");
  // Without allow-same-origin it has an origin of its own: no page, no storage, no token.
  frame.setAttribute("sandbox", "allow-scripts");
  frame.setAttribute("title", `Output of ${name}`);
  frame.setAttribute("referrerpolicy", "no-referrer");
  frame.src = FRAME.href;
  frame.addEventListener("load", () => post(frame, { html, look: lookOf(holder) }));
  frames.set(frame, holder);
  listen();
  holder.append(frame);
  return holder;
}

/** @param {HTMLIFrameElement} frame @param {object} message */
function post(frame, message) {
  // An origin of its own has no name that could be written here; nothing secret is sent.
  frame.contentWindow?.postMessage(message, "*");
}

/** How text looks where a frame stands. @param {HTMLElement} holder */
function lookOf(holder) {
  const { color, fontSize, fontFamily } = getComputedStyle(holder);
  const { theme } = document.documentElement.dataset;
  const isDark = theme ? theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  return { color, fontSize, fontFamily, colorScheme: isDark ? "dark" : "light" };
}

/** @type {Map<HTMLIFrameElement, HTMLElement>} */
const frames = new Map();
let isListening = false;

/** Frames may tell their height, and nothing else; nobody else hears what they say. */
function listen() {
  if (isListening) return;
  isListening = true;
  addEventListener("message", (event) => {
    if (event.origin !== "null") return;
    const frame = [...frames.keys()].find((one) => one.contentWindow === event.source);
    if (!frame) return;
    // A deck can be steered by messages; not by these.
    event.stopImmediatePropagation();
    const height = Number(event.data?.height);
    if (Number.isFinite(height)) {
      frame.style.height = `${Math.min(Math.max(height, LOWEST), HIGHEST)}px`;
    }
  }, true);
  const repaint = () => {
    for (const [frame, holder] of frames) {
      if (holder.isConnected) post(frame, { look: lookOf(holder) });
      else frames.delete(frame);
    }
  };
  new MutationObserver(repaint)
    .observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
}
