// Runs cells in a bare page by the engine alone, for programs that ask what a cell prints there.

/** Milliseconds that a cell has to end after it was stopped. */
const GRACE = 10_000;

/** @type {import("../frontend/live/engines/engine.js").Engine} */
let engine;

/**
 * Start an engine.
 * @param {string} address of its module
 * @param {string} site address of the site's root
 * @returns {Promise<number>} milliseconds until it was ready
 */
export async function start(address, site) {
  const begun = performance.now();
  const { available, create } = await import(address);
  const { can, why } = await available(new URL(site));
  if (!can) throw new Error(why);
  engine = create(new URL(site));
  await engine.start();
  return performance.now() - begun;
}

/** Put everything back to how it was before the first cell. */
export async function reset() {
  await engine.reset();
}

/**
 * Run one cell to its end.
 * @param {import("../frontend/live/engines/engine.js").Request} request
 * @param {number} limit milliseconds that it may take
 * @returns {Promise<object>} the engine's result, with `outputs` in nbformat's form as they came,
 *   `late` if it had to be stopped, and `first`: milliseconds to the first output, or null
 */
export async function run(request, limit) {
  const outputs = [];
  const begun = performance.now();
  let first = null;
  let late = false;
  let giveUp = () => {};
  const given = new Promise((resolve) => {
    giveUp = () => resolve({ status: 1, end: "lost", milliseconds: limit, at: null });
  });
  const timers = [
    setTimeout(() => {
      late = true;
      engine.interrupt();
    }, limit),
    setTimeout(() => giveUp(), limit + GRACE),
  ];
  const hear = (message) => {
    if (message.type === "waits") {
      // Nobody sits here: a cell that reads meets the end of its input, as in the build.
      if (message.waits) engine.endInput();
      return;
    }
    first ??= performance.now() - begun;
    outputs.push(
      message.type === "stream"
        ? { output_type: "stream", name: message.name, text: message.text }
        : message.output,
    );
  };
  // An engine that breaks down under a cell is a way for the cell to end.
  const ended = engine.run(request, hear).catch(({ message }) => {
    outputs.push({ output_type: "stream", name: "stderr", text: `${message}\n` });
    return { status: 1, end: "lost", milliseconds: performance.now() - begun, at: null };
  });
  const result = await Promise.race([ended, given]);
  for (const timer of timers) clearTimeout(timer);
  return { ...result, outputs, first, late };
}
