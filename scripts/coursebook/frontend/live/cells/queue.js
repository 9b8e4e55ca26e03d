/** One thing after the other: whoever is in the queue is not added again. */

/**
 * @template {{key: unknown}} Job
 */
export class Queue {
  /** @type {Job[]} */
  #waiting = [];
  /** @type {Job | null} */
  #running = null;
  #work;
  #changed;

  /**
   * @param {(job: Job) => Promise<void>} work
   * @param {(dropped: Job[]) => void} changed told of every change, and of jobs that will not run
   */
  constructor(work, changed) {
    this.#work = work;
    this.#changed = changed;
  }

  /** @returns {Job | null} */
  get running() {
    return this.#running;
  }

  /** @returns {readonly Job[]} */
  get waiting() {
    return this.#waiting;
  }

  /** @param {unknown} key */
  has(key) {
    return this.#running?.key === key || this.#waiting.some((job) => job.key === key);
  }

  /** @param {Job[]} jobs */
  add(...jobs) {
    for (const job of jobs) if (!this.has(job.key)) this.#waiting.push(job);
    this.#changed([]);
    if (!this.#running) this.#next();
  }

  /** Take out what waits and fits; what runs goes on. @param {(job: Job) => boolean} fits */
  drop(fits) {
    const dropped = this.#waiting.filter(fits);
    this.#waiting = this.#waiting.filter((job) => !fits(job));
    this.#changed(dropped);
  }

  async #next() {
    while (!this.#running && this.#waiting.length) {
      this.#running = this.#waiting.shift();
      this.#changed([]);
      try {
        await this.#work(this.#running);
      } catch (error) {
        console.error(error); // a bug of ours; what waits must not wait for ever
      }
      this.#running = null;
      this.#changed([]);
    }
  }
}
