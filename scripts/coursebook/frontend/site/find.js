/**
 * Finding sections: pure functions, no page needed.
 * @typedef {{address: string, title: string, part: string, anchor: string, heading: string,
 *   text: string, low?: string}} Entry
 */

const SHOWN = 30;

/**
 * Find the sections that hold every word of a query, as it was typed: `sys.path`, `--locked` and
 * parts of words too. Letters' case does not matter.
 * @param {Entry[]} entries
 * @param {string} query
 * @returns {{words: string[], found: Entry[], total: number}}
 */
export function find(entries, query) {
  const phrase = query.trim().toLowerCase().replace(/\s+/g, " ");
  const words = phrase ? [...new Set(phrase.split(" "))] : [];
  if (!words.length) return { words, found: [], total: 0 };
  const scored = [];
  for (const entry of entries) {
    entry.low ??= `${entry.title}\n${entry.heading}\n${entry.text}`.toLowerCase();
    if (words.every((word) => entry.low.includes(word))) {
      scored.push({ entry, score: score(entry, words, phrase) });
    }
  }
  // Equal scores keep the reading order: sorting is stable.
  scored.sort((one, other) => other.score - one.score);
  return { words, found: scored.slice(0, SHOWN).map(({ entry }) => entry), total: scored.length };
}

/**
 * @param {Entry} entry
 * @param {string[]} words
 * @param {string} phrase
 */
function score(entry, words, phrase) {
  const heading = (entry.heading || entry.title).toLowerCase();
  const text = entry.text.toLowerCase();
  let points = 0;
  if (heading.includes(phrase)) points += heading === phrase ? 60 : 40;
  if (words.length > 1 && text.includes(phrase)) points += 25;
  for (const word of words) {
    if (heading.includes(word)) points += 10;
    if (startsWord(text, word)) points += 5;
    points += Math.min(text.split(word).length - 1, 6);
  }
  return points;
}

/**
 * @param {string} text
 * @param {string} word
 */
function startsWord(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}_]/u.test(text[at - 1])) return true;
  }
  return false;
}

/**
 * Cut the piece of a text around the first word that was found.
 * @param {string} text
 * @param {string[]} words
 */
export function snippet(text, words, length = 150) {
  const low = text.toLowerCase();
  const phrase = low.indexOf(words.join(" "));
  const places = words.map((word) => low.indexOf(word)).filter((place) => place >= 0);
  const first = phrase >= 0 ? phrase : places.length ? Math.min(...places) : 0;
  const from = first < 50 ? 0 : text.indexOf(" ", first - 50) + 1 || first;
  const start = Math.min(from, first);
  const piece = text.slice(start, start + length).trim();
  return (start ? "… " : "") + piece + (start + length < text.length ? " …" : "");
}
