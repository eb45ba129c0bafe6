import { describe, expect } from 'vitest';
import type { Trace } from '../../src/model/trace.ts';
import type { SpanComparison } from '../../src/traceql/compare-spans.ts';
import { wholeWindow } from '../../src/traceql/metrics-window.ts';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { runMetrics } from '../../src/traceql/run-metrics.ts';
import { corpusTest } from '../helpers/corpus.ts';
import { fixtureTraces, readCases } from '../helpers/traceql-cases.ts';

interface MetricsCase {
  readonly query: string;
  readonly start: string;
  readonly end: string;
  readonly series:
    | readonly {
        readonly labels: Readonly<
          Record<
            string,
            { readonly string?: string; readonly double?: number; readonly int?: string }
          >
        >;
        readonly samples: readonly (readonly [timeMs: number, value: number])[];
      }[]
    | null;
}

const casesOf = () =>
  readCases<{ metrics: { queries: readonly MetricsCase[] } }>('traceql_semantics.json').metrics
    .queries;

function resultOf(traces: readonly Trace[], query: string, start: bigint, end: bigint) {
  const parsed = parseQuery(query);
  if (parsed.kind !== 'metrics') throw new RangeError(`not a metrics query: ${query}`);
  const run = runMetrics(parsed.metrics, wholeWindow(start, end));
  for (const trace of traces) run.add(trace);
  return run.result();
}

/** `labels → value`, as both sides can say it. */
function expectedSeries({ series }: MetricsCase): Record<string, number> {
  return Object.fromEntries(
    (series ?? []).map(({ labels, samples }) => [
      Object.entries(labels)
        .map(([name, { string, int, double }]) => `${name}=${string ?? int ?? double}`)
        .sort()
        .join(),
      samples[0]?.[1] ?? Number.NaN,
    ]),
  );
}

describe("the same series as Tempo's own engine", () => {
  corpusTest('over the whole range', () => {
    const traces = fixtureTraces('traceql_fixture.otlp.json');
    let compared = 0;
    for (const metricsCase of casesOf()) {
      const { query, start, end } = metricsCase;
      // Tempo's quantiles are read off buckets of powers of two.
      if (query.includes('quantile_over_time')) continue;
      const result = resultOf(traces, query, BigInt(start), BigInt(end));
      if (result.kind !== 'series') continue;
      const found = Object.fromEntries(
        result.series.map(({ labels, samples }) => [
          labels
            .map(({ name, value }) => `${name}=${value}`)
            .sort()
            .join(),
          samples[0] ?? Number.NaN,
        ]),
      );
      const expected = expectedSeries(metricsCase);
      expect(Object.keys(found).sort(), query).toEqual(Object.keys(expected).sort());
      for (const [labels, value] of Object.entries(expected)) {
        expect(found[labels], `${query} ${labels}`).toBeCloseTo(value, 9);
      }
      compared++;
    }
    expect(compared).toBeGreaterThan(15);
  });

  corpusTest('compare counts the same values, but the name of a span once', () => {
    const traces = fixtureTraces('traceql_fixture.otlp.json');
    const compareCase = casesOf().find(({ query }) => query.includes('compare('));
    if (compareCase === undefined) throw new RangeError('no case of compare()');
    const result = resultOf(
      traces,
      compareCase.query,
      BigInt(compareCase.start),
      BigInt(compareCase.end),
    );
    if (result.kind !== 'comparison') throw new RangeError('compare() compares');
    const found = comparedSeries(result.comparison);
    const expected = Object.entries(expectedSeries(compareCase)).map(([labels, value]) => [
      labels,
      labels.includes(',name=') ? value / 2 : value,
    ]);
    expect(found).toEqual(Object.fromEntries(expected));
  });
});

/** A comparison as the series that Tempo gives. */
function comparedSeries({ attributes }: SpanComparison): Record<string, number> {
  const all = attributes.flatMap(({ name, values, selectionTotal, baselineTotal }) => [
    [`__meta_type=selection_total,${name}=nil`, selectionTotal] as const,
    [`__meta_type=baseline_total,${name}=nil`, baselineTotal] as const,
    ...values.map((v) => [`__meta_type=selection,${name}=${v.value}`, v.selection] as const),
    ...values.map((v) => [`__meta_type=baseline,${name}=${v.value}`, v.baseline] as const),
  ]);
  return Object.fromEntries(all.filter(([, count]) => count > 0));
}
