// What a cell prints, on its way to the page: decoded, capped, and told in portions.

/** Bytes that one cell may print; as in the build, `execute/room.py`. */
export const OUTPUT_CAP = 200_000;

/** Bytes of rich outputs that one cell may show; as in the build. */
const SHOWN_CAP = 2_000_000;

/** Milliseconds between two portions: a page that draws more often does nothing else. */
const PORTION = 30;

export class Output {
  /**
   * @param {(messages: import("../engine.js").Message[]) => void} deliver
   * @param {() => void} onTooMuch told once
   */
  constructor(deliver, onTooMuch) {
    this.deliver = deliver;
    this.onTooMuch = onTooMuch;
    this.decoders = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    this.messages = [];
    this.printed = this.shown = 0;
    this.tooMuch = false;
    this.last = 0;
    this.timer = 0;
  }

  /**
   * @param {"stdout" | "stderr"} name
   * @param {Uint8Array} bytes
   */
  print(name, bytes) {
    if (this.tooMuch) return;
    const allowed = bytes.subarray(0, OUTPUT_CAP - this.printed);
    this.printed += bytes.length;
    this.text(name, this.decoders[name].decode(allowed, { stream: true }));
    if (this.printed > OUTPUT_CAP) this.cap();
  }

  /** @param {string} letter an output in nbformat's form, as JSON */
  show(letter) {
    this.shown += letter.length;
    if (this.shown > SHOWN_CAP) this.cap();
    if (this.tooMuch) return;
    try {
      this.add({ type: "output", output: JSON.parse(letter) });
    } catch {
      // Something else wrote to stderr in between.
      this.text("stderr", `${letter}\n`);
    }
  }

  /** @param {boolean} waits */
  waits(waits) {
    this.add({ type: "waits", waits });
  }

  /** Deliver what is left; half a character shows as one that is broken. */
  finish() {
    for (const [name, decoder] of Object.entries(this.decoders)) this.text(name, decoder.decode());
    this.flush();
  }

  cap() {
    if (this.tooMuch) return;
    this.tooMuch = true;
    this.onTooMuch();
  }

  text(name, text) {
    if (!text) return;
    const last = this.messages.at(-1);
    if (last?.type === "stream" && last.name === name) last.text += text;
    else this.add({ type: "stream", name, text });
    this.plan();
  }

  add(message) {
    this.messages.push(message);
    this.plan();
  }

  plan() {
    const wait = this.last + PORTION - performance.now();
    this.timer ||= setTimeout(() => this.flush(), Math.max(0, wait));
  }

  flush() {
    clearTimeout(this.timer);
    this.timer = 0;
    this.last = performance.now();
    const { messages } = this;
    this.messages = [];
    if (messages.length) this.deliver(messages);
  }
}
