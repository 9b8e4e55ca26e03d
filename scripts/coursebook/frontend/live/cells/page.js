/** The live part of a page: its cells, their queue, the engine behind them, and what is said of it. */

import { Cell } from "./cell.js";
import { readChapter } from "./chapter.js";
import { showText } from "./code.js";
import { openEditor } from "./editing.js";
import { keepEdit, restoreEdits } from "./edits.js";
import { fitSlide } from "./fit.js";
import { Host } from "./host.js";
import { InterpreterLine } from "./interpreter.js";
import { openMenu } from "./menu.js";
import { cellMenu } from "./menus.js";
import { Queue } from "./queue.js";
import { runHidden } from "./hidden.js";
import { loadCellStyles } from "./styles.js";
import { checkTask, sayOfTask, setUp } from "./task.js";

/**
 * @typedef {object} Job
 * @property {number} key the cell's number
 * @property {import("./chapter.js").ChapterCell} item
 * @property {Cell | null} cell null: this page does not show it
 * @property {Batch | null} batch
 * @property {boolean} isCancelled while the engine starts
 * @property {() => Promise<void>} [work] what is done for a task, instead of running the cell
 */
/** @typedef {{target: Cell}} Batch cells that run for the sake of the last one */

/** Milliseconds in which a key that is held or hit again means what it meant before. */
const SAME_PRESS = 300;

/**
 * Tell the second press of many from one that means what the button says now.
 * @param {Event} event
 * @param {number} after milliseconds since the press before
 */
function isPressedAgain(event, after) {
  // A mouse counts its clicks, keys do not: https://w3c.github.io/uievents/#event-type-click
  return event.detail > 1 || event.repeat === true || (event.detail === 0 && after < SAME_PRESS);
}

/** @type {Promise<LivePage> | null} */
let opened = null;

/**
 * Bring a page's toolbars to life, once.
 * @param {Document} page
 * @returns {Promise<LivePage>}
 */
export function openPage(page) {
  const isDeck = page.documentElement.classList.contains("cb-deck");
  const sharing = isDeck ? import("./shared.js") : Promise.resolve({ SharedCells: null });
  opened ??= Promise.all([sharing, loadCellStyles()]).then(([{ SharedCells }]) => new LivePage(page, SharedCells));
  opened.catch(() => { opened = null; });
  return opened;
}

export class LivePage {
  /** @type {Map<Element, Cell>} */
  cells = new Map();
  /** @type {InterpreterLine[]} */
  #interpreters = [];
  /** @type {WeakMap<Cell, string>} what a task's cell ran as last */
  #ranAs = new WeakMap();

  /**
   * @param {Document} page
   * @param {typeof import("./shared.js").SharedCells | null} SharedCells null: no other window shows it
   */
  constructor(page, SharedCells) {
    this.chapter = readChapter(page);
    this.host = new Host(this.chapter, {
      mends: () => this.#interpretersChanged(),
      reset: () => this.#forgetRuns(),
      drawer: (drawer) => this.shared?.shareTerminal(drawer),
    });
    this.keyboard = {
      line: (cell, text) => {
        cell.echo(text);
        this.host.engine?.input(`${text}\n`);
      },
      end: () => this.host.engine?.endInput(),
    };
    const edits = restoreEdits(this.chapter);
    for (const item of this.chapter.cells) {
      if (!item.element) continue;
      const cell = new Cell(item, this.keyboard, edits.get(item));
      this.cells.set(item.element, cell);
      if (item.language !== "python") continue;
      const use = (program) => this.host.usePython(program);
      this.#interpreters.push(new InterpreterLine(cell, this.chapter.topic, use, () => this.host.noun));
    }
    // Code on a slide was made larger or smaller.
    page.addEventListener("cb-fit", ({ target }) => {
      const cell = target.querySelector(".cell[data-cb-live]");
      if (cell) fitSlide(cell);
    });
    this.queue = new Queue((job) => this.#work(job), (dropped) => this.#queueChanged(dropped));
    this.shared = SharedCells ? new SharedCells(this) : null;
  }

  /**
   * Do what a reader wished for at a cell.
   * @param {Element} element
   * @param {"run" | "more" | "edit" | "check"} wish
   * @param {Event} event
   */
  async grant(element, wish, event) {
    const cell = this.cells.get(element);
    if (!cell) return;
    if (wish === "run") this.press(cell, event);
    else if (wish === "edit") await this.edit(cell, event);
    else if (wish === "check") this.check(cell);
    else {
      await this.host.choose();
      openMenu(cell.more, `More for ${cell.name}`, cellMenu(this, cell));
    }
  }

  /**
   * The one button: it runs, or takes back that it shall run, or stops.
   * @param {Cell} cell
   * @param {Event} [event]
   */
  press(cell, event) {
    const state = cell.element.dataset.cbState;
    const running = this.queue.running;
    const isNext = event && isPressedAgain(event, performance.now() - cell.pressedAt);
    cell.pressedAt = performance.now();
    if (isNext && this.queue.has(cell.item.number)) return;
    if (state === "waiting") {
      this.queue.drop((job) => job.cell === cell || job.batch?.target === cell);
      if (running?.batch?.target === cell) this.#stop(running);
    } else if (running?.cell === cell && !running.isCancelled) this.#stop(running);
    else if (running?.cell === cell) running.isCancelled = false;
    else this.run(cell);
  }

  /** @param {Job} running */
  #stop(running) {
    if (running.batch) this.queue.drop((job) => job.batch === running.batch);
    if (this.host.isStarted) this.host.engine.interrupt();
    else {
      running.isCancelled = true;
      (running.cell ?? running.batch.target).drop();
    }
  }

  /** @param {Cell} cell */
  run(cell) {
    this.queue.add(this.#job(cell.item, null));
  }

  /**
   * Run what comes before a cell, then the cell.
   * @param {Cell} cell
   * @param {boolean} [itself] false: only what comes before
   */
  runAbove(cell, itself = true) {
    const batch = { target: cell };
    const fits = (item) => (itself && item === cell.item)
      || (item.number < cell.item.number && !item.isSkipped && !(item.needs && this.host.isMachine));
    this.queue.add(...this.chapter.cells.filter(fits).map((item) => this.#job(item, batch)));
  }

  /** Look whether a task is done, after what the reader typed has run. @param {Cell} cell */
  check(cell) {
    const key = `check ${cell.item.number}`;
    if (this.queue.running?.key === key) {
      this.host.engine?.interrupt();
      return;
    }
    if (this.#ranAs.get(cell) !== cell.source) this.run(cell);
    sayOfTask(cell.element, "Looks …");
    this.#addWork(key, cell, () => checkTask(this.host, cell));
  }

  /** Let a task begin as it did. @param {Cell} cell */
  beginAnew(cell) {
    this.#ranAs.delete(cell);
    sayOfTask(cell.element, "");
    this.#addWork(`set up ${cell.item.number}`, cell, () => setUp(this.host, cell.item.task, true));
  }

  /** @param {string} key @param {Cell} cell @param {() => Promise<void>} work */
  #addWork(key, cell, work) {
    this.queue.add({ key, item: cell.item, cell: null, batch: { target: cell }, isCancelled: false, work });
  }

  /** @param {import("./chapter.js").ChapterCell} item @param {Batch | null} batch @returns {Job} */
  #job(item, batch) {
    const cell = item.element ? this.cells.get(item.element) : null;
    return { key: item.number, item, cell, batch, isCancelled: false };
  }

  /** @param {Job[]} dropped */
  #queueChanged(dropped) {
    for (const { cell } of dropped) cell?.drop();
    const shown = this.queue.waiting.filter(({ cell }) => cell);
    shown.forEach(({ cell }, place) => cell.wait(place + 1));
  }

  /** Run one cell from the moment its turn has come. @param {Job} job */
  async #work(job) {
    const { item, batch } = job;
    const cell = job.cell ?? batch.target;
    const start = (progress) => {
      if (!job.isCancelled) cell.showStart(progress);
    };
    try {
      if (item.needs) await this.host.choose();
      if (item.needs && this.host.isMachine) {
        cell.explain(`Not in this tab: it needs ${item.needs}. “python3 scripts/course.py serve” runs it there.`);
        return;
      }
      const trouble = await this.host.start(start);
      if (trouble) throw trouble;
      if (job.isCancelled) return;
      if (item.task) await setUp(this.host, item.task);
      if (job.work) {
        await job.work();
        return;
      }
      const request = {
        language: item.language,
        source: job.cell?.source ?? item.source,
        chapter: item.task?.chapter ?? this.chapter.chapter,
        topic: item.task?.topic ?? this.chapter.topic,
        cell: item.number,
      };
      job.cell?.begin();
      const run = (listener) => this.host.run(request, listener);
      const result = job.cell
        ? await run((message) => job.cell.take(message))
        : await runHidden(run, cell, item);
      job.cell?.end(result);
      this.#afterRun(job, cell, result);
    } catch (error) {
      if (item.task) sayOfTask((job.cell ?? batch.target).element, "");
      this.queue.drop((other) => batch !== null && other.batch === batch);
      if (job.cell?.element.dataset.cbState === "running") job.cell.abandon();
      cell.explain(error.message, this.host.remedy(error.mend, () => this.press(cell)));
    }
  }

  /**
   * @param {Job} job
   * @param {Cell} cell where the reader looks
   * @param {import("../engines/engine.js").Result} result
   */
  #afterRun({ item, batch, cell: own }, cell, { status, end }) {
    if (item.task) {
      this.#ranAs.set(own, own.source);
      return;
    }
    const isFine = end === "done" && (status === 0 || item.mayFail);
    if (isFine) this.host.noteRun(item.number);
    if (isFine || end === "interrupted") {
      if (!isFine && batch) this.queue.drop((job) => job.batch === batch);
      return;
    }
    const isTarget = own === cell;
    if (batch && (!isTarget || batch.target !== cell)) {
      this.queue.drop((job) => job.batch === batch);
      if (isTarget) batch.target.explain(`Stopped: ${cell.name} failed.`);
      return;
    }
    const above = this.chapter.cells.filter((other) => other.number < item.number
      && !other.isSkipped && !other.needs);
    const isPoorer = above.some((other) => other.language === item.language && this.host.hasRun(other.number));
    if (end === "died" && isPoorer) {
      own.offer({ label: "Run all above", action: () => this.runAbove(own, false) });
      return;
    }
    const missing = above.some(({ number }) => !this.host.hasRun(number));
    if (!batch && end === "done" && !own.isEdited && missing) {
      own.explain("Cells above it have not run yet, and it may need them.", {
        label: "Run all above, then this",
        action: () => this.runAbove(own),
      }, true);
    }
  }

  /** @param {Cell} cell @param {Event} event */
  async edit(cell, event) {
    await openEditor(cell, event, {
      run: () => this.press(cell),
      changed: (text) => this.#changed(cell, text),
    });
  }

  /** @param {Cell} cell @param {string} text */
  #changed(cell, text) {
    keepEdit(this.chapter, cell.item, text);
    cell.changed(text);
  }

  /** Let a text stand in the place of a cell's code. @param {Cell} cell @param {string} text */
  change(cell, text) {
    showText(cell.element, text);
    this.#changed(cell, text);
  }

  /** Get everything ready before somebody watches. */
  async warmUp() {
    await this.host.warmUp();
  }

  #interpretersChanged() {
    const python = this.host.python();
    if (!python) return;
    for (const line of this.#interpreters) line.show(python);
    this.shared?.showPython(python);
  }

  #forgetRuns() {
    this.queue.drop(() => true);
    this.#ranAs = new WeakMap();
    for (const cell of this.cells.values()) cell.element.removeAttribute("data-cb-ran");
    this.shared?.forget();
  }
}
