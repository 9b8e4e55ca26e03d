// Loaded before the page is drawn, and therefore a classic script: a module would come too late,
// and a reader of the dark scheme would see a white flash on every page.
try {
  const chosen = localStorage.getItem("cb-scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // Storage may be forbidden; the system's scheme then decides.
}
