import type { Span } from '../../src/model/span.ts';
import { spanIdOf, spanOf } from './span-of.ts';

const START = 1_700_000_000_000_000_000n;

/** `[parent, start, end)` of the i-th of `count` spans, in microseconds; the first has no parent. */
type Shape = (i: number, count: number) => readonly [parent: number, start: number, end: number];

/** A pseudo-random number from 0 to 1 that is the same every time. */
function noise(i: number): number {
  return ((Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(i + 7, 0x85ebca6b)) >>> 0) / 2 ** 32;
}

/** Traces that break recursive and quadratic code. */
export const LARGE_SHAPES = {
  'one after the other below one parent': (i, count) =>
    i === 0 ? [-1, 0, count * 10] : [0, i * 10, i * 10 + 10],
  'all after their parent has ended': (i, count) =>
    i === 0 ? [-1, 0, count] : [0, count + i, count + i + 5],
  'all at once below one parent': (i, count) =>
    i === 0 ? [-1, 0, count * 10] : [0, i, count * 5 + i],
  'each inside the one before': (i, count) => [i - 1, i, 2 * count - i],
  'each started by one that has ended': (i, count) =>
    i === 0 ? [-1, 0, count * 10] : [i - 1, i * 10, i * 10 + 5],
  'at random': (i, count) => {
    const parent = i === 0 ? -1 : Math.floor(noise(i) * i);
    const start = Math.floor(noise(i + count) * count);
    return i === 0 ? [-1, 0, 2 * count] : [parent, start, start + Math.floor(noise(i * 3) * count)];
  },
} as const satisfies Record<string, Shape>;

/** `count` spans of one service in one of the large shapes. */
export function largeSpans(shape: keyof typeof LARGE_SHAPES, count: number): Span[] {
  return Array.from({ length: count }, (_, i) => {
    const [parent, start, end] = LARGE_SHAPES[shape](i, count);
    return spanOf({
      spanId: spanIdOf((i + 1).toString(16)),
      parentSpanId: parent < 0 ? null : spanIdOf((parent + 1).toString(16)),
      startUnixNano: START + BigInt(start) * 1000n,
      durationNs: (end - start) * 1000,
    });
  });
}
