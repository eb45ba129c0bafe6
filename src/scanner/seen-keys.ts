import { odd } from './host';
import { equalBytes, reserve, tableHash } from './memory';

/** More keys in the lists of one span are odd. */
const MAX_KEYS: u32 = 2048;
const MASK: u32 = MAX_KEYS * 2 - 1;

/** Of each slot: the list that its key belongs to, and where the key stands. */
const SLOTS = reserve(<usize>(MASK + 1) * 8);

let list: u32 = 0;
/** The first list of the span at hand; slots of lists before it are free. */
let firstList: u32 = 0;
let keys: u32 = 0;

/** Lists of keys that may be nested in one another begin: those of a span. */
export function beginLists(): void {
  firstList = list + 1;
  keys = 0;
  if (firstList < 0x8000_0000) return;
  memory.fill(SLOTS, 0, (<usize>MASK + 1) << 3);
  list = 0;
  firstList = 1;
}

/** Begins a list of keys, of which none may occur twice; gives its number. */
export function beginList(): u32 {
  return ++list;
}

/** Notes the key of `length` bytes at `at`, quotes included, in a list. It is odd when the list has it. */
export function seeKey(at: usize, length: usize, ofList: u32): void {
  if (++keys > MAX_KEYS) odd();
  let slot = (tableHash(at, length) ^ ofList) & MASK;
  while (true) {
    const p = SLOTS + ((<usize>slot) << 3);
    const usedBy = load<u32>(p);
    if (usedBy < firstList) {
      store<u32>(p, ofList);
      store<u32>(p + 4, <u32>at);
      return;
    }
    // The quote at the end of a key does not occur in it unescaped, so of two keys none begins like the other.
    if (usedBy == ofList && equalBytes(load<u32>(p + 4), at, length)) odd();
    slot = (slot + 1) & MASK;
  }
}
