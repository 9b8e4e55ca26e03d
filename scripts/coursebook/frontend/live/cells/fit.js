/** Outputs on a slide: they take what is left of it and scroll inside; nothing ever sticks out. */

/** Logical pixels of an output below which it cannot be read any more. */
const LOWEST = 112;

/** Which results came last, by slide: the newest is the one that is talked about. */
let clock = 0;
/** @type {WeakMap<Element, number>} */
const shownAt = new WeakMap();

/** @param {Element} result that has just been filled */
export function noteResult(result) {
  clock += 1;
  shownAt.set(result, clock);
}

/**
 * Give each result of a slide its height.
 * @param {Element} cell on the slide
 */
export function fitSlide(cell) {
  const body = cell.closest(".cb-body");
  if (!body) return;
  const results = [...body.querySelectorAll(".cb-result:not([hidden])")]
    .sort((one, other) => (shownAt.get(one) ?? 0) - (shownAt.get(other) ?? 0));
  const atEnd = results.map(({ firstElementChild: scroller }) => (
    scroller.scrollTop > 0 && scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 8
  ));
  for (const result of results) {
    result.classList.remove("cb-result-over", "cb-result-under");
    result.firstElementChild.style.maxHeight = "";
  }
  share(body, [...results]);
  results.forEach(({ firstElementChild: scroller }, place) => {
    if (atEnd[place]) scroller.scrollTop = scroller.scrollHeight;
  });
}

/** @param {Element} body of a slide @param {Element[]} results the newest last */
function share(body, results) {
  let excess = overflow(body);
  // The oldest give way first.
  for (const result of results) {
    if (excess <= 0) return;
    const scroller = result.firstElementChild;
    const height = scroller.offsetHeight;
    const room = Math.max(Math.min(LOWEST, height), height - excess);
    scroller.style.maxHeight = `${room}px`;
    excess = overflow(body);
  }
  if (excess <= 0) return;
  // Too full: the newest lies over the slide, and the others make room until it is their turn.
  const newest = results.pop();
  for (const result of results) {
    if (overflow(body) > 0) result.classList.add("cb-result-under");
  }
  if (!newest || overflow(body) <= 0) return;
  newest.firstElementChild.style.maxHeight = "";
  newest.classList.add("cb-result-over");
  const holder = newest.offsetParent;
  if (!holder) return;
  const scale = body.getBoundingClientRect().height / body.offsetHeight || 1;
  const below = holder.getBoundingClientRect().bottom - body.getBoundingClientRect().bottom;
  newest.style.bottom = `${below / scale}px`;
}

/** @param {Element} body of a slide @returns {number} logical pixels that stick out */
function overflow(body) {
  return body.scrollHeight - body.clientHeight;
}
