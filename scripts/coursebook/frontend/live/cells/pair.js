/** The line between the cells of two windows that show one deck: on the wall, and to the speaker. */

// The deck names the pair by this.
const PAIR = "cb-speaker";

/**
 * @param {string} place of the chapter
 * @param {(message: object) => void} hear
 * @returns {{say: (message: object) => void} | null} null: this window is of no pair
 */
export function openLine(place, hear) {
  let pair = "";
  try {
    pair = sessionStorage.getItem(PAIR) ?? "";
  } catch {
    // storage may be forbidden; then every window runs its own cells
  }
  if (!pair) return null;
  const channel = new BroadcastChannel(`cb-cells ${pair} ${place}`);
  channel.addEventListener("message", ({ data }) => hear(data));
  return { say: (message) => channel.postMessage(message) };
}
