// Tells apart what an interpreter's console carries: text of cells, and the marks between it.

/** Bytes of the longest mark: it names two folders. */
const LONGEST = 16384;

const decoder = new TextDecoder();
const NOTHING = new Uint8Array(0);

export class MarkReader {
  /** @param {string} mark the word between NUL and colon */
  constructor(mark) {
    this.begin = new TextEncoder().encode(`\0${mark}:`);
    this.kept = NOTHING;
  }

  /**
   * Take what came, of which the last bytes may wait for the next.
   * @param {Uint8Array} bytes
   * @param {(text: Uint8Array) => void} onText
   * @param {(mark: string) => void} onMark told what stands between `NUL WORD :` and NUL
   */
  read(bytes, onText, onMark) {
    let all = bytes;
    if (this.kept.length) {
      all = new Uint8Array(this.kept.length + bytes.length);
      all.set(this.kept);
      all.set(bytes, this.kept.length);
      this.kept = NOTHING;
    }
    let from = 0;
    for (let at = all.indexOf(0); at >= 0; at = all.indexOf(0, at)) {
      const match = this.match(all, at);
      if (match === 0) {
        at += 1;
        continue;
      }
      const end = match < this.begin.length ? -1 : all.indexOf(0, at + match);
      if (end < 0) {
        if (all.length - at > LONGEST) {
          at += 1;
          continue;
        }
        if (at > from) onText(all.subarray(from, at));
        this.kept = all.slice(at);
        return;
      }
      if (at > from) onText(all.subarray(from, at));
      onMark(decoder.decode(all.subarray(at + match, end)));
      from = at = end + 1;
    }
    if (from < all.length) onText(all.subarray(from));
  }

  /**
   * How many bytes from here on are a mark's beginning; 0 if this is none.
   * @param {Uint8Array} all
   * @param {number} at
   */
  match(all, at) {
    const length = Math.min(this.begin.length, all.length - at);
    for (let index = 0; index < length; index++) {
      if (all[at + index] !== this.begin[index]) return 0;
    }
    return length;
  }
}
