/** Keeps the book for the next visit and for being offline, from the first start of the machine on. */

/** @type {Promise<string[]> | null} */
let keeping = null;

/**
 * Let a service worker keep what was loaded so far, and all that will be. Once in a page; costs
 * nothing where the browser has no service worker: an address without https, a private window.
 * @param {URL} site the root of the site
 * @returns {Promise<string[]>} what could not be kept
 */
export function keepForOffline(site) {
  keeping ??= keep(site);
  keeping.catch(() => { keeping = null; });
  return keeping;
}

async function keep(site) {
  if (!navigator.serviceWorker) return [];
  const registration = await navigator.serviceWorker.register(new URL("service-worker.js", site), {
    scope: site.pathname,
    updateViaCache: "none",
  });
  const worker = await active(registration);
  const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
  const page = location.origin + location.pathname;
  const current = new URL("machine/current.json", site).href;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data.missing);
  });
  worker.postMessage({ keep: [...new Set([page, current, ...loaded])] }, [port2]);
  return answer;
}

/** @param {ServiceWorkerRegistration} registration */
function active(registration) {
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  if (worker.state === "activated") return Promise.resolve(worker);
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(worker);
      else if (worker.state === "redundant") reject(new Error("the service worker was not kept"));
    });
  });
}
