// Which tab this is: what names its saves. A tab keeps its name over a reload and from page to page.
import { lockOf } from "./saves.js";

const KEY = "cb-tab";

/** Milliseconds that the page before this one may take to let go of the name. */
const HANDOVER = 1500;

/**
 * Take this tab's name. A duplicated tab comes with the name of its original, which holds it.
 * @returns {Promise<{name: string, release: () => void}>}
 */
export async function takeTab() {
  const own = stored();
  if (own) {
    const release = await hold(lockOf(own));
    if (release) return { name: own, release };
  }
  const name = Array.from(crypto.getRandomValues(new Uint32Array(3)), (word) => word.toString(36)).join("");
  try {
    sessionStorage.setItem(KEY, name);
  } catch {
    // Nothing can be kept here: the name holds for this page.
  }
  return { name, release: (await hold(lockOf(name))) ?? (() => {}) };
}

function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/**
 * Hold a lock for as long as this page lives.
 * @param {string} name
 * @returns {Promise<(() => void) | null>} lets go of it; null if another tab has it
 */
function hold(name) {
  // By plain http there are no locks, and no saves either.
  if (!navigator.locks) return Promise.resolve(() => {});
  return new Promise((resolve) => {
    const signal = AbortSignal.timeout(HANDOVER);
    navigator.locks
      .request(name, { signal }, () => new Promise((release) => resolve(() => release())))
      .catch(() => resolve(null));
  });
}
