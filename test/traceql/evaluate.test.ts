import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { steppedWindow, wholeWindow } from '../../src/traceql/metrics-window.ts';
import { parseQuery } from '../../src/traceql/parse-query.ts';
import { compilePattern } from '../../src/traceql/pattern.ts';
import { printQuery } from '../../src/traceql/print-query.ts';
import { runMetrics } from '../../src/traceql/run-metrics.ts';
import { labelText } from '../../src/traceql/series.ts';
import { drawnTrace, nameOf } from '../helpers/drawn-trace.ts';
import { LARGE_SHAPES, largeSpans } from '../helpers/large-spans.ts';
import { findIn, spanIdsOf } from '../helpers/traceql-cases.ts';

const TRACE = drawnTrace(
  `
  R     [------------------)
    a    [---)
      a1  [-)
      a2   |
    b         [--------)
      b1        [----)
`,
  {
    R: { kind: 'server', service: 'shop', attributes: { n: 7n } },
    a: { kind: 'client', attributes: { n: -7n, tags: ['x', 'y'] } },
    a1: {
      statusCode: 'error',
      statusMessage: 'boom',
      attributes: { n: 2.5, text: 'Line 1\nLine 2' },
    },
    b: { kind: 'client', attributes: { n: '7', flag: true } },
  },
);

const found = (query: string) =>
  spanIdsOf(findIn([TRACE], query))
    .map(nameOf)
    .sort();

test.each([
  ['{ kind = client }', ['a', 'b']],
  ['{ kind = server } > { kind = client }', ['a', 'b']],
  ['{ kind = server } >> { status = error }', ['a1']],
  ['{ status = error } << { kind = client }', ['a']],
  ['{ status = error } < { }', ['a']],
  ['{ name = "a1" } ~ { }', ['a2']],
  ['{ name = "R" } !> { kind = internal }', ['a1', 'a2', 'b1']],
  ['{ name = "a" } &> { name = "a1" }', ['a', 'a1']],
  ['{ .n = 7 }', ['R']],
  ['{ .n > 2 }', ['R', 'a1']],
  ['{ .n % 4 = -3 }', ['a']],
  ['{ .n / 2 = 3 }', ['R']],
  ['{ .n != 7 }', ['a', 'a1']],
  ['{ .n = nil }', ['a2', 'b1']],
  ['{ !(.n = 7) }', ['a', 'a1', 'a2', 'b', 'b1']],
  ['{ .tags = "y" }', ['a']],
  ['{ .tags != "z" }', ['a']],
  ['{ .flag }', ['b']],
  ['{ .text =~ "Line 1.Line \\\\d" }', ['a1']],
  ['{ duration >= 9ms && kind = client }', ['b']],
  ['{ span:childCount = 2 && kind = client }', ['a']],
  ['{ nestedSetParent < 0 }', ['R']],
  ['{ kind = client } | count() > 2', []],
  ['{ kind = client } | count() > 1 | { .flag }', ['b']],
  ['{ } | by(kind) | count() > 2', ['a1', 'a2', 'b1']],
  ['{ } | by(kind) | count() = 2 | coalesce()', ['a', 'b']],
])('%s finds %j', (query, names) => {
  expect(found(query)).toEqual(names);
});

test('an expression of 64-bit integers ends, whatever its exponent', () => {
  expect(found('{ .n ^ 9223372036854775807 != 0 && name = "R" }')).toEqual(['R']);
});

describe('patterns take linear time', () => {
  test.each(['(a*)*b', '(a|a)*c', '(.*)(.*)(.*)(.*)(.*)x', '(a+)+$'])('%s', (source) => {
    const matches = compilePattern(source);
    const start = performance.now();
    expect(matches(`${'a'.repeat(10_000)}!`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });

  test.each([
    ['GET /cart', 'GET /cart', true],
    ['GET', 'GET /cart', false],
    ['.*cart', 'GET /cart', true],
    ['(?i).*CART.*', 'GET /cart/1', true],
    ['(?i).*straße.*', 'STRASSE', false],
    ['a|b|c', 'b', true],
    ['a\\.b', 'axb', false],
    ['.*', 'two\nlines', true],
    ['(?i)k', '\u212a', true],
  ])('%s and %j: %s', (source, text, isMatch) => {
    expect(compilePattern(source)(text)).toBe(isMatch);
  });
});

test.each(Object.keys(LARGE_SHAPES) as (keyof typeof LARGE_SHAPES)[])(
  'a trace of 100,000 spans, %s, is related in reasonable time',
  (shape) => {
    const trace = buildTrace(largeSpans(shape, 100_000));
    const start = performance.now();
    for (const relation of ['>', '>>', '<', '<<', '~', '!>>', '&<<', '&~']) {
      findIn([trace], `{ } ${relation} { nestedSetLeft > 0 } | count() > 0`);
    }
    expect(performance.now() - start).toBeLessThan(8000);
  },
);

describe('series', () => {
  const START = TRACE.startUnixNano;
  const seriesOf = (query: string, stepMs?: number) => {
    const parsed = parseQuery(query);
    if (parsed.kind !== 'metrics') throw new RangeError('no series');
    const end = START + 20_000_000n;
    const window =
      stepMs === undefined
        ? wholeWindow(START, end)
        : steppedWindow(START, end, BigInt(stepMs * 1e6));
    if (window === null) throw new RangeError('too many steps');
    const run = runMetrics(parsed.metrics, window);
    run.add(TRACE);
    const result = run.result();
    if (result.kind !== 'series') throw new RangeError('a comparison');
    return Object.fromEntries(
      result.series.map(({ labels, samples }) => [labelText(labels), samples]),
    );
  };

  test.each<[string, Record<string, (number | null)[]>]>([
    ['{ } | count_over_time()', { '{__name__="count_over_time"}': [6] }],
    ['{ } | rate()', { '{__name__="rate"}': [300] }],
    ['{ } | count_over_time() by (kind) > 1', { '{kind="client"}': [2], '{kind="internal"}': [3] }],
    ['{ } | count_over_time() by (kind) | topk(1)', { '{kind="internal"}': [3] }],
    ['{ } | count_over_time() by (kind) | bottomk(1)', { '{kind="server"}': [1] }],
    ['{ kind = client } | max_over_time(duration)', { '{__name__="max_over_time"}': [0.009] }],
    ['{ } | quantile_over_time(duration, .5, 1)', { '{p="0.5"}': [0.004], '{p="1"}': [0.019] }],
    ['{ } | avg_over_time(.n)', { '{__name__="avg_over_time"}': [2.5 / 3] }],
    ['({ } | count_over_time()) * 2', { '{__name__="count_over_time"}': [12] }],
    ['({ status = error } | rate()) / ({ } | rate())', { '{__name__="rate"}': [1 / 6] }],
    ['({ } | rate()) / ({ } | count_over_time() > 100)', {}],
    ['{ } | max_over_time(.missing)', {}],
  ])('%s', (query, expected) => {
    const series = seriesOf(query);
    expect(Object.keys(series)).toEqual(Object.keys(expected));
    for (const [labels, samples] of Object.entries(expected)) {
      expect(series[labels]?.[0]).toBeCloseTo(samples[0] ?? 0, 9);
    }
  });

  test('steps begin at multiples of their length, and spans count where they start', () => {
    const { '{__name__="count_over_time"}': samples = [] } = seriesOf('{ } | count_over_time()', 5);
    expect(samples.slice(0, 4)).toEqual([4, 2, 0, 0]);
  });
});

test.each([
  ['{.a=1||.b=2&&.c=3}', '{ (.a = 1 || .b = 2) && .c = 3 }'],
  ['{-2^2=-4}', '{ (-(2 ^ 2)) = (-4) }'],
  ['{ .a + 1 - 2 > 3 * 4 }', '{ .a + 1 - 2 > 3 * 4 }'],
  ['{ .a - (1 - 2) = 0 }', '{ .a - (1 - 2) = 0 }'],
  ['{ span:name = `a"b` }', '{ name = `a"b` }'],
  ['{ duration > 90s }', '{ duration > 1m30s }'],
])('%s is %s in its canonical form', (query, canonical) => {
  expect(printQuery(parseQuery(query))).toBe(canonical);
});
