// What the terminal showed last, for a terminal that is opened later.

/** Bytes that are kept. */
const KEPT = 65536;

export class Screen {
  /** @param {(bytes: Uint8Array) => void} onBytes told what is printed while it is open */
  constructor(onBytes) {
    this.onBytes = onBytes;
    this.isOpen = false;
    /** @type {Uint8Array[]} */
    this.parts = [];
    this.size = 0;
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    this.parts.push(bytes);
    this.size += bytes.length;
    while (this.size - this.parts[0].length > KEPT) this.size -= this.parts.shift().length;
    if (this.isOpen) this.onBytes(bytes);
  }

  /** @returns {boolean} whether there was anything to show */
  open() {
    this.isOpen = true;
    for (const bytes of this.parts) this.onBytes(bytes);
    return this.parts.length > 0;
  }

  close() {
    this.isOpen = false;
  }

  /** @returns {string} all that is kept, one character for each byte */
  text() {
    return this.parts.map((bytes) => String.fromCharCode(...bytes)).join("");
  }

  /** @param {string} text what `text()` returned */
  recall(text) {
    if (text) this.write(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }
}
