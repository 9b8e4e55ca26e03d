/** The engine as a page uses it: chosen and started once, reset, mended, and told of in the bar. */

import { announce, isTerminalKey } from "./elements.js";
import { waitAtLinks } from "./links.js";
import { openMenu } from "./menu.js";
import { machineMenu } from "./menus.js";
import { StatusBar } from "./status.js";
import { forgetVisit, readVisit, writeVisit } from "./visit.js";

/** @typedef {import("../engines/engine.js").Mend} Mend */

const LABELS = { machine: "Linux in this tab", local: "Your own computer" };

/** What holds the files: on somebody's own computer, nobody must fear for it. */
const NOUNS = { machine: "machine", local: "clean room" };

export class Host {
  /** @type {import("../engines/choice.js").Choice | null} */
  choice = null;
  /** @type {import("../engines/engine.js").Engine | null} */
  engine = null;
  isStarted = false;
  #choosing = null;
  #starting = null;
  #drawer = null;
  #chapter;
  #tell;
  #visit = readVisit();
  #busy = false;
  /** Trouble stays in the bar until something was done about it. */
  #isTroubled = false;
  #typedIn = "";

  /**
   * @param {import("./chapter.js").ChapterOfPage} chapter
   * @param {{mends: () => void, reset: () => void, drawer: (drawer: import("./drawer.js").Drawer) => void}} tell
   *   `mends`: the interpreters may be others; `reset`: nothing that ran is there any more; `drawer`: the
   *   terminal has one
   */
  constructor(chapter, tell) {
    this.#chapter = chapter;
    this.#tell = tell;
    this.bar = new StatusBar({
      more: (button) => this.choose().then(() => openMenu(button, "The machine", machineMenu(this))),
      terminal: () => this.openTerminal(),
    });
    document.addEventListener("keydown", (event) => {
      if (isTerminalKey(event) && this.engine?.terminal) {
        event.preventDefault();
        this.openTerminal();
      }
    });
    // A page that is come back to may have been kept as it was, but not what ran for it.
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) this.isStarted = false;
    });
    waitAtLinks(() => this.engine?.flush?.());
    if (this.#visit.ran) this.#sayWhose(this.#visit.title, this.#visit.ran);
  }

  get isMachine() {
    return this.engine?.name === "machine";
  }

  /** What is reset and left: the machine, or the room. */
  get noun() {
    return NOUNS[this.engine?.name ?? this.#visit.engine] ?? "machine";
  }

  /** @param {string} name */
  labelOf(name) {
    return LABELS[name] ?? name;
  }

  /** Find an engine, once; after a failure the next call tries again. */
  async choose() {
    this.#choosing ??= import("../engines/choice.js").then(({ choose }) => choose());
    try {
      this.choice = await this.#choosing;
    } catch (error) {
      this.#choosing = null;
      console.error(error);
      this.choice = { engine: null, why: "What runs cells could not be loaded. Are you offline?", offers: [] };
    }
    if (this.choice.engine && !this.engine) this.#adopt(this.choice.engine);
    // Somebody without an engine may mend that and press again.
    if (!this.choice.engine) this.#choosing = null;
    return this.choice;
  }

  /** @param {import("../engines/engine.js").Engine} engine */
  #adopt(engine) {
    this.engine = engine;
    this.bar.name(this.labelOf(engine.name), this.choice.why, Boolean(engine.terminal));
    engine.addEventListener("trouble", ({ detail }) => this.#hearTrouble(detail));
    engine.addEventListener("state", ({ detail }) => this.#stateChanged(detail));
  }

  /**
   * Make the engine ready.
   * @param {(progress: {step: string, bytes: number, total: number}) => void} show
   * @returns {Promise<Error | null>} what stands in the way
   */
  async start(show) {
    if (this.isStarted) return null;
    this.#isTroubled = false;
    show({ step: "starting", bytes: 0, total: 0 });
    const choice = await this.choose();
    if (!choice.engine) return new Error(choice.why);
    const progress = ({ detail }) => {
      show(detail);
      this.bar.showStart(detail);
    };
    this.engine.addEventListener("progress", progress);
    this.bar.showStart({ step: "starting", bytes: 0, total: 0 });
    try {
      this.#starting ??= this.engine.start();
      await this.#starting;
      this.isStarted = true;
      this.#stateChanged(this.engine.state());
      return null;
    } catch (error) {
      this.#sayTrouble(error, () => this.start(() => {}));
      return error;
    } finally {
      this.#starting = null;
      this.engine.removeEventListener("progress", progress);
    }
  }

  async warmUp() {
    const trouble = await this.start(() => {});
    if (!trouble) await this.engine.warmUp?.();
    else if (!this.engine) this.#sayTrouble(trouble, () => this.warmUp());
  }

  /** @param {{message: string, mend?: Mend}} trouble @param {() => void} again */
  #sayTrouble({ message, mend }, again) {
    this.#isTroubled = true;
    this.bar.say("trouble", message, this.remedy(mend, again));
  }

  /**
   * An engine that runs tells of trouble. Where nothing mends it, no button says so.
   * @param {{message: string, mend: Mend}} trouble
   */
  #hearTrouble(trouble) {
    if (trouble.mend) {
      this.#sayTrouble(trouble, () => this.#startAgain());
      return;
    }
    this.#isTroubled = true;
    this.bar.say("trouble", trouble.message);
  }

  async #startAgain() {
    this.isStarted = false;
    await this.start(() => {});
  }

  /**
   * @param {import("../engines/engine.js").Request} request
   * @param {(message: import("../engines/engine.js").Message) => void} listener
   */
  async run(request, listener) {
    this.#busy = true;
    this.#isTroubled = false;
    this.bar.say("busy", "runs a cell");
    try {
      return await this.engine.run(request, listener);
    } finally {
      this.#busy = false;
      this.#stateChanged(this.engine.state());
    }
  }

  /** @param {number | string} number of a cell that ran as it should, or name of a task that stands ready */
  noteRun(number) {
    const done = new Set(this.#visit.done[this.#chapter.place]).add(number);
    this.#visit.done[this.#chapter.place] = [...done];
    this.#keepVisit();
  }

  /** @param {number | string} number as it was noted */
  hasRun(number) {
    return this.#visit.done[this.#chapter.place]?.includes(number) ?? false;
  }

  #keepVisit() {
    const state = this.engine.state();
    this.#visit.engine = this.engine.name;
    this.#visit.ran = state.ran;
    this.#visit.titles[this.#chapter.chapter] = this.#chapter.title;
    this.#visit.title = this.#visit.titles[state.chapter] ?? state.chapter ?? "";
    // What will not last is not promised to the next page.
    if (state.note) forgetVisit();
    else writeVisit(this.#visit);
  }

  /** @param {import("../engines/engine.js").State} state */
  #stateChanged(state) {
    if (this.#busy || !this.isStarted) return;
    this.#tell.mends();
    if (this.#isTroubled) return;
    if (!state.ran) {
      this.#visit = { ...this.#visit, title: "", ran: 0, done: {} };
      this.bar.say("ready", state.note ?? "ready");
      return;
    }
    const title = this.#visit.titles[state.chapter] ?? state.chapter ?? "";
    if (state.note) this.bar.say("ready", state.note);
    else if (!this.#isOfThis(state.chapter) || state.restored) this.#sayWhose(title, state.ran);
    else this.bar.say("ready", `${count(state.ran)} ran here`);
  }

  /** A task of the chapter has a name below the chapter's. @param {string | null} chapter */
  #isOfThis(chapter) {
    const mine = this.#chapter.chapter;
    return chapter === mine || Boolean(chapter?.startsWith(`${mine}/`));
  }

  /** @param {string} title @param {number} ran */
  #sayWhose(title, ran) {
    const text = `The ${this.noun} is as you left it in «${title}», ${count(ran)} ago`;
    this.bar.say(this.isStarted ? "ready" : "off", text, this.#afresh());
  }

  #afresh() {
    return { label: "Start afresh", action: () => this.reset() };
  }

  /**
   * @param {Mend | undefined} mend
   * @param {() => void} again what a button does where neither of the others mends
   */
  remedy(mend, again) {
    if (mend === "reset") return { label: `Reset the ${this.noun}`, action: () => this.reset() };
    if (mend === "reload") return { label: "Reload the page", action: () => location.reload() };
    return { label: "Try again", action: again };
  }

  async reset() {
    await this.#attempt(`resets the ${this.noun}`, async () => {
      this.#tell.reset();
      await this.choose();
      await this.engine?.reset();
      this.#visit = { ...this.#visit, title: "", ran: 0, done: {} };
      forgetVisit();
    }, () => `The ${this.noun} is as it was before the first cell.`);
  }

  /** @param {"bash" | "python"} language */
  async restart(language) {
    await this.#attempt(`starts ${language} anew`, async () => {
      const trouble = await this.start(() => {});
      if (trouble) throw trouble;
      await this.engine.restart(language);
    }, () => `A new ${language} is ready.`);
  }

  /** @param {string} program */
  async usePython(program) {
    await this.#attempt(
      "changes Python",
      () => this.engine.usePython(program),
      () => `Python cells now run in ${this.engine.python().program}.`,
    );
  }

  /**
   * @param {string} doing
   * @param {() => Promise<void>} action
   * @param {() => string} done
   */
  async #attempt(doing, action, done) {
    this.#isTroubled = false;
    this.bar.say("busy", doing);
    try {
      await action();
      if (this.isStarted) this.#stateChanged(this.engine.state());
      else this.bar.say("off", done());
      announce(done());
    } catch (error) {
      this.#sayTrouble(error, () => this.#attempt(doing, action, done));
    }
  }

  /** What the engine says of Python; null before it runs. */
  python() {
    return this.isStarted ? this.engine.python() : null;
  }

  /** Change the engine: what ran in the other one is not here. @param {"machine" | "local"} name */
  async prefer(name) {
    const { choose } = await import("../engines/choice.js");
    await choose(name);
    forgetVisit();
    location.reload();
  }

  async openTerminal() {
    await this.#openDrawer();
  }

  /** Type commands into the terminal, in the folder of the chapter. @param {string} source */
  async showMe(source) {
    const drawer = await this.#openDrawer();
    if (!drawer) return;
    const folder = `mkdir -p ~/${this.#chapter.topic} && cd ~/${this.#chapter.topic}\n`;
    const begin = this.#typedIn === folder ? "" : folder;
    this.#typedIn = folder;
    drawer.type(`${begin}${source.replace(/\n*$/, "\n")}`);
  }

  async #openDrawer() {
    const trouble = await this.start(() => {});
    if (trouble || !this.engine.terminal) return null;
    const { Drawer } = await import("./drawer.js");
    if (!this.#drawer) {
      this.#drawer = new Drawer(this.engine.terminal, this.labelOf(this.engine.name));
      this.#tell.drawer(this.#drawer);
    }
    try {
      await this.#drawer.open();
    } catch (error) {
      console.error(error);
      this.#drawer = null;
      this.#sayTrouble({ message: "The terminal could not be loaded." }, () => this.openTerminal());
    }
    return this.#drawer;
  }
}

/** @param {number} cells */
function count(cells) {
  return `${cells} ${cells === 1 ? "cell" : "cells"}`;
}
