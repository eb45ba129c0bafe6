import type { Span } from '../../src/model/span.ts';
import { spanOf } from '../helpers/span-of.ts';

/** Spans number `first` to `first + count − 1` of an endless dump of traces with ten spans each, which overlap in the dump. */
export function numberedSpans(first: number, count: number): Span[] {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    const block = Math.floor(n / 100);
    const depth = Math.floor((n % 100) / 10);
    return spanOf({
      traceId: (block * 10 + (n % 10) + 1).toString(16),
      spanId: (depth + 1).toString(16),
      parentSpanId: depth === 0 ? null : '1',
      service: `svc ${depth % 3}`,
      statusCode: n % 7 === 0 ? 'error' : 'unset',
      attributes: { n: BigInt(n), text: 'x'.repeat(200) },
    });
  });
}
