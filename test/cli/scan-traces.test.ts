import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { scanStoredTraces } from '../../src/cli/scan-traces.ts';
import type { Trace } from '../../src/model/trace.ts';
import { readTrace } from '../../src/store/read-spans.ts';
import { anySpan } from '../helpers/any-span.ts';
import { messySpans } from '../helpers/messy-spans.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { traceIdOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

/** A trace as it is shown, without cycles. */
function plainTrace({ traceId, startUnixNano, durationNs, nodes, roots, warnings }: Trace) {
  const shown = nodes.map(({ span, parent, children, ...node }) => ({
    ...node,
    span: plainSpan(span),
    parent: parent?.index ?? null,
    children: children.map(({ index }) => index),
  }));
  const rootIndexes = roots.map(({ index }) => index);
  return { traceId, startUnixNano, durationNs, nodes: shown, roots: rootIndexes, warnings };
}

test.each(['all', 'numbers'] as const)('nodes are those of the whole spans, of %s', (wanted) => {
  const some = fc.array(
    fc.oneof(
      messySpans,
      anySpan.map((span) => [span]),
    ),
    { minLength: 1, maxLength: 5 },
  );
  let lazy = 0;
  fc.assert(
    fc.property(some, fc.boolean(), (all, hasLinks) => {
      const store = storeWith(
        all.flatMap((spans, i) =>
          spans.map((span) => ({
            ...span,
            traceId: traceIdOf((i + 1).toString(16)),
            links: hasLinks ? span.links : [],
          })),
        ),
      );
      try {
        for (const { trace, stored } of scanStoredTraces(store, {}, wanted)) {
          const built = buildTrace(readTrace(store, trace.traceId));
          expect(plainTrace(trace)).toEqual(plainTrace(built));
          lazy += Number(stored === null);
        }
      } finally {
        store.close();
      }
    }),
    { numRuns: 100 },
  );
  expect(lazy).toBeGreaterThan(20);
});
