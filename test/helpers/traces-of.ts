import { buildTrace } from '../../src/analysis/build-trace.ts';
import type { Span } from '../../src/model/span.ts';
import type { Trace } from '../../src/model/trace.ts';

/** The traces that spans belong to, in the order of their first spans. */
export function tracesOf(spans: readonly Span[]): Trace[] {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.traceId);
    if (group === undefined) groups.set(span.traceId, [span]);
    else group.push(span);
  }
  return Array.from(groups.values(), buildTrace);
}
