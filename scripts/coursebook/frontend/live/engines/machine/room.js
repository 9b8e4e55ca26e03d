// The two interpreters of a guest, each waiting at its console for cells, and the cell that runs.
import { joined } from "./bytes.js";
import { CONSOLE } from "./guest.js";
import { MarkReader } from "./marks.js";
import { Output } from "./output.js";
import { patience } from "./patience.js";

/** Milliseconds that Ctrl-C has after its last try: Python writes a traceback first. */
const GENTLE = { bash: 1500, python: 5000 };

/** Milliseconds that ending an interpreter may take, before the machine counts as stuck. */
const FORCE = 4000;

/** Milliseconds of silence before we ask whether a cell waits for input; doubled each time. */
const SILENCE = 300;

/** From which share of the time on the guest counts as working. */
const WORKS = 0.5;

/** Milliseconds between two questions at most. */
const SELDOM = 5000;

/** Bytes that are kept of what is printed while no cell runs; the next cell shows them. */
const BETWEEN = 65536;

/** How often an interpreter may end before it is ready; the first time may be that of the one before. */
const DEATHS = 2;

const CTRL_D = Uint8Array.of(4);
const HOME = "/home/learner";

/** @typedef {import("../engine.js").Language} Language */

class Interpreter {
  /**
   * @param {Language} language
   * @param {string} mark
   */
  constructor(language, mark) {
    this.language = language;
    this.console = CONSOLE[language];
    this.marks = new MarkReader(mark);
    this.status = 0;
    this.virtualEnv = "";
    this.folder = HOME;
    this.workFolder = "";
    /** @type {{name: "stdout" | "stderr", bytes: Uint8Array}[]} */
    this.between = [];
    this.deaths = 0;
    this.becomeReady(true);
  }

  /** @param {boolean} ready */
  becomeReady(ready) {
    if (ready === this.isReady) return;
    this.isReady = ready;
    if (ready) this.onReady?.();
    else this.ready = new Promise((resolve) => (this.onReady = resolve));
    this.deaths = 0;
  }

  /** It has ended. What ends again and again before it is ready will never be. */
  die() {
    this.becomeReady(false);
    this.status = 0;
    this.virtualEnv = "";
    this.deaths += 1;
    if (this.deaths > DEATHS) this.onHopeless?.();
  }

  /** @returns {Promise<boolean>} whether it got ready */
  started() {
    const hopeless = new Promise((resolve) => (this.onHopeless = () => resolve(false)));
    return Promise.race([this.ready.then(() => true), hopeless]);
  }

  /** What is to be known of it when it is restored. */
  get place() {
    const { status, virtualEnv, folder, workFolder } = this;
    return { status, virtualEnv, folder, workFolder };
  }

  /** Keep what is printed while no cell runs. */
  keep(name, bytes) {
    const size = this.between.reduce((sum, part) => sum + part.bytes.length, 0);
    if (size + bytes.length <= BETWEEN) this.between.push({ name, bytes: bytes.slice() });
  }
}

export class Room {
  /**
   * @param {import("./guest.js").Guest} guest
   * @param {{mark: string, python: string}} manifest the word by which interpreters speak, and the
   *   path of the machine's own Python
   * @param {(message: string) => void} onTrouble
   * @param {() => void} onStuck told when a cell cannot be ended but by ending the machine
   */
  constructor(guest, { mark, python }, onTrouble, onStuck) {
    this.guest = guest;
    this.onTrouble = onTrouble;
    this.onStuck = onStuck;
    this.interpreters = { bash: new Interpreter("bash", mark), python: new Interpreter("python", mark) };
    this.program = python;
    this.chapter = null;
    this.folder = "";
    this.posted = 0;
    this.cell = null;
    this.isStopped = false;
    this.stopping = null;
    this.letters = 0;
    this.letter = new Uint8Array(0);
    for (const interpreter of Object.values(this.interpreters)) {
      guest.listen(interpreter.console, (bytes) => this.hear(interpreter, bytes));
    }
    guest.listen(CONSOLE.stderr, (bytes) => this.hearErrors(bytes));
  }

  /**
   * Run one cell.
   * @param {import("../engine.js").Request} request
   * @param {(messages: import("../engine.js").Message[]) => void} deliver
   * @param {Promise<void>} first what must have ended before
   * @returns {Promise<import("../engine.js").Result>}
   */
  async run({ language, source, chapter, topic }, deliver, first) {
    const interpreter = this.interpreters[language];
    this.isStopped = false;
    await first;
    // What root was asked in order to stop a cell must not hit the next one.
    await Promise.race([this.stopping, patience(FORCE)]);
    await interpreter.ready;
    this.chapter = chapter;
    const folder = `${HOME}/${topic}`;
    if (interpreter.workFolder !== folder) await this.enter(interpreter, folder);
    const begun = performance.now();
    let end = "done";
    let status = 0;
    if (this.isStopped) {
      end = "interrupted";
    } else if (language === "python" || hasCommand(source)) {
      // A comment leaves `$?` as it is, and would be taken to fail as the cell before did.
      // `$?` is the one thing that does not last by itself from cell to cell.
      const before = language === "bash" && interpreter.status ? `( exit ${interpreter.status} ); ` : "";
      ({ end, status } = await this.execute(interpreter, before + source, deliver));
    }
    interpreter.status = end === "died" ? 0 : status;
    const at = { virtualEnv: interpreter.virtualEnv, folder: interpreter.folder };
    return { status, end, milliseconds: Math.round(performance.now() - begun), at };
  }

  /**
   * Hand a text to an interpreter, and wait for its end.
   * @param {Interpreter} interpreter
   * @param {string} source
   * @param {(messages: import("../engine.js").Message[]) => void} deliver
   * @returns {Promise<{end: import("../engine.js").End, status: number}>}
   */
  async execute(interpreter, source, deliver) {
    const output = new Output(deliver, () => this.stop());
    const ended = new Promise((resolve) => {
      this.cell = { interpreter, output, resolve, heard: performance.now(), stopped: false, forced: false };
    });
    for (const { name, bytes } of interpreter.between.splice(0)) output.print(name, bytes);
    const name = String(++this.posted);
    await this.guest.post(name, new TextEncoder().encode(source));
    this.guest.ring(interpreter.language, name);
    this.watch(SILENCE);
    return ended;
  }

  /**
   * Take an interpreter into the work folder of the chapter whose cells run now.
   * @param {Interpreter} interpreter
   * @param {string} folder
   */
  async enter(interpreter, folder) {
    interpreter.workFolder = folder;
    const move = interpreter.language === "bash" ? moveBash : movePython;
    await this.execute(interpreter, move(folder), () => {});
    await interpreter.ready;
    if (this.folder === folder) return;
    this.folder = folder;
    // Those that start from now on begin there. It has been made, which costs root much at first.
    this.guest.control(`chapter ${quoted(folder)}`);
  }

  /** Stop the cell that runs: by Ctrl-C, by force, and if nothing helps by giving the machine up. */
  async stop() {
    const { cell } = this;
    this.isStopped = true;
    if (!cell || cell.stopped) return;
    cell.stopped = true;
    const { language, console } = cell.interpreter;
    const interrupt = () => this.guest.interrupt(console);
    const steps = [
      [0, interrupt],
      // A `read` of bash's own begins anew after Ctrl-C; it takes the end of its input.
      [100, () => (cell.waits ? this.guest.press(console, CTRL_D) : interrupt())],
      [100, interrupt],
      [100, () => (this.stopping = this.guest.control(`stop ${language}`))],
      [GENTLE[language], () => this.force(cell)],
      [FORCE, this.onStuck],
    ];
    for (const [after, step] of steps) {
      await patience(after);
      if (this.cell !== cell) return;
      step();
    }
  }

  /** End the cell's interpreter, unless the cell ends before this is heard. */
  force(cell) {
    const { interpreter } = cell;
    const { ready } = interpreter;
    cell.forced = true;
    this.stopping = this.guest.control(`force ${interpreter.language}`).then((answer) => {
      // Its console tells of its end, and may do so later than this answer; then the promise is another.
      if (answer.trim() === "1" && interpreter.ready === ready) interpreter.becomeReady(false);
    });
  }

  /** @param {string} text */
  input(text) {
    if (!this.cell) return;
    this.guest.type(this.cell.interpreter.console, text);
    this.watch(SILENCE);
  }

  endInput() {
    if (this.cell) this.guest.type(this.cell.interpreter.console, "\x04");
  }

  /**
   * End an interpreter; a new one starts.
   * @param {Language} language
   */
  async restart(language) {
    if (language === "python") return this.usePython(this.program);
    const { bash } = this.interpreters;
    bash.becomeReady(false);
    await this.guest.control("end bash");
    await bash.ready;
  }

  /**
   * Run Python cells by another interpreter; by the machine's own if that one is gone, or broken.
   * @param {string} program its path
   */
  async usePython(program) {
    const { python } = this.interpreters;
    const use = async (one) => {
      python.becomeReady(false);
      this.program = (await this.guest.control(`use ${quoted(one)}`)).trim();
      return python.started();
    };
    const works = await use(program);
    if (!works) await use("");
    if (this.program === program) return;
    const why = works ? "is not there" : "does not start";
    this.onTrouble(`${program} ${why}, so Python cells run in ${this.program}.`);
  }

  /** What a save holds of the room; the rest is in the guest. */
  known() {
    const { chapter, folder, posted, program } = this;
    const places = Object.values(this.interpreters).map((one) => [one.language, one.place]);
    return { chapter, folder, posted, program, places: Object.fromEntries(places) };
  }

  recall({ places, ...known }) {
    Object.assign(this, known);
    for (const [language, place] of Object.entries(places)) {
      Object.assign(this.interpreters[language], place);
    }
  }

  /**
   * Ask, after some silence in which nothing worked, whether the cell waits for input; later again.
   * @param {number} silence milliseconds
   */
  watch(silence) {
    const { cell } = this;
    if (!cell) return;
    clearTimeout(cell.watch);
    this.guest.share();
    cell.watch = setTimeout(async () => {
      // To ask costs the guest much; what works does not wait.
      const works = this.guest.share() > WORKS;
      if (works || performance.now() - cell.heard < silence) return this.watch(SILENCE);
      const answer = await this.guest.control(`waits ${cell.interpreter.language}`);
      if (this.cell !== cell) return;
      const waits = answer.trim() === "1";
      if (waits !== Boolean(cell.waits)) cell.output.waits(waits);
      cell.waits = waits;
      this.watch(Math.min(silence * 2, SELDOM));
    }, silence);
  }

  /** @param {Interpreter} interpreter @param {Uint8Array} bytes */
  hear(interpreter, bytes) {
    const onText = (text) => this.print(interpreter, "stdout", text);
    interpreter.marks.read(bytes, onText, (mark) => this.obey(interpreter, mark));
  }

  /** @param {Uint8Array} bytes of stderr, or of the letters that Python sends */
  hearErrors(bytes) {
    let rest = bytes;
    while (this.letters && rest.length) {
      const end = rest.indexOf(10);
      const part = end < 0 ? rest : rest.subarray(0, end);
      this.letter = joined([this.letter, part]);
      rest = end < 0 ? rest.subarray(rest.length) : rest.subarray(end + 1);
      if (end < 0) return;
      this.letters -= 1;
      const text = new TextDecoder().decode(this.letter);
      this.letter = new Uint8Array(0);
      if (this.cell) this.cell.output.show(text);
    }
    if (rest.length) this.print(this.cell?.interpreter ?? this.interpreters.bash, "stderr", rest);
  }

  print(interpreter, name, bytes) {
    if (!interpreter.isReady) return; // what an interpreter says while it starts is not a cell's
    if (this.cell?.interpreter !== interpreter) return interpreter.keep(name, bytes);
    this.cell.heard = performance.now();
    this.cell.output.print(name, bytes);
  }

  /** @param {Interpreter} interpreter @param {string} mark */
  obey(interpreter, mark) {
    const mine = this.cell?.interpreter === interpreter;
    if (mark === "letter") {
      this.letters += 1;
    } else if (mark.startsWith("at:")) {
      [interpreter.virtualEnv, interpreter.folder] = mark.slice(3).split("\n");
    } else if (mark.startsWith("ended:")) {
      if (mine) this.lose(Number(mark.slice(6)));
      interpreter.die();
      interpreter.workFolder = ""; // it starts in the chapter's folder, unless a cell has removed that
    } else if (!interpreter.isReady) {
      interpreter.becomeReady(true);
    } else if (mine) {
      this.end("done", Number(mark));
    }
  }

  /** The cell's interpreter ended under it. */
  lose(status) {
    // Of a flood it is said that it was cut off, and not what is lost.
    if (this.cell.forced && this.cell.output.tooMuch) {
      const name = this.cell.interpreter.language === "bash" ? "bash" : "Python";
      this.onTrouble(`The cell did not give way, so ${name} was started anew: its variables are gone, files stay.`);
    }
    this.end("died", status);
  }

  end(end, status) {
    const { cell } = this;
    this.cell = null;
    clearTimeout(cell.watch);
    cell.output.finish();
    // Ctrl-C ends what is in front; a fork bomb goes on behind it.
    if (cell.stopped && end !== "died") this.stopping = this.guest.control(`make_room ${cell.interpreter.language}`);
    const { tooMuch } = cell.output;
    // Whoever stopped a cell must hear that its interpreter went with it.
    const how = cell.stopped && end === "done" ? "interrupted" : end;
    cell.resolve({ end: tooMuch ? "too-much" : how, status });
  }
}

const moveBash = (folder) => `mkdir -p ${quoted(folder)}; cd ${quoted(folder)}`;

/** It leaves no name behind, and does not count as a cell. */
const movePython = (folder) =>
  `(lambda os, place: (os.makedirs(place, exist_ok=True), os.chdir(place)))` +
  `(__import__("os"), ${JSON.stringify(folder)}); get_ipython().execution_count -= 1`;

const quoted = (text) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** Tell whether a shell would do anything; as in the build, `execute/room.py`. */
function hasCommand(source) {
  return source.split("\n").some((line) => line.trim() && !line.trimStart().startsWith("#"));
}
