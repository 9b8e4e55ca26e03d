// The guest's memory, page by page: filled from a snapshot, compared with it, and put back.

export const PAGE = 4096;

export class Memory {
  /**
   * @param {object} wasm what the emulator's WebAssembly exports
   * @param {number} place where the guest's memory begins in its memory
   * @param {number} size bytes
   */
  constructor(wasm, place, size) {
    this.wasm = wasm;
    this.place = place;
    this.pages = size / PAGE;
    // Two words for each page of the snapshot; a page of zeros has none.
    this.digests = new Int32Array(this.pages * 2);
    this.isZero = wasm.is_memory_zeroed;
  }

  /** The memory itself. Ask anew after the emulator ran: it moves when it grows. */
  get bytes() {
    return new Uint8Array(this.wasm.memory.buffer, this.place, this.pages * PAGE);
  }

  /**
   * Put every page in its place. A snapshot holds only pages that are not all zeros, one behind
   * the other, and so they lie at the bottom now; none has to move down.
   * @param {Uint8Array} bitmap a bit for each page: whether the snapshot holds it
   * @param {number} count how many it holds
   */
  spread(bitmap, count) {
    const { bytes } = this;
    let packed = count;
    for (let page = this.pages - 1; page >= 0; page--) {
      if ((bitmap[page >> 3] >> (page & 7)) & 1) {
        packed--;
        if (packed !== page) bytes.copyWithin(page * PAGE, packed * PAGE, (packed + 1) * PAGE);
      } else if (page < count || !this.isZero(page * PAGE, PAGE)) {
        bytes.fill(0, page * PAGE, (page + 1) * PAGE);
      }
    }
  }

  /** Note what every page is like now, to find later which ones changed. */
  remember() {
    const words = this.words;
    for (let page = 0; page < this.pages; page++) {
      const [first, second] = this.digest(words, page);
      this.digests[2 * page] = first;
      this.digests[2 * page + 1] = second;
    }
  }

  /** @returns {Uint32Array} the pages that differ from what was remembered */
  changed() {
    const words = this.words;
    const found = [];
    for (let page = 0; page < this.pages; page++) {
      const [first, second] = this.digest(words, page);
      if (this.digests[2 * page] !== first || this.digests[2 * page + 1] !== second) found.push(page);
    }
    return Uint32Array.from(found);
  }

  get words() {
    return new Int32Array(this.wasm.memory.buffer, this.place, (this.pages * PAGE) / 4);
  }

  /**
   * Two words that tell pages apart. Nobody builds pages to deceive it: it guards against chance.
   * @param {Int32Array} words
   * @param {number} page
   */
  digest(words, page) {
    if (this.isZero(page * PAGE, PAGE)) return NOTHING;
    const end = ((page + 1) * PAGE) / 4;
    let first = 0x2545f491;
    let second = 0x1b873593;
    for (let at = (page * PAGE) / 4; at < end; at += 2) {
      first = Math.imul(first ^ words[at], 0x5bd1e995) ^ (first >>> 13);
      second = Math.imul(second ^ words[at + 1], 0x27d4eb2f) ^ (second >>> 15);
    }
    // Each word must count in both.
    return [Math.imul(first ^ (second >>> 16), 0x85ebca6b), Math.imul(second ^ first, 0xc2b2ae35) | 1];
  }
}

const NOTHING = [0, 0];
