// The choice between the engines: the reader's, or the first that works here.

/** The folder that holds the whole site; this module lies in `live/<fingerprint>/engines/`. */
const SITE = new URL("../../../", import.meta.url);

/** Where the reader's choice is kept. */
const CHOICE = "cb-engine";

const MODULES = {
  // In the order of preference: who runs `course.py serve` wants his own computer's speed.
  local: () => import("./local/engine.js"),
  machine: () => import("./machine/engine.js"),
};

/** @typedef {import("./engine.js").Engine} Engine */
/** @typedef {{name: "machine" | "local", can: boolean, why: string}} Offer */
/**
 * @typedef {object} Choice
 * @property {Engine | null} engine null: no engine works here
 * @property {string} why one sentence: why it is this one, or why there is none
 * @property {Offer[]} offers every engine, with what speaks for or against it
 */

/** @type {Map<string, Promise<Engine>>} */
const made = new Map();

/**
 * Choose the engine: the reader's choice if it works here, else the first that does. The same
 * engine comes back each time.
 * @param {"machine" | "local"} [wanted] a new choice of the reader's, to be kept
 * @returns {Promise<Choice>}
 */
export async function choose(wanted) {
  if (wanted) remember(wanted);
  const offers = await Promise.all(Object.keys(MODULES).map(offer));
  const working = offers.filter(({ can }) => can);
  const chosen = working.find(({ name }) => name === remembered()) ?? working[0];
  if (!chosen) return { engine: null, why: offers.map(({ why }) => why).join(" "), offers };
  if (!made.has(chosen.name)) {
    made.set(chosen.name, MODULES[chosen.name]().then(({ create }) => create(SITE)));
  }
  return { engine: await made.get(chosen.name), why: chosen.why, offers };
}

/**
 * @param {string} name
 * @returns {Promise<Offer>}
 */
async function offer(name) {
  try {
    const { available } = await MODULES[name]();
    return { name, ...(await available(SITE)) };
  } catch {
    return { name, can: false, why: "A part of this page could not be loaded; reload it." };
  }
}

/** @type {string | null} the choice, where nothing can be kept */
let choice = null;

function remembered() {
  try {
    return localStorage.getItem(CHOICE) ?? choice;
  } catch {
    return choice;
  }
}

/** @param {string} name */
function remember(name) {
  choice = name;
  try {
    localStorage.setItem(CHOICE, name);
  } catch {
    // A private window, or a full disk: the choice holds for this page alone.
  }
}
