// Unpacks zstd by the decoder in the emulator's own WebAssembly. It runs in an instance of its own,
// whose memory goes when it is done; the emulator's would stay as large as it ever was.

export class Zstd {
  /** @param {WebAssembly.Module} module */
  constructor(module) {
    const env = {};
    for (const { name, kind } of WebAssembly.Module.imports(module)) {
      env[name] = kind === "table" ? new WebAssembly.Table({ element: "anyfunc", initial: 1924 }) : refuse;
    }
    this.wasm = new WebAssembly.Instance(module, { env }).exports;
  }

  /**
   * Begin with something packed; `close` ends with it.
   * @param {Uint8Array} packed
   */
  open(packed) {
    this.context = this.wasm.zstd_create_ctx(packed.length);
    const source = this.wasm.zstd_get_src_ptr(this.context) >>> 0;
    new Uint8Array(this.wasm.memory.buffer, source, packed.length).set(packed);
    return this;
  }

  /**
   * Unpack the next bytes, and put them somewhere before they go.
   * @template T
   * @param {number} length
   * @param {(bytes: Uint8Array) => T} use
   * @returns {T}
   */
  read(length, use) {
    const place = this.wasm.zstd_read(this.context, length) >>> 0;
    const result = use(new Uint8Array(this.wasm.memory.buffer, place, length));
    this.wasm.zstd_read_free(place, length);
    return result;
  }

  close() {
    this.wasm.zstd_free_ctx(this.context);
  }
}

function refuse() {
  throw new Error("the decoder asked for a computer");
}

/**
 * Unpack one frame of zstd whole.
 * @param {WebAssembly.Module} module
 * @param {Uint8Array} packed
 * @returns {ArrayBuffer}
 */
export function unpackAll(module, packed) {
  const size = contentSize(packed);
  if (size === 0) return new ArrayBuffer(0);
  const zstd = size < SMALL && small ? small : new Zstd(module);
  const content = zstd.open(packed).read(size, (bytes) => bytes.slice().buffer);
  zstd.close();
  small = size < SMALL ? zstd : null;
  return content;
}

/** Bytes up to which an instance is used again: it keeps what it once took. */
const SMALL = 1 << 20;

/** @type {Zstd | null} */
let small = null;

/**
 * Read how long the content of a frame is; all of ours say so.
 * Source: RFC 8878, 3.1.1.1, "Frame Header".
 * @param {Uint8Array} packed
 */
function contentSize(packed) {
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const descriptor = view.getUint8(4);
  const isSingle = (descriptor >> 5) & 1;
  const at = 5 + (isSingle ? 0 : 1) + [0, 1, 2, 4][descriptor & 3];
  switch (descriptor >> 6) {
    case 0:
      return view.getUint8(at);
    case 1:
      return view.getUint16(at, true) + 256;
    case 2:
      return view.getUint32(at, true);
    default:
      return Number(view.getBigUint64(at, true));
  }
}
