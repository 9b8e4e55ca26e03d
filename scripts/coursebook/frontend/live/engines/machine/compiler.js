// v86 makes WebAssembly of code that the guest runs often, a page of it at a time. Here is what we set
// and enlarge of that: it decides how fast everything is that is not done once.

/**
 * How many pages of code become one function. With 3, as v86 has it, functions are so large that
 * browsers spend most of the time on compiling them: with 1, venv took 6 seconds of CPU in place of
 * 12, and a long loop half the time, too. Where the machine is made and tried out, it has this as well.
 */
export const PAGES_TOGETHER = { setting: 1, value: 1 };

/** How many functions v86 has places for. When none is free, it forgets all of them at once. */
const PLACES = 899;

/**
 * How many it gets. The second environment of a visit came upon the end of its places: it took 37
 * seconds in place of 20, and so did the next pip.
 */
const ENLARGED = 2400;

/** Bytes in which v86 keeps what it knows; the guest's memory comes later. */
const OWN = 16 << 20;

/**
 * @param {object} cpu v86's
 * @param {object} wasm what the emulator's WebAssembly exports
 */
export function tuneCompiler(cpu, wasm) {
  wasm.set_jit_config(PAGES_TOGETHER.setting, PAGES_TOGETHER.value);
  const list = freePlaces(wasm);
  if (list === null) return;
  const address = wasm.v86_malloc(2 * ENLARGED) >>> 0;
  const numbers = Uint16Array.from({ length: ENLARGED }, (_, before) => before + 1);
  new Uint16Array(wasm.memory.buffer, address, ENLARGED).set(numbers);
  new Uint32Array(wasm.memory.buffer, list, 3).set([ENLARGED, address, ENLARGED]);
  cpu.wm.wasm_table.grow(ENLARGED - PLACES);
}

/**
 * Find v86's list of free places: capacity, address, length, and at the address the numbers from 1
 * on, of 16 bits. Where another v86 has none, everything stays as it is, and slower.
 * @param {object} wasm
 * @returns {number | null}
 */
function freePlaces({ memory: { buffer } }) {
  const own = Math.min(OWN, buffer.byteLength);
  const words = new Uint32Array(buffer, 0, own >> 2);
  for (let at = words.indexOf(PLACES); at >= 0; at = words.indexOf(PLACES, at + 1)) {
    const [, address, length] = words.subarray(at, at + 3);
    if (length !== PLACES || address % 2 || address > own - 2 * PLACES) continue;
    const numbers = new Uint16Array(buffer, address, PLACES);
    if (numbers.every((number, before) => number === before + 1)) return 4 * at;
  }
  return null;
}
