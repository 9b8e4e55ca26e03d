/** The switch between light and dark; scheme.js applies the choice on the next page. */

const KEY = "cb-scheme";

/** @param {Document} page */
export function addSchemeButton(page) {
  const button = page.querySelector(".cb-scheme");
  if (!(button instanceof HTMLButtonElement)) return;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const root = page.documentElement;

  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);
  const show = () => button.setAttribute("aria-pressed", String(isDark()));

  button.hidden = false;
  button.addEventListener("click", () => {
    const wanted = isDark() ? "light" : "dark";
    root.dataset.theme = wanted;
    remember(wanted);
    show();
  });
  system.addEventListener("change", show);
  show();
}

/** @param {string} scheme */
function remember(scheme) {
  try {
    localStorage.setItem(KEY, scheme);
  } catch {
    // Storage may be forbidden; the choice then lasts for this page.
  }
}
