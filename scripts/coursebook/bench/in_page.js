// Clocks that run inside the measured page: no time is lost on the way to the bench.

/**
 * Press a cell's button and wait until its output matches.
 * @param {[number, string, number]} what the cell, a regular expression, and milliseconds to wait
 * @returns {Promise<number>} milliseconds
 */
export const runCell = ([number, pattern, limit]) =>
  new Promise((resolve, reject) => {
    const cell = document.querySelector(`.cell[data-cb-cell="${number}"]`);
    const wanted = new RegExp(pattern);
    const begun = performance.now();
    const timer = setTimeout(() => {
      reject(new Error(`cell ${number} shows after ${limit} ms: ${cell.textContent}`));
    }, limit);
    const look = new MutationObserver(() => {
      const shown = cell.querySelector(".cb-result-body")?.textContent ?? "";
      if (!wanted.test(shown)) return;
      look.disconnect();
      clearTimeout(timer);
      resolve(performance.now() - begun);
    });
    look.observe(cell, { childList: true, characterData: true, subtree: true });
    cell.querySelector(".cb-run").click();
  });

/**
 * Press a running cell's button and wait until it has ended.
 * @param {number} number the cell
 * @returns {Promise<number>} milliseconds
 */
export const stopCell = (number) =>
  new Promise((resolve) => {
    const cell = document.querySelector(`.cell[data-cb-cell="${number}"]`);
    const begun = performance.now();
    const look = new MutationObserver(() => {
      if (cell.dataset.cbState === "running") return;
      look.disconnect();
      resolve(performance.now() - begun);
    });
    look.observe(cell, { attributes: true, attributeFilter: ["data-cb-state"] });
    cell.querySelector(".cb-run").click();
  });

/**
 * Count the frames that the page draws.
 * @param {number} milliseconds for how long
 * @returns {Promise<number>} frames per second
 */
export const framesPerSecond = async (milliseconds) => {
  const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve); });
  const begun = await frame();
  let now = begun;
  let frames = 0;
  while (now - begun < milliseconds) {
    now = await frame();
    frames += 1;
  }
  return (frames * 1000) / (now - begun);
};

/**
 * Press a button of somebody else's page and look at every frame whether its output matches.
 * @param {[string, string, string, number]} what selectors of the button and of outputs, in this
 *   page or in a frame of it, a regular expression, and milliseconds to wait
 * @returns {Promise<number>} milliseconds
 */
export const press = async ([button, output, pattern, limit]) => {
  const wanted = new RegExp(pattern);
  const documents = () => [
    document,
    ...[...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument),
  ];
  const shown = () => documents().flatMap((one) => [...(one?.querySelectorAll(output) ?? [])]);
  for (const old of shown()) old.textContent = "";
  const begun = performance.now();
  document.querySelector(button).click();
  while (!shown().some(({ textContent }) => wanted.test(textContent))) {
    if (performance.now() - begun > limit) throw new Error(`nothing was shown in ${limit} ms`);
    await new Promise((resolve) => { setTimeout(resolve, 2); });
  }
  return performance.now() - begun;
};
