import { odd } from './host';
import { COLON, expect, skipSpace } from './json';

/** A name in quotes in 32 bytes, a mask of the bytes that count, its length, its index in the list. */
const ENTRY_BYTES: usize = 44;
const MASK: usize = 32;
const LENGTH: usize = 36;
const INDEX: usize = 40;
const MAX_LENGTH = 31;

/** Index of the name that was read last, in the list it belongs to. */
export let name: u32 = 0;

/** Names of an object's fields, or of an enumeration's values, for telling them by their bytes. */
export class JsonNames {
  private entries: usize;
  private end: usize;
  /** By index: the entry that came after it the last time, and probably will again. */
  private following: usize;
  private last: u32 = 0;

  /** Of alternatives in one name, separated by spaces, any may stand in the dump. */
  constructor(names: string[]) {
    let count = 0;
    for (let i = 0; i < names.length; i++) count += names[i].split(' ').length;
    this.entries = heap.alloc(<usize>count * ENTRY_BYTES);
    this.end = this.entries;
    for (let i = 0; i < names.length; i++) {
      const spellings = names[i].split(' ');
      for (let j = 0; j < spellings.length; j++) this.add(`"${spellings[j]}"`, i);
    }
    this.following = heap.alloc(<usize>names.length * sizeof<usize>());
    for (let i = 0; i < names.length; i++) {
      store<usize>(this.following + ((<usize>i) << alignof<usize>()), this.entries);
    }
  }

  private add(quoted: string, index: u32): void {
    assert(quoted.length <= MAX_LENGTH);
    const entry = this.end;
    memory.fill(entry, 0, ENTRY_BYTES);
    for (let i = 0; i < quoted.length; i++) store<u8>(entry + i, <u8>quoted.charCodeAt(i));
    store<u32>(entry + MASK, (1 << quoted.length) - 1);
    store<u32>(entry + LENGTH, quoted.length);
    store<u32>(entry + INDEX, index);
    this.end += ENTRY_BYTES;
  }

  /** Reads the next name and its colon; `name` tells which. */
  field(from: usize): usize {
    const p = this.read(from);
    return load<u8>(p) == COLON ? p + 1 : expect(p, COLON);
  }

  /** Reads a string that is one of the names. */
  read(from: usize): usize {
    const p = skipSpace(from);
    let entry = load<usize>(this.following + ((<usize>this.last) << alignof<usize>()));
    if (!matches(p, entry)) entry = this.find(p);
    const index = load<u32>(entry + INDEX);
    this.last = index;
    name = index;
    return p + load<u32>(entry + LENGTH);
  }

  /** The address behind the string at `p` if it is one of the names, `name` tells which; 0 for any other value. */
  match(p: usize): usize {
    for (let entry = this.entries; entry < this.end; entry += ENTRY_BYTES) {
      if (matches(p, entry)) {
        name = load<u32>(entry + INDEX);
        return p + load<u32>(entry + LENGTH);
      }
    }
    return 0;
  }

  private find(p: usize): usize {
    for (let entry = this.entries; entry < this.end; entry += ENTRY_BYTES) {
      if (matches(p, entry)) {
        store<usize>(this.following + ((<usize>this.last) << alignof<usize>()), entry);
        return entry;
      }
    }
    odd();
    return 0;
  }
}

function matches(p: usize, entry: usize): bool {
  const first = i8x16.bitmask(i8x16.eq(v128.load(p), v128.load(entry)));
  const second = i8x16.bitmask(i8x16.eq(v128.load(p, 16), v128.load(entry, 16)));
  const mask = load<u32>(entry + MASK);
  return ((first | (second << 16)) & mask) == mask;
}
