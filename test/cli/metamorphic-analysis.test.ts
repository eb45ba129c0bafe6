import { beforeAll, expect, test } from 'vitest';
import { derivedSpan } from '../../src/analysis/derived-span.ts';
import { type Analysis, analyzeTraces } from '../../src/cli/analyze-traces.ts';
import { chosenFindings } from '../../src/cli/chosen-findings.ts';
import { SECTIONS } from '../../src/cli/sections.ts';
import type { Span } from '../../src/model/span.ts';
import { nanos, unixNano } from '../../src/model/time.ts';
import { randomSequence, shopTrace } from '../helpers/shop-spans.ts';
import { resourceOf, spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';
import { storeWith } from '../helpers/store-with.ts';

/** What must not matter, or only so much, to any section of an analysis. */

const SPANS = Array.from({ length: 20 }, (_, number) => shopTrace(number)).flat();
/** Of the first span in time; all starts keep their distance to it, times a factor. */
const [ORIGIN = unixNano(0n)] = SPANS.map(({ startUnixNano }) => startUnixNano).sort((a, b) =>
  Number(a - b),
);
const FACTOR = 3;
const DAY_NS = 86_400_000_000_000n;

let plain: Analysis;
beforeAll(() => {
  plain = analysisOf(SPANS);
});

function analysisOf(spans: readonly Span[]): Analysis {
  const store = storeWith(spans);
  try {
    return analyzeTraces(
      store,
      {},
      {
        sections: SECTIONS,
        groupBy: 'operation',
        inferErrors: false,
        exact: false,
        savings: 3,
        separate: null,
        findings: chosenFindings({}),
      },
    );
  } finally {
    store.close();
  }
}

/** Spans whose times are `shiftNs` later, and `factor` times as far from the first. */
function moved(spans: readonly Span[], factor: number, shiftNs: bigint): Span[] {
  const at = (time: bigint) => unixNano(ORIGIN + (time - ORIGIN) * BigInt(factor) + shiftNs);
  return spans.map((span) =>
    derivedSpan(span, {
      startUnixNano: at(span.startUnixNano),
      endUnixNano: at(span.endUnixNano),
      durationNs: nanos(span.durationNs * factor),
      events: span.events.map((event) => ({ ...event, timeUnixNano: at(event.timeUnixNano) })),
    }),
  );
}

/** The leaves of plain data by their path. */
function leavesOf(value: unknown, path = '', leaves = new Map<string, unknown>()) {
  if (typeof value === 'object' && value !== null) {
    for (const [key, part] of Object.entries(value)) leavesOf(part, `${path}.${key}`, leaves);
    if (Object.keys(value).length === 0) leaves.set(path, 'nothing');
  } else leaves.set(path, value);
  return leaves;
}

/** Of a day after 1970 or later: a moment, not a duration. Evidence gives them as texts. */
function withoutShift(value: unknown, shiftNs: bigint): unknown {
  if (typeof value === 'bigint') return value - shiftNs;
  return typeof value === 'string' && /^1\d{18}$/.test(value)
    ? String(BigInt(value) - shiftNs)
    : value;
}

test('the analysis has something to say in every section', () => {
  const { criticalPath, errors, findings, separates, latency, red, dependencies } = plain;
  expect(criticalPath?.groups.length).toBeGreaterThan(5);
  expect(errors?.groups.length).toBeGreaterThan(0);
  expect(findings?.findings.length).toBeGreaterThan(5);
  expect(separates?.[0]?.properties.length).toBeGreaterThan(0);
  expect(latency?.groups.length).toBeGreaterThan(5);
  expect(red?.services.length).toBeGreaterThan(3);
  expect(dependencies?.edges.length).toBeGreaterThan(3);
});

test('the order in which spans are read changes nothing', () => {
  const random = randomSequence(7);
  const order = new Map(SPANS.map((span) => [span, random()]));
  const shuffled = SPANS.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  expect(shuffled).not.toEqual(SPANS);
  expect(analysisOf(shuffled)).toEqual(plain);
});

test('at another time everything is the same but the moments', () => {
  const leaves = leavesOf(analysisOf(moved(SPANS, 1, DAY_NS)));
  for (const [path, value] of leaves) leaves.set(path, withoutShift(value, DAY_NS));
  expect(leaves).toEqual(leavesOf(plain));
});

/** Durations, which have `Ns` in their name or stand below such a name. */
const DURATION = /Ns\b|\.(?:durations|client|server|network|queue)\.\w+Ns$/;
const NO_DURATION = /\.(?:method|relativeError|count|lowSample\.\d+)$/;

test.each(['criticalPath', 'errors', 'latency', 'dependencies', 'separates'] as const)(
  'when everything takes three times as long, so does every duration of %s, and no count changes',
  (section) => {
    const before = leavesOf(withoutScales(plain[section]));
    const after = leavesOf(withoutScales(analysisOf(moved(SPANS, FACTOR, 0n))[section]));
    expect([...after.keys()]).toEqual([...before.keys()]);
    let durations = 0;
    for (const [path, value] of before) {
      const now = after.get(path);
      if (typeof value === 'bigint') continue;
      if (typeof value === 'number' && path.endsWith('PerSecond')) {
        expect(now, path).toBeCloseTo(value / FACTOR, 9);
      } else if (typeof value === 'number' && DURATION.test(path) && !NO_DURATION.test(path)) {
        // Means are rounded down.
        expect(Math.abs(Number(now) - value * FACTOR), path).toBeLessThan(FACTOR);
        durations += 1;
      } else expect(now, path).toEqual(value);
    }
    if (section !== 'separates') expect(durations).toBeGreaterThan(2);
  },
);

/** Bins of histograms are round durations, which do not grow with what is in them. */
function withoutScales(section: unknown): unknown {
  return JSON.parse(
    JSON.stringify(section, (key, value) => {
      if (key === 'histogram') return undefined;
      return typeof value === 'bigint' ? 'a moment' : value;
    }),
  );
}

test('a trace of services that no other has only adds to the rest', () => {
  const start = unixNano(ORIGIN + 1_000_000n);
  const alone = spanOf({
    traceId: traceIdOf('abad'),
    spanId: spanIdOf('1'),
    name: 'nothing to do with it',
    startUnixNano: start,
    durationNs: 1_000_000,
    resource: resourceOf('elsewhere'),
  });
  const { criticalPath, errors, findings, latency, red, dependencies } = analysisOf([
    ...SPANS,
    alone,
  ]);
  const isOld = ({ service }: { readonly service: string }) => service !== 'elsewhere';
  expect(latency?.groups.filter(({ key }) => key['service'] !== 'elsewhere')).toEqual(
    plain.latency?.groups,
  );
  expect(latency?.window).toEqual(plain.latency?.window);
  expect(errors?.groups).toEqual(plain.errors?.groups);
  expect(red?.services.filter(isOld)).toEqual(plain.red?.services);
  expect(dependencies?.edges).toEqual(plain.dependencies?.edges);
  expect(
    criticalPath?.groups.filter(({ key }) => key['service'] !== 'elsewhere').map(total),
  ).toEqual(plain.criticalPath?.groups.map(total));
  const others = findings?.findings.filter(isOld) ?? [];
  expect(others.map((finding) => ({ ...finding, tracesShare: null }))).toEqual(
    plain.findings?.findings.map((finding) => ({ ...finding, tracesShare: null })),
  );
});

function total(group: {
  readonly key: unknown;
  readonly totalNs: number;
  readonly traces: number;
}) {
  return { key: group.key, totalNs: group.totalNs, traces: group.traces };
}
