/** What a page tells the next one of the same tab: where cells ran, how many, and which. */

// start.js asks for this name to know whether there is something to say before the first Run.
const KEY = "cb-visit";

/**
 * @typedef {object} Visit
 * @property {"machine" | "local" | ""} engine
 * @property {string} title of the chapter where cells ran last
 * @property {number} ran cells since the last reset
 * @property {Record<string, number[]>} done which cells, by chapter and rendering
 * @property {Record<string, string>} titles of chapters where cells ran
 */

/** @returns {Visit} */
export function readVisit() {
  const empty = { engine: "", title: "", ran: 0, done: {}, titles: {} };
  try {
    return { ...empty, ...JSON.parse(sessionStorage.getItem(KEY) ?? "{}") };
  } catch {
    return empty; // forbidden, or written by an older version
  }
}

/** @param {Visit} visit */
export function writeVisit(visit) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(visit));
  } catch {
    // Storage is full or forbidden: the next page begins without a word about this one.
  }
}

export function forgetVisit() {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // nothing was kept
  }
}
