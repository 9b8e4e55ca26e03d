// Keeps what a reader has used for his next visit, and for being offline: the machine, the live
// files, and the pages he saw with their styles. Registered by offline.js when the machine has
// started for the first time; who only reads never meets it.
//
// It stands at the root of the site. What has a hash in its address is taken from the cache if it is
// there: it can never be too old. All else comes from the network as long as that answers.

const SITE = new URL("./", self.location.href);

/** Caches of other sites of this origin have other names. */
const OURS = `cb ${SITE.pathname} `;
const PAGES = `${OURS}pages`;

/** `machine/0123456789abcdef/` or `live/0123456789ab/` */
const HASHED = /^(machine\/[0-9a-f]{16}|live\/[0-9a-f]{12})\//;

/** Of the server of `course.py serve`: news and rooms, which must never be answered from a cache. */
const SERVER = "_coursebook/";

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || !isOurs(address) || request.headers.has("range")) return;
  if (address.searchParams.has("token")) return; // opens the local engine: nobody else's affair
  const folder = hashedFolder(address);
  event.respondWith(folder ? fromCache(event, address, folder) : fromNetwork(event, address));
});

self.addEventListener("message", (event) => {
  const { keep } = event.data ?? {};
  if (!Array.isArray(keep)) return;
  const kept = keepAll(keep).then(
    (missing) => event.ports[0]?.postMessage({ missing }),
    () => event.ports[0]?.postMessage({ missing: keep }), // no room: the site works without
  );
  event.waitUntil(kept);
});

function isOurs(address) {
  return address.origin === SITE.origin && address.pathname.startsWith(SITE.pathname)
    && !below(address).startsWith(SERVER);
}

/** The address below the root of the site. */
const below = (address) => address.pathname.slice(SITE.pathname.length);

/** The folder whose name says what it holds; null for all that may change. */
const hashedFolder = (address) => HASHED.exec(below(address))?.[1] ?? null;

/** Under which address something is kept: a version in the query is no other file. */
const keyOf = (address) => SITE.origin + address.pathname;

async function fromCache(event, address, folder) {
  const { request } = event;
  const name = OURS + folder;
  const anew = request.cache === "reload" || request.cache === "no-store";
  const known = anew ? undefined : await caches.match(keyOf(address), { cacheName: name });
  if (known) return known;
  const answer = await fetch(request);
  if (isWhole(answer)) event.waitUntil(store(folder, address, answer.clone()).catch(() => {}));
  return answer;
}

async function fromNetwork(event, address) {
  try {
    const answer = await fetch(...asked(event.request));
    if (isWhole(answer)) event.waitUntil(put(PAGES, address, answer.clone()).catch(() => {}));
    return answer;
  } catch (error) {
    const known = await caches.match(keyOf(address), { cacheName: PAGES });
    if (known) return known;
    throw error;
  }
}

/**
 * A page is asked for anew each time: one that the browser still took to be good may name live files
 * that are gone from the server.
 * @param {Request} request
 * @returns {Parameters<typeof fetch>}
 */
function asked(request) {
  if (request.mode !== "navigate") return [request];
  return [request.url, { cache: "no-cache", credentials: "same-origin", redirect: "manual" }];
}

/** Whether an answer is the file itself: no part of it, no error, nothing from elsewhere. */
const isWhole = (answer) => answer.status === 200 && answer.type === "basic" && !answer.redirected;

/** Keep a file of a folder whose name says what it holds; the first one drops the other builds. */
async function store(folder, address, answer) {
  const name = OURS + folder;
  if (!(await caches.has(name))) await dropOthers(folder);
  const bytes = await expectedBytes(folder, address);
  await put(name, address, answer, bytes);
}

/**
 * @param {string} name of the cache
 * @param {URL} address
 * @param {Response} answer
 * @param {number | null} [bytes] how long it must be
 */
async function put(name, address, answer, bytes = null) {
  const body = await answer.blob(); // fails if it was cut off
  if (bytes !== null && body.size !== bytes) throw new Error(`${address}: ${body.size} bytes`);
  const cache = await caches.open(name);
  await cache.put(keyOf(address), new Response(body, { headers: answer.headers }));
}

/** Ask the machine's manifest how long a part is; null if it does not say. */
async function expectedBytes(folder, address) {
  if (!folder.startsWith("machine/") || address.pathname.endsWith("/manifest.json")) return null;
  const { packs, ...others } = await machineParts(new URL(`${folder}/`, SITE));
  const file = below(address).slice(folder.length + 1);
  return [...Object.values(others), ...packs].find((part) => part.file === file)?.bytes ?? null;
}

async function machineParts(folder) {
  const address = new URL("manifest.json", folder);
  const known = await caches.match(keyOf(address));
  const answer = known ?? (await fetch(address, { cache: "force-cache" }));
  return { packs: [], ...(await answer.json()).parts };
}

/** Another machine, or other live files, stand on the site now: drop the old ones. */
async function dropOthers(folder) {
  const [kind] = folder.split("/");
  for (const name of await caches.keys()) {
    if (name.startsWith(`${OURS}${kind}/`) && name !== OURS + folder) await caches.delete(name);
  }
  if (kind !== "live") return;
  // A page that asks for live files of another build could show itself, and then run nothing.
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const answer = await pages.match(request);
    if (!answer?.headers.get("content-type")?.startsWith("text/html")) continue;
    const text = await answer.text();
    if (/\blive\/[0-9a-f]{12}\//.test(text) && !text.includes(`${folder}/`)) await pages.delete(request);
  }
}

/**
 * Keep what the page has loaded before this worker stood, all live files, and the machine. The
 * network is not asked for what the browser's own cache still has.
 * @param {string[]} addresses
 * @returns {Promise<string[]>} what could not be had
 */
async function keepAll(addresses) {
  const missing = [];
  const want = async (address, cache = "force-cache") => {
    if (!(await keep(address, cache))) missing.push(address.href);
  };
  const wanted = addresses.map((address) => new URL(address)).filter(isOurs);
  for (const address of wanted) await want(address);
  const folders = new Set(wanted.map(hashedFolder).filter((folder) => folder?.startsWith("live/")));
  for (const folder of folders) {
    for (const name of await liveFiles(new URL(`${folder}/`, SITE))) {
      await want(new URL(`${folder}/${name}`, SITE));
    }
  }
  const current = await caches.match(keyOf(new URL("machine/current.json", SITE)));
  if (current) await keepMachine(new URL(`machine/${(await current.json()).machine}/`, SITE), want);
  return missing;
}

/** @returns {Promise<string[]>} what stands in the folder; a worker's modules are seen by no page */
async function liveFiles(folder) {
  const address = new URL("files.json", folder);
  if (!(await keep(address, "force-cache"))) return [];
  return (await caches.match(keyOf(address))).json();
}

async function keepMachine(folder, want) {
  await want(new URL("manifest.json", folder));
  const { packs, ...others } = await machineParts(folder);
  for (const { file } of Object.values(others)) await want(new URL(file, folder));
  // A pack that nobody has touched is not worth its bytes.
  for (const { file } of packs) await keep(new URL(file, folder), "only-if-cached");
}

/** @returns {Promise<boolean>} whether it is kept */
async function keep(address, cache) {
  const folder = hashedFolder(address);
  if (folder && (await caches.match(keyOf(address), { cacheName: OURS + folder }))) return true;
  try {
    // What has no hash in its address may be another one by now.
    const answer = await fetch(address, { cache: folder ? cache : "no-cache", mode: "same-origin" });
    if (!isWhole(answer)) return false;
    if (folder) await store(folder, address, answer);
    else await put(PAGES, address, answer);
    return true;
  } catch {
    return false;
  }
}
