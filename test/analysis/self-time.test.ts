import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { selfTimes } from '../../src/analysis/self-time.ts';
import type { Trace } from '../../src/model/trace.ts';
import { COLUMN_NS, drawnTrace } from '../helpers/drawn-trace.ts';
import { spanOf } from '../helpers/span-of.ts';

/** Self times in columns of the picture, by name. */
function selfOf(trace: Trace): Record<string, number> {
  const self = selfTimes(trace);
  return Object.fromEntries(
    trace.nodes.map(({ index, span }) => [span.name, (self[index] ?? Number.NaN) / COLUMN_NS]),
  );
}

test('overlapping children count once and are cut at the end of their parent', () => {
  const trace = drawnTrace(`
    R   [----------------------)
      a     [------)
      b        [-----)
      c                    [---------)
  `);
  expect(selfOf(trace)).toEqual({ R: 10, a: 7, b: 6, c: 10 });
});

test('a child inside another child takes nothing more', () => {
  const trace = drawnTrace(`
    R   [-----------)
      a   [-------)
      b     [-)
      c         [-)
  `);
  expect(selfOf(trace)).toMatchObject({ R: 4 });
});

test('children that touch leave no gap, and children outside take nothing', () => {
  const trace = drawnTrace(`
    R       [---------)
      early |
      a     [----)
      b          [----)
      late            [---)
  `);
  expect(selfOf(trace)).toMatchObject({ R: 0, early: 0, late: 4 });
});

test('a grandchild takes from the child alone', () => {
  const trace = drawnTrace(`
    R   [-----------)
      a   [-----)
        b  [-------------)
  `);
  expect(selfOf(trace)).toMatchObject({ R: 6, a: 1 });
});

test('a child that only follows from its parent takes nothing, as in the Jaeger UI', () => {
  const link = { 'opentracing.ref_type': 'follows_from' };
  const parent = spanOf({ spanId: '1', durationNs: 100 });
  const child = spanOf({
    spanId: '2',
    parentSpanId: '1',
    durationNs: 60,
    links: [
      {
        traceId: parent.traceId,
        spanId: parent.spanId,
        traceState: '',
        attributes: new Map(Object.entries(link)),
        flags: 0,
        droppedAttributes: 0,
      },
    ],
  });
  expect(selfTimes(buildTrace([parent, child]))).toEqual([100, 60]);
});

test('100,000 children and 100,000 generations', () => {
  const size = 100_000;
  const start = 1_700_000_000_000_000_000n;
  const wide = Array.from({ length: size }, (_, i) =>
    spanOf({
      spanId: (i + 1).toString(16),
      parentSpanId: i === 0 ? null : '1',
      startUnixNano: start + BigInt(2 * i),
      durationNs: i === 0 ? 2 * size : 1,
    }),
  );
  expect(selfTimes(buildTrace(wide))[0]).toBe(size + 1);
  const deep = Array.from({ length: size }, (_, i) =>
    spanOf({
      spanId: (i + 1).toString(16),
      parentSpanId: i === 0 ? null : i.toString(16),
      startUnixNano: start + BigInt(i),
      durationNs: size - i,
    }),
  );
  expect(new Set(selfTimes(buildTrace(deep)))).toEqual(new Set([1]));
});

test('self times inside the root add up to at least its duration and never exceed their own', () => {
  const spans = fc.array(fc.record({ parent: fc.nat(20), start: fc.nat(50), length: fc.nat(50) }), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(spans, (drawn) => {
      const trace = buildTrace(
        drawn.map(({ parent, start, length }, i) =>
          spanOf({
            spanId: (i + 1).toString(16),
            parentSpanId: i === 0 ? null : ((parent % i) + 1).toString(16),
            startUnixNano: BigInt(1000 + start),
            durationNs: length,
          }),
        ),
      );
      const self = selfTimes(trace);
      for (const { index, startNs, endNs } of trace.nodes) {
        expect(self[index]).toBeGreaterThanOrEqual(0);
        expect(self[index]).toBeLessThanOrEqual(endNs - startNs);
      }
      const root = trace.nodes[0];
      const total = self.reduce((sum, ns) => sum + ns, 0);
      expect(total).toBeGreaterThanOrEqual((root?.endNs ?? 0) - (root?.startNs ?? 0));
    }),
  );
});
