// The files of the machine: fetched once, checked against the manifest, fetched again if damaged.
import { TroubleError } from "../engine.js";

/**
 * @typedef {{file: string, bytes: number, sha256: string}} Part
 * @typedef {{memory: number, mark: string, python: string, tree: string, frame: number,
 *            parts: {libv86: Part, wasm: Part, state: Part, index: Part, packs: Part[]}}} Manifest
 *  memory in megabytes; frame in bytes; mark: the word of the marks on the consoles; tree: SHA-256 of the file tree
 */

/**
 * Ask which machine this build has.
 * @param {URL} site
 * @returns {Promise<string | null>} its hash; null if there is none
 */
export async function currentMachine(site) {
  let response;
  try {
    response = await fetch(new URL("machine/current.json", site), { cache: "no-cache" });
  } catch {
    throw new TroubleError("The server does not answer; look at your connection.", "reload");
  }
  if (!response.ok) return null;
  try {
    const { machine } = await response.json();
    return /^[0-9a-f]{16}$/.test(machine) ? machine : null;
  } catch {
    return null; // a host that answers every address with a page of its own
  }
}

/**
 * Load the list of a machine's files.
 * @param {URL} folder
 * @returns {Promise<Manifest>}
 */
export async function loadManifest(folder) {
  const address = new URL("manifest.json", folder);
  for (const cache of ["default", "reload"]) {
    try {
      const response = await fetch(address, { cache });
      const manifest = await response.json();
      if (response.ok && manifest.parts.state.sha256) return manifest;
    } catch {
      // Cut off, or no JSON at all: once more, past the cache.
    }
  }
  throw new TroubleError("The list of the machine's files is missing on the server or damaged.", "reload");
}

/**
 * Load one file whole. Its folder is named by a hash, so what the cache holds is never too old.
 * @param {URL} folder
 * @param {Part} part
 * @param {(bytes: number) => void} [onBytes] told how many more have come; fewer after a new start
 * @returns {Promise<Uint8Array>}
 */
export async function loadPart(folder, part, onBytes = () => {}) {
  let fault = "";
  for (const cache of ["force-cache", "reload"]) {
    const into = new Uint8Array(part.bytes);
    let came = 0;
    try {
      fault = await fetchInto(new URL(part.file, folder), cache, into, (bytes) => {
        came += bytes;
        onBytes(bytes);
      });
    } catch {
      fault = came ? "arrived cut off" : "could not be loaded";
    }
    fault ||= (await hasDigest(into, part.sha256)) ? "" : "belongs to another build";
    if (!fault) return into;
    onBytes(-came);
  }
  throw new TroubleError(`A part of the machine ${fault} (${part.file}).`, "reload");
}

/**
 * Unpack what was packed by gzip.
 * @param {Uint8Array} packed
 */
export async function unpacked(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/**
 * @param {URL} address
 * @param {RequestCache} cache
 * @param {Uint8Array} into
 * @param {(bytes: number) => void} onBytes
 * @returns {Promise<string>} what is wrong; empty if nothing is
 */
async function fetchInto(address, cache, into, onBytes) {
  const response = await fetch(address, { cache });
  if (!response.ok) return "is missing on the server";
  const reader = response.body.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return at === into.length ? "" : "arrived cut off";
    if (at + value.length > into.length) {
      await reader.cancel();
      return "belongs to another build";
    }
    into.set(value, at);
    at += value.length;
    onBytes(value.length);
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {string} sha256
 */
async function hasDigest(bytes, sha256) {
  // Browsers keep it back from pages that come by plain http: there the length must do.
  if (!globalThis.crypto?.subtle) return true;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return sha256 === Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
