// Listens for news of the build: reloads this page when it changed, shows what is wrong when it
// failed. Only `course.py serve` puts this module into pages; no built file holds it.

/**
 * @typedef {{path: string, line: number, code: string, message: string, hint: string}} Problem
 * @typedef {{session: string, build: number, building: boolean, changed: string[],
 *            problems: Problem[]}} News
 */

const PLACE = "cb-serve-place";

/** Whether this page is a deck in the speaker's window. */
const isFrame = parent !== self;

/** The address of this page below the root, as the server lists it. */
function address() {
  const path = decodeURIComponent(location.pathname).slice(1);
  return path === "" || path.endsWith("/") ? `${path}index.html` : path;
}

/** Whether a change to these addresses can be seen on this page. */
function concerns(changed) {
  return changed.some((file) => file === address() || /\.(css|js|mjs|svg|png|jpg|json)$/.test(file));
}

/** Reload, and come back to the same place: scroll position on a page, state of a deck. */
function reload() {
  if (isFrame) return location.reload(); // its window puts it where it was
  const reveal = /** @type {any} */ (window).Reveal;
  const place = { path: location.pathname, scroll: [scrollX, scrollY], deck: reveal?.getState?.() };
  sessionStorage.setItem(PLACE, JSON.stringify(place));
  location.reload();
}

/** After a reload of ours: go back to where the reader was. */
function comeBack() {
  const stored = sessionStorage.getItem(PLACE);
  if (!stored) return;
  sessionStorage.removeItem(PLACE);
  const place = JSON.parse(stored);
  if (place.path !== location.pathname) return;
  const reveal = /** @type {any} */ (window).Reveal;
  if (place.deck && reveal) {
    const restore = () => reveal.setState(place.deck);
    reveal.isReady?.() ? restore() : reveal.on("ready", restore);
  } else {
    scrollTo({ left: place.scroll[0], top: place.scroll[1], behavior: "instant" });
  }
}

/**
 * Show what is wrong, or take the panel away.
 * @param {Problem[]} problems
 */
function show(problems) {
  document.querySelector(".cb-panel")?.remove();
  if (problems.length === 0) return;
  const panel = document.createElement("section");
  panel.className = "cb-panel";
  panel.setAttribute("role", "alert");
  panel.setAttribute("aria-label", "Problems in the source");
  const head = document.createElement("h2");
  head.textContent =
    problems.length === 1 ? "1 problem; this is the last good build" : `${problems.length} problems; this is the last good build`;
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Hide";
  close.addEventListener("click", () => panel.remove());
  const list = document.createElement("ol");
  for (const problem of problems) {
    const item = document.createElement("li");
    const place = document.createElement("code");
    place.textContent = problem.line ? `${problem.path}:${problem.line}` : problem.path;
    const message = document.createElement("p");
    message.textContent = problem.message;
    item.append(place, message);
    if (problem.hint) {
      const hint = document.createElement("p");
      hint.className = "cb-panel-hint";
      hint.textContent = problem.hint;
      item.append(hint);
    }
    list.append(item);
  }
  panel.append(head, close, list);
  document.body.append(panel);
}

/**
 * Do what news of a build asks for.
 * @param {News} news
 */
function hear(news) {
  // A build that was missed may have changed anything.
  const missed = news.session !== session || news.build > build + 1;
  if (missed || (news.build > build && (waiting || concerns(news.changed)))) return reload();
  build = news.build;
  document.documentElement.dataset.cbBuild = `${news.session}-${news.build}`;
  if (!news.building) show(news.problems);
}

/** The build that this page is of: its session, and its number there. */
const [session, number] = document.querySelector("[data-cb-served]").dataset.cbServed.split("-");
let build = Number(number);
const waiting = document.body.classList.contains("cb-serve-page");
if (isFrame) {
  // Browsers open six lines to one server, and the speaker's window has two decks in it.
  addEventListener("cb-news", ({ detail }) => hear(detail));
} else {
  comeBack();
  const source = new EventSource("/_coursebook/events");
  source.addEventListener("message", (event) => {
    const news = JSON.parse(event.data);
    for (const { contentWindow } of document.querySelectorAll("iframe[data-cb-part-of]")) {
      contentWindow.dispatchEvent(new CustomEvent("cb-news", { detail: news }));
    }
    hear(news);
  });
}
