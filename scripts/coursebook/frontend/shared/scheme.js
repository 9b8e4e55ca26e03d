/* The reader's choice of light or dark, before the first paint: a classic script in <head>.
   Without a choice the system's own holds. Site and deck share the choice. */
(() => {
  const KEY = "cb-scheme";
  const root = document.documentElement;

  function chosen() {
    try {
      const value = localStorage.getItem(KEY);
      return value === "light" || value === "dark" ? value : null;
    } catch {
      return null; // storage may be forbidden; the system's scheme holds
    }
  }

  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

  /** Let the switches say how they stand; without scripts they stay out of sight. */
  function tell() {
    for (const button of document.querySelectorAll("[data-cb-scheme]")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(isDark()));
    }
  }

  function show(scheme) {
    if (scheme) root.dataset.theme = scheme;
    else delete root.dataset.theme;
    tell();
  }

  /** Change to the other scheme and remember it. */
  function toggle() {
    const next = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // shown now, forgotten later
    }
    show(next);
  }

  show(chosen());
  document.addEventListener("DOMContentLoaded", tell);
  system.addEventListener("change", tell);
  // Another tab, such as the speaker's window, follows.
  addEventListener("storage", (event) => {
    if (event.key === KEY) show(chosen());
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-cb-scheme]")) toggle();
  });
  addEventListener("cb-scheme-toggle", toggle);
})();
