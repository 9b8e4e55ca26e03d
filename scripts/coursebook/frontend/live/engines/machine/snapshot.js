// Snapshots in v86's form, taken apart: the guest's memory goes straight into the emulator's,
// without a copy in between, and the rest is handed to v86 as a snapshot without memory.
//
// The form: four words (magic, version, length, length of the JSON), the JSON
// `{buffer_infos: [{offset, length}], state: [...]}`, then the buffers, each on a multiple of four.
// Source: `src/state.js` of v86 0.5.462, and `get_state` in its `src/cpu.js` for the two places.

const HEADER = 16;
const MAGIC = 0x86768676 | 0;
const VERSION = 6;
const MEMORY = 77;
const BITMAP = 78;

/** Bytes unpacked at a time. */
const PIECE = 1 << 20;

const aligned = (length) => (length + 3) & ~3;

/**
 * Unpack a snapshot: fill the guest's memory.
 * @param {import("./zstd.js").Zstd} zstd
 * @param {import("./memory.js").Memory} memory
 * @returns {ArrayBuffer} what is left: the state of the devices, as a snapshot for v86
 */
export function unpack(zstd, memory) {
  const header = zstd.read(HEADER, (bytes) => new Int32Array(bytes.slice().buffer));
  if (header[0] !== MAGIC || header[1] !== VERSION) throw new Error("not a snapshot of this v86");
  const { state, buffer_infos: places } = zstd.read(header[3], (bytes) =>
    JSON.parse(new TextDecoder().decode(bytes)),
  );
  const memoryNumber = state[MEMORY].buffer_id;
  const bitmapNumber = state[BITMAP].buffer_id;
  if (state[0] !== memory.pages * 4096) throw new Error("a snapshot of another size of memory");

  const kept = [];
  let bitmap;
  let at = HEADER + header[3];
  for (const [number, { length }] of places.entries()) {
    const gap = aligned(at) - at;
    if (gap) zstd.read(gap, () => {});
    if (number === memoryNumber) {
      fill(zstd, memory, length);
      kept.push(new Uint8Array(0));
    } else {
      const bytes = length ? zstd.read(length, (read) => read.slice()) : new Uint8Array(0);
      if (number === bitmapNumber) bitmap = bytes;
      kept.push(number === bitmapNumber ? new Uint8Array(0) : bytes);
    }
    at += gap + length;
  }
  memory.spread(bitmap, places[memoryNumber].length / 4096);
  return pack(state, kept);
}

/**
 * @param {import("./zstd.js").Zstd} zstd
 * @param {import("./memory.js").Memory} memory
 * @param {number} length
 */
function fill(zstd, memory, length) {
  const { bytes } = memory;
  for (let at = 0; at < length; at += PIECE) {
    zstd.read(Math.min(PIECE, length - at), (piece) => bytes.set(piece, at));
  }
}

/**
 * Write a snapshot in v86's form.
 * @param {any[]} state
 * @param {Uint8Array[]} buffers
 * @returns {ArrayBuffer}
 */
function pack(state, buffers) {
  let end = 0;
  const places = buffers.map(({ length }) => {
    const offset = end;
    end = aligned(end + length);
    return { offset, length };
  });
  const text = new TextEncoder().encode(JSON.stringify({ buffer_infos: places, state }));
  const begin = aligned(HEADER + text.length);
  const packed = new Uint8Array(begin + end);
  new Int32Array(packed.buffer, 0, 4).set([MAGIC, VERSION, packed.length, text.length]);
  packed.set(text, HEADER);
  for (const [number, { offset }] of places.entries()) packed.set(buffers[number], begin + offset);
  return packed.buffer;
}
