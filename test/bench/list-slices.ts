const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const OPENER = 1;
const CLOSER = 2;
const STRING = 3;
const COMMA = 4;

/** What a byte outside of strings means, 0 for nothing. */
const MEANING = new Uint8Array(256);
for (const c of '{[') MEANING[c.charCodeAt(0)] = OPENER;
for (const c of '}]') MEANING[c.charCodeAt(0)] = CLOSER;
MEANING[QUOTE] = STRING;
MEANING[','.charCodeAt(0)] = COMMA;

/** Cuts the elements of lists out of JSON that comes in chunks, as little as possible looked at. */
export class ListSlices {
  readonly #depth: number;
  readonly #sliceBytes: number;
  readonly #use: (text: string) => void;
  #window = Buffer.alloc(0);
  #pos = 0;
  #level = 0;
  /** Where the elements at hand begin in the window, −1 outside of the lists. */
  #start = -1;

  /** Of lists that are `depth` levels deep (1: at the top) `use` gets elements with commas between them, `sliceBytes` or what is left. */
  constructor(depth: number, sliceBytes: number, use: (text: string) => void) {
    this.#depth = depth;
    this.#sliceBytes = sliceBytes;
    this.#use = use;
  }

  push(chunk: Uint8Array): void {
    const kept = this.#start < 0 ? this.#pos : this.#start;
    this.#window = Buffer.concat([this.#window.subarray(kept), chunk]);
    this.#pos -= kept;
    if (this.#start >= 0) this.#start = 0;
    const { length } = this.#window;
    for (;;) {
      while (this.#pos < length && MEANING[this.#window[this.#pos] ?? 0] === 0) this.#pos += 1;
      if (this.#pos >= length || !this.#token(MEANING[this.#window[this.#pos] ?? 0] ?? 0)) return;
      this.#pos += 1;
    }
  }

  /** False when the token goes on in the next chunk. */
  #token(meaning: number): boolean {
    if (meaning === STRING) {
      const end = stringEnd(this.#window, this.#pos);
      if (end !== -1) this.#pos = end;
      return end !== -1;
    }
    if (meaning === OPENER) {
      this.#level += 1;
      if (this.#level === this.#depth) this.#start = this.#pos + 1;
    } else if (this.#level === this.#depth) {
      const isFull = this.#pos - this.#start >= this.#sliceBytes;
      if (meaning === CLOSER || isFull) this.#cut(meaning === COMMA);
    }
    if (meaning === CLOSER) this.#level -= 1;
    return true;
  }

  #cut(goesOn: boolean): void {
    const text = this.#window.toString('utf8', this.#start, this.#pos);
    if (text !== '') this.#use(text);
    this.#start = goesOn ? this.#pos + 1 : -1;
  }
}

/** Index of the quote that ends the string which begins at `from`; −1 when it has not come yet. */
function stringEnd(bytes: Buffer, from: number): number {
  for (let end = bytes.indexOf(QUOTE, from + 1); end !== -1; end = bytes.indexOf(QUOTE, end + 1)) {
    let backslashes = 0;
    while (bytes[end - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}
