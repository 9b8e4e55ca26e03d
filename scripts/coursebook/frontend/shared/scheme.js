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

  function show(scheme) {
    if (scheme) root.dataset.theme = scheme;
    else delete root.dataset.theme;
  }

  /** Change to the other scheme and remember it. */
  function toggle() {
    const dark = chosen() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    const next = dark === "dark" ? "light" : "dark";
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // shown now, forgotten later
    }
    show(next);
  }

  show(chosen());
  // Another tab, such as the speaker's window, follows.
  addEventListener("storage", (event) => {
    if (event.key === KEY) show(chosen());
  });
  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-cb-scheme]")) toggle();
  });
  addEventListener("cb-scheme-toggle", toggle);
})();
