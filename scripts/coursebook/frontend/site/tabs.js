/**
 * Tabs with the same `:sync:` key turn together, and the choice is remembered for the next page.
 * Who has not chosen a system begins with the one that he reads on.
 * sphinx-design draws them as radio buttons: they turn without a script, by keyboard too.
 */

const KEY = "cb-tabs";

/** The group of tabs, one for each system; `systems.py` names it and what stands in it. */
const SYSTEMS = "system";

/** @param {Document} page */
export function syncTabs(page) {
  const labels = [...page.querySelectorAll(".sd-tab-label[data-sync-id]")];
  if (!labels.length) return;
  const chosen = { [SYSTEMS]: systemOf(navigator), ...read() };
  for (const label of labels) {
    const input = inputOf(label);
    if (chosen[groupOf(label)] === label.dataset.syncId) input.checked = true;
    input.addEventListener("change", () => {
      if (!input.checked) return;
      const group = groupOf(label);
      // What stands under the reader's pointer must not move when tabs above it change height.
      const before = label.getBoundingClientRect().top;
      for (const other of labels) {
        if (groupOf(other) === group && other.dataset.syncId === label.dataset.syncId) {
          inputOf(other).checked = true;
        }
      }
      window.scrollBy({ top: label.getBoundingClientRect().top - before, behavior: "instant" });
      write({ ...read(), [group]: label.dataset.syncId });
    });
  }
}

/**
 * Name the tab of the system that somebody reads on; a phone has none of them.
 * @param {Navigator} reader
 * @returns {string | undefined}
 */
function systemOf(reader) {
  const platform = reader.userAgentData?.platform || reader.platform || "";
  if (/^Win/.test(platform)) return "powershell";
  if (/^mac/i.test(platform)) return "zsh";
  return undefined;
}

/** @param {HTMLElement} label */
function groupOf(label) {
  return label.dataset.syncGroup || "tab";
}

/** @param {HTMLElement} label */
function inputOf(label) {
  return label.previousElementSibling;
}

/** @returns {Record<string, string>} */
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

/** @param {Record<string, string>} chosen */
function write(chosen) {
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // Storage may be forbidden; the tabs of this page have turned all the same.
  }
}
