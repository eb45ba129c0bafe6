import { equalBytes, reserve, tableHash } from './memory';

/** Numbers different byte strings 0, 1, 2, … in order of first appearance. */
export class Interner {
  /** How many different ones there are. */
  count: u32 = 0;
  /** Where they stand, one behind the other. */
  readonly bytes: usize;
  /** Where each ends there, as an offset. */
  readonly ends: usize;
  private readonly slots: usize;
  private readonly mask: u32;
  private readonly capacity: u32;
  private readonly fullBytes: usize;

  /** For at most `capacity` (a power of two) strings; is full when they have `fullBytes`, one more of `longest` bytes still fits. */
  constructor(capacity: u32, fullBytes: usize, longest: usize) {
    this.capacity = capacity;
    this.mask = capacity * 2 - 1;
    this.fullBytes = fullBytes;
    this.slots = reserve(<usize>capacity * 2 * 4);
    this.ends = reserve(<usize>(capacity + 1) * 4) + 4;
    this.bytes = reserve(fullBytes + longest);
  }

  /** Whether one more string may be too much; of those that come together one more than that fits. */
  get isFull(): bool {
    return this.count >= this.capacity || this.end > this.fullBytes;
  }

  private get end(): usize {
    return load<u32>(this.ends + ((<usize>this.count) << 2) - 4);
  }

  /** The number of the `length` bytes at `from`. */
  intern(from: usize, length: usize): u32 {
    let slot = tableHash(from, length) & this.mask;
    while (true) {
      // Number + 1 of the string in the slot, 0 for a free one.
      const number = load<u32>(this.slots + ((<usize>slot) << 2));
      if (number == 0) return this.add(from, length, slot);
      if (this.holds(number - 1, from, length)) return number - 1;
      slot = (slot + 1) & this.mask;
    }
  }

  private holds(number: u32, from: usize, length: usize): bool {
    const end = this.ends + ((<usize>number) << 2);
    const start: usize = load<u32>(end - 4);
    return <usize>load<u32>(end) == start + length && equalBytes(this.bytes + start, from, length);
  }

  private add(from: usize, length: usize, slot: u32): u32 {
    const start = this.end;
    memory.copy(this.bytes + start, from, length);
    store<u32>(this.ends + ((<usize>this.count) << 2), <u32>(start + length));
    this.count++;
    store<u32>(this.slots + ((<usize>slot) << 2), this.count);
    return this.count - 1;
  }

  /** Forgets all but the first `count`. */
  cutTo(count: u32): void {
    while (this.count > count) {
      const end = this.end;
      this.count--;
      const start = this.end;
      let slot = tableHash(this.bytes + start, end - start) & this.mask;
      // Nothing that came before is found behind it.
      while (load<u32>(this.slots + ((<usize>slot) << 2)) != this.count + 1) {
        slot = (slot + 1) & this.mask;
      }
      store<u32>(this.slots + ((<usize>slot) << 2), 0);
    }
  }

  clear(): void {
    this.count = 0;
    memory.fill(this.slots, 0, (<usize>this.mask + 1) << 2);
  }
}
