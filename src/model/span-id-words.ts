import type { SpanId } from './ids.ts';

/** The two halves of a span id. */
export interface IdWords {
  readonly high: number;
  readonly low: number;
}

/** Eight hex digits of a span id from `from` (0 or 8) on as a number. A third of the cost of cutting them out and parsing them. */
export function spanIdWord(id: SpanId, from: number): number {
  let word = 0;
  for (let i = from; i < from + 8; i++) {
    const code = id.charCodeAt(i);
    // 0–9 are 0x30–0x39, a–f are 0x61–0x66.
    word = (word << 4) | (code > 0x39 ? code - 0x57 : code - 0x30);
  }
  return word >>> 0;
}

/** The span id that the words of `spanIdWord` came from. */
export function spanIdOfWords(high: number, low: number): SpanId {
  if ((high | low) === 0) throw new RangeError('no span has an id of zeros');
  return (hex(high) + hex(low)) as SpanId;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
