/* The speaker's time: how long the talk has gone, and what is left of it and of this section. */

/** @param {number} milliseconds @returns {string} `3:20`, `1:02:03` */
export function minutes(milliseconds) {
  const seconds = Math.floor(Math.abs(milliseconds) / 1000);
  const two = (number) => String(number).padStart(2, "0");
  const [hours, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(rest)}:${two(seconds % 60)}` : `${rest}:${two(seconds % 60)}`;
}

/**
 * Say what is left of a time.
 * @param {number} left milliseconds; below 0 when it is over
 * @param {string} of what
 */
export function leftOf(left, of) {
  // A second that has begun is left; one that is over is not.
  return left >= 0 ? `${minutes(Math.ceil(left / 1000) * 1000)} left for ${of}` : `${minutes(left)} over for ${of}`;
}

/** Counts while it runs, for the whole talk and for each section; a reload does not stop it. */
export class Timer {
  /** @type {{gone: number, since: number | null, section: string, spent: Record<string, number>}} */
  #kept = { gone: 0, since: null, section: "", spent: {} };
  #name = "";

  /** Count for a deck from now on. @param {string} deck */
  begin(deck) {
    this.#name = `cb-time ${deck}`;
    this.#kept = { gone: 0, since: null, section: "", spent: {} };
    try {
      Object.assign(this.#kept, JSON.parse(sessionStorage.getItem(this.#name) ?? "{}"));
    } catch {
      // forbidden, or written by somebody else: it begins at 0
    }
  }

  get runs() {
    return this.#kept.since !== null;
  }

  get isNew() {
    return !this.runs && !this.#kept.gone;
  }

  /** Milliseconds. */
  get gone() {
    return this.#kept.gone + this.#open();
  }

  /** @param {string} section @returns {number} milliseconds */
  spent(section) {
    return (this.#kept.spent[section] ?? 0) + (section === this.#kept.section ? this.#open() : 0);
  }

  #open() {
    return this.#kept.since === null ? 0 : Math.max(0, Date.now() - this.#kept.since);
  }

  /** Count what has gone since, and go on or stop. @param {boolean} goesOn */
  #count(goesOn) {
    const { section, spent } = this.#kept;
    const open = this.#open();
    this.#kept.gone += open;
    spent[section] = (spent[section] ?? 0) + open;
    this.#kept.since = goesOn ? Date.now() : null;
    try {
      sessionStorage.setItem(this.#name, JSON.stringify(this.#kept));
    } catch {
      // a reload will begin at 0
    }
  }

  /** @param {string} section the one that is spoken of now */
  enter(section) {
    if (section === this.#kept.section) return;
    const { runs } = this;
    this.#count(runs);
    this.#kept.section = section;
    this.#count(runs);
  }

  start() {
    this.#count(true);
  }

  pause() {
    this.#count(false);
  }

  reset() {
    const { section } = this.#kept;
    this.#kept = { gone: 0, since: null, section, spent: {} };
    this.#count(false);
  }
}

/**
 * Find what a deck says of its time.
 * @param {HTMLElement[]} slides in order
 * @param {HTMLElement} slide the one that is shown
 * @returns {{section: string, seconds: number, total: number}} 0: nothing is said
 */
export function budgetOf(slides, slide) {
  const total = Number(slides[0]?.dataset.cbTotal ?? 0);
  const upTo = slides.slice(0, slides.indexOf(slide) + 1);
  const first = upTo.findLast((one) => one.dataset.cbSeconds !== undefined);
  return { section: first?.id ?? "", seconds: Number(first?.dataset.cbSeconds ?? 0), total };
}
