import { expect, test } from 'vitest';
import { mainRoot, slowTraces } from '../../src/analysis/slow-traces.ts';
import type { Trace } from '../../src/model/trace.ts';
import { spanOf } from '../helpers/span-of.ts';
import { tracesOf } from '../helpers/traces-of.ts';

let ids = 1;

/** Traces of one span each, as long as given. */
function tracesLasting(name: string, durations: readonly number[]): Trace[] {
  return durations.flatMap((durationNs) =>
    tracesOf([spanOf({ traceId: (ids++).toString(16), name, durationNs })]),
  );
}

function slowOf(...groups: (readonly Trace[])[]): string[] {
  const accumulator = slowTraces();
  for (const trace of groups.flat()) accumulator.add(trace);
  const slow = accumulator.result().traces;
  return groups.flat().flatMap((trace) => {
    const root = mainRoot(trace);
    return root && slow.includes(trace.traceId)
      ? [`${root.span.name} ${root.span.durationNs}`]
      : [];
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test('slow is from the p95 of its own operation on', () => {
  const quick = tracesLasting('quick', upTo(40));
  const long = tracesLasting(
    'long',
    upTo(20).map((i) => i * 1000),
  );
  expect(slowOf(quick, long)).toEqual([
    'quick 38',
    'quick 39',
    'quick 40',
    'long 19000',
    'long 20000',
  ]);
});

test('nothing is slow where everything takes the same time, or where there are too few', () => {
  expect(
    slowOf(
      tracesLasting(
        'same',
        upTo(50).map(() => 7),
      ),
    ),
  ).toEqual([]);
  expect(slowOf(tracesLasting('rare', upTo(19)))).toEqual([]);
});

test('the main root is the first that has no lost parent, else the first orphan', () => {
  const orphan = spanOf({ spanId: '1', parentSpanId: 'f', name: 'orphan' });
  const root = spanOf({ spanId: '2', startUnixNano: 1_800_000_000_000_000_000n, name: 'root' });
  const rootOf = (...spans: (typeof root)[]) => mainRoot(tracesOf(spans)[0] as Trace)?.span.name;
  expect(rootOf(orphan, root)).toBe('root');
  expect(rootOf(orphan)).toBe('orphan');
});
