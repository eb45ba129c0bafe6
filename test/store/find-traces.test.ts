import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { SPAN_KINDS, type Span, serviceName, TIME_FLAGS } from '../../src/model/span.ts';
import { nanos, unixNano } from '../../src/model/time.ts';
import {
  TRACE_SORTS,
  type TraceFilter,
  type TraceSort,
  type TraceSummary,
} from '../../src/model/trace-summary.ts';
import {
  countTraces,
  cursorAt,
  findTraces,
  newestStart,
  type TraceCursor,
} from '../../src/store/find-traces.ts';
import { openTemporaryStore, type Store } from '../../src/store/open-store.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';

const START = 1_700_000_000_000_000_000n;
const SERVICES = ['cart', 'Checkout', 'größe', '100%_real', 'db'];
const NAMES = ['GET /cart', 'POST /checkout', 'select_all', 'ÉTAT', ''];

/** Few different values, so that ties and matches are frequent. */
const anySmallSpan: fc.Arbitrary<Span> = fc
  .record({
    trace: fc.integer({ min: 1, max: 9 }),
    span: fc.integer({ min: 1, max: 5 }),
    parent: fc.integer({ min: 0, max: 5 }),
    service: fc.constantFrom(...SERVICES),
    name: fc.constantFrom(...NAMES),
    kind: fc.constantFrom(...SPAN_KINDS),
    start: fc.bigInt(0n, 3n),
    duration: fc.integer({ min: -1, max: 3 }),
    hasStart: fc.boolean(),
    isError: fc.boolean(),
  })
  .map((s) =>
    spanOf({
      traceId: s.trace % 2 === 0 ? `${s.trace}` : `${s.trace}${'ab'.repeat(15)}`,
      spanId: `${s.span}`,
      parentSpanId: s.parent === 0 ? null : `${s.parent}`,
      service: s.service,
      name: s.name,
      kind: s.kind,
      startUnixNano: s.hasStart ? START + s.start : 0n,
      endUnixNano: (s.hasStart ? START + s.start : 1n) + BigInt(s.duration),
      timeFlags: s.hasStart ? 0 : TIME_FLAGS.noStart,
      statusCode: s.isError ? 'error' : 'unset',
      origin: { ...spanOf().origin, traceIdRaw: s.trace === 3 ? 'Order-%7' : null },
    }),
  );

const anySpans = fc.uniqueArray(anySmallSpan, {
  minLength: 1,
  maxLength: 40,
  selector: (span) => `${span.traceId} ${span.spanId}`,
});

const anyFilter: fc.Arbitrary<TraceFilter> = fc.record(
  {
    words: fc.array(
      fc.constantFrom(
        'cart',
        'CHECK',
        'GRÖSSE',
        'größe',
        '%',
        '_',
        'état',
        '8',
        '9ab',
        'order-',
        'x',
        '',
      ),
      { maxLength: 2 },
    ),
    service: fc.constantFrom(...SERVICES, 'nobody'),
    withErrors: fc.boolean(),
    minDurationNs: fc.integer({ min: 0, max: 4 }).map(nanos),
    maxDurationNs: fc.integer({ min: 0, max: 4 }).map(nanos),
    since: fc.bigInt(START, START + 4n).map(unixNano),
    until: fc.bigInt(START, START + 4n).map(unixNano),
  },
  { requiredKeys: [] },
);

/** What `findTraces` should know, worked out from the spans in plain loops. */
function expectedSummaries(spans: readonly Span[]): TraceSummary[] {
  return [...new Set(spans.map((span) => span.traceId))].map((traceId) => {
    const own = spans.filter((span) => span.traceId === traceId);
    const timed = own.filter((span) => span.timeFlags === 0);
    const [first] = timed.toSorted((a, b) => Number(a.startUnixNano - b.startUnixNano));
    const start = first?.startUnixNano ?? unixNano(0n);
    const ends = timed.map((span) => Number(span.startUnixNano - start) + span.durationNs);
    const ids = new Set(own.map((span) => span.spanId));
    const [root] = own
      .filter((span) => span.parentSpanId === null)
      .sort(
        (a, b) =>
          a.timeFlags - b.timeFlags ||
          Number(a.startUnixNano - b.startUnixNano) ||
          (a.spanId < b.spanId ? -1 : 1),
      );
    return {
      traceId,
      traceIdRaw: own[0]?.origin.traceIdRaw ?? null,
      startUnixNano: start,
      durationNs: nanos(Math.max(0, ...ends)),
      spans: own.length,
      errors: own.filter((span) => span.statusCode === 'error').length,
      services: [...new Set(own.map((span) => serviceName(span.resource)))].sort(),
      root: root ? { service: serviceName(root.resource), operation: root.name } : null,
      orphans: own.filter(({ parentSpanId }) => parentSpanId !== null && !ids.has(parentSpanId))
        .length,
    };
  });
}

function matches(trace: TraceSummary, filter: TraceFilter): boolean {
  const { words = [], service, withErrors, minDurationNs, maxDurationNs, since, until } = filter;
  const names = [...trace.services, trace.root?.operation ?? '', trace.traceIdRaw ?? ''];
  return (
    words.every((word) => {
      const lower = word.toLowerCase();
      const shortId = trace.traceId.replace(/^0{16}/, '');
      return (
        names.some((name) => name.toLowerCase().includes(lower)) ||
        trace.traceId.startsWith(lower) ||
        shortId.startsWith(lower)
      );
    }) &&
    (service === undefined || trace.services.includes(service)) &&
    (withErrors !== true || trace.errors > 0) &&
    (minDurationNs === undefined || trace.durationNs >= minDurationNs) &&
    (maxDurationNs === undefined || trace.durationNs <= maxDurationNs) &&
    (since === undefined || trace.startUnixNano >= since) &&
    (until === undefined || trace.startUnixNano < until)
  );
}

const SORT_VALUES: Record<TraceSort, (trace: TraceSummary) => bigint | number> = {
  start: (trace) => trace.startUnixNano,
  duration: (trace) => trace.durationNs,
  spans: (trace) => trace.spans,
  errors: (trace) => trace.errors,
};

function sorted(traces: readonly TraceSummary[], sort: TraceSort): TraceSummary[] {
  const value = SORT_VALUES[sort];
  return traces.toSorted((a, b) => {
    if (value(a) !== value(b)) return value(a) > value(b) ? -1 : 1;
    if (a.startUnixNano !== b.startUnixNano) return a.startUnixNano > b.startUnixNano ? -1 : 1;
    return a.traceId < b.traceId ? -1 : 1;
  });
}

function allPages(
  store: Store,
  filter: TraceFilter,
  sort: TraceSort,
  descending: boolean,
  limit: number,
) {
  const traces: TraceSummary[] = [];
  let after: TraceCursor | undefined;
  do {
    const page = findTraces(store, filter, { sort, descending, limit, after });
    traces.push(...page.traces);
    expect(page.traces.length === limit || page.next === null).toBe(true);
    after = page.next ?? undefined;
  } while (after !== undefined);
  return traces;
}

test('filters, sorts and pages agree with plain loops over the spans', () => {
  fc.assert(
    fc.property(
      anySpans,
      anyFilter,
      fc.constantFrom(...TRACE_SORTS),
      fc.integer({ min: 1, max: 4 }),
      (spans, filter, sort, limit) => {
        const store = storeWith(spans);
        try {
          const wanted = sorted(
            expectedSummaries(spans).filter((trace) => matches(trace, filter)),
            sort,
          );
          expect(allPages(store, filter, sort, true, limit)).toEqual(wanted);
          expect(allPages(store, filter, sort, false, limit)).toEqual(wanted.toReversed());
          expect(countTraces(store, filter)).toBe(wanted.length);
        } finally {
          store.close();
        }
      },
    ),
    { numRuns: 400 },
  );
});

const store = openTemporaryStore();
afterAll(() => store.close());
importSpans(
  store,
  [1, 2, 3].flatMap((i) => [spanOf({ traceId: `${i}`, startUnixNano: START + BigInt(i) })]),
);

test('a page goes on behind any trace, also when traces arrived meanwhile', () => {
  const query = { sort: 'start', descending: true, limit: 1 } as const;
  const [newest] = findTraces(store, {}, query).traces;
  if (newest === undefined) throw new Error('no trace');
  importSpans(store, [spanOf({ traceId: '4', startUnixNano: START + 9n })]);
  const page = findTraces(store, {}, { ...query, after: cursorAt(newest, 'start') });
  expect(page.traces.map((trace) => trace.traceId)).toEqual([traceIdOf('2')]);
});

test('text that a user types is never SQL', () => {
  const word = `x' OR 1=1 --`;
  expect(countTraces(store, { words: [word] })).toBe(0);
  expect(countTraces(store, { service: word })).toBe(0);
});

test('the newest start is that of the youngest trace, 0 when there is none', () => {
  expect(newestStart(store)).toBe(START + 9n);
  const empty = storeWith([]);
  expect(newestStart(empty)).toBe(0n);
  expect(findTraces(empty, {}, { sort: 'start', descending: true, limit: 5 })).toEqual({
    traces: [],
    next: null,
  });
  empty.close();
});

test('pages go on past a trace that lasts for the whole of time', () => {
  const long = storeWith([
    spanOf({ traceId: '1', startUnixNano: 0n, endUnixNano: 2n ** 63n - 1n }),
    spanOf({ traceId: '2', startUnixNano: 0n, endUnixNano: 2n ** 62n + 1n }),
    spanOf({ traceId: '3' }),
  ]);
  const ids = allPages(long, {}, 'duration', true, 1).map((trace) => trace.traceId);
  expect(ids).toEqual(['1', '2', '3'].map(traceIdOf));
  long.close();
});

test('a service name with a lone surrogate is listed and found', () => {
  const odd = storeWith([spanOf({ service: 'caf\ud83d', name: '\udc00op' })]);
  const page = { sort: 'start', descending: true, limit: 1 } as const;
  for (const filter of [{ service: 'caf\ud83d' }, { words: ['CAF\ud83d', '\udc00O'] }]) {
    expect(findTraces(odd, filter, page).traces[0]).toMatchObject({
      services: ['caf\ud83d'],
      root: { service: 'caf\ud83d', operation: '\udc00op' },
    });
  }
  odd.close();
});
