import { odd } from './host';
import { QUOTE, skipSpace } from './json';
import { integer, readInteger } from './json-number';

/** What the last number of microseconds was, in nanoseconds. */
export let micros: u64 = 0;

const MAX_INT64: u64 = 0x7fff_ffff_ffff_ffff;

/** Reads a whole number of microseconds, of which the nanoseconds are within int64. */
export function readMicros(from: usize): usize {
  const first = skipSpace(from);
  if (load<u8>(first) == QUOTE) odd();
  const p = readInteger(first);
  if (integer > MAX_INT64 / 1000) odd();
  micros = integer * 1000;
  return p;
}
