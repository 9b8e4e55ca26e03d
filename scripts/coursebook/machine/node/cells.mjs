// Cells of the machine, outside of a browser: handed in as files, started by a bell, heard by marks.
const PORTS = { bash: 1, python: 2 };
const STDERR = 3;
const BELLS = { bash: 2, python: 3 };

/** Runs cells in a machine of v86 whose interpreters speak with `mark`. */
export class Cells {
  /**
   * @param {object} machine v86
   * @param {string} mark of the manifest
   * @param {string} names begins the name of every cell; a machine never sees a name twice
   */
  constructor(machine, mark, names = "") {
    Object.assign(this, { machine, names, count: 0, outputs: [], letter: null, finish: null });
    /** Which interpreters are starting: what they say until their first mark is no cell's. */
    this.starting = { bash: false, python: false };
    this.marks = new RegExp(`\\x00${mark}:(letter|at:[^\\n\\x00]*\\n[^\\x00]*|ended:\\d+|\\d+)\\x00`);
    this.heard = { bash: "", python: "" };
    for (const [language, port] of Object.entries(PORTS)) {
      machine.add_listener(`virtio-console${port}-output-bytes`, (bytes) => this.hear(language, bytes));
    }
    machine.add_listener(`virtio-console${STDERR}-output-bytes`, (bytes) => this.hearErrors(text(bytes)));
  }

  hear(language, bytes) {
    this.heard[language] += text(bytes);
    for (;;) {
      const heard = this.heard[language];
      const found = heard.match(this.marks);
      const end = found ? found.index : keepBack(heard);
      if (!this.starting[language]) this.print("stdout", heard.slice(0, end));
      this.heard[language] = found ? heard.slice(end + found[0].length) : heard.slice(end);
      if (!found) return;
      this.heed(language, found[1]);
    }
  }

  heed(language, word) {
    if (word === "letter") {
      this.letter = "";
    } else if (word.startsWith("at:")) {
      const [virtualEnv, folder] = utf8(word.slice(3)).split("\n");
      this.at = { virtualEnv, folder };
    } else if (word.startsWith("ended:")) {
      this.starting[language] = true;
      this.finish?.(language, Number(word.slice(6)), "died");
    } else if (this.starting[language]) {
      this.starting[language] = false;
      this.started?.();
    } else {
      this.finish?.(language, Number(word), "done");
    }
  }

  hearErrors(heard) {
    if (this.letter === null) return this.print("stderr", heard);
    this.letter += heard;
    const end = this.letter.indexOf("\n");
    if (end < 0) return undefined;
    this.outputs.push(JSON.parse(utf8(this.letter.slice(0, end))));
    const rest = this.letter.slice(end + 1);
    this.letter = null;
    return this.print("stderr", rest);
  }

  print(name, heard) {
    if (!heard) return;
    const last = this.outputs.at(-1);
    if (last?.name === name) last.raw += heard;
    else this.outputs.push({ output_type: "stream", name, raw: heard });
  }

  /** Run a cell; `end` is "done", "died" when its interpreter ended, or "lost" after too long. */
  async run(language, source, patience = 240_000) {
    while (this.starting[language]) await new Promise((resolve) => (this.started = resolve));
    this.outputs = [];
    this.at = null;
    const name = `${this.names}${++this.count}`;
    const begun = performance.now();
    await this.machine.create_file(`cells/${name}`, new TextEncoder().encode(source));
    const over = new Promise((resolve) => {
      const limit = setTimeout(() => resolve({ status: -1, end: "lost" }), patience);
      this.finish = (which, status, end) => {
        if (which !== language) return;
        clearTimeout(limit);
        this.finish = null;
        resolve({ status, end });
      };
    });
    this.machine.serial_send_bytes(BELLS[language], new TextEncoder().encode(`${name}\n`));
    const answer = await over;
    return { ...answer, outputs: this.told(), at: this.at, milliseconds: Math.round(performance.now() - begun) };
  }

  told() {
    return this.outputs.map(({ raw, ...output }) => (raw === undefined ? output : { ...output, text: utf8(raw) }));
  }

  /** Type into the terminal of a running cell. */
  input(language, typed) {
    this.machine.bus.send(`virtio-console${PORTS[language]}-input-bytes`, new TextEncoder().encode(typed));
  }
}

function text(bytes) {
  return Buffer.from(bytes).toString("latin1");
}

function utf8(raw) {
  return Buffer.from(raw, "latin1").toString();
}

/** Where a mark may have begun whose end has not come yet. */
function keepBack(heard) {
  const start = heard.lastIndexOf("\0");
  return start < 0 ? heard.length : start;
}
