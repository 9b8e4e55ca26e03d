// Unpacks zstd by the decoder in the emulator's own WebAssembly. It runs in an instance of its own,
// whose memory goes when it is done; the emulator's would stay as large as it ever was.

export class Zstd {
  /**
   * @param {WebAssembly.Module} module
   * @param {Uint8Array} packed
   */
  constructor(module, packed) {
    const env = {};
    for (const { name, kind } of WebAssembly.Module.imports(module)) {
      env[name] = kind === "table" ? new WebAssembly.Table({ element: "anyfunc", initial: 1924 }) : refuse;
    }
    this.wasm = new WebAssembly.Instance(module, { env }).exports;
    this.context = this.wasm.zstd_create_ctx(packed.length);
    const source = this.wasm.zstd_get_src_ptr(this.context) >>> 0;
    new Uint8Array(this.wasm.memory.buffer, source, packed.length).set(packed);
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
    this.wasm = null;
  }
}

function refuse() {
  throw new Error("the decoder asked for a computer");
}
