import { expect, test } from 'vitest';
import { dataQualityRule } from '../../../src/analysis/findings/data-quality-rule.ts';
import { highCardinalityNamesRule } from '../../../src/analysis/findings/high-cardinality-names-rule.ts';
import { missingSpansRule } from '../../../src/analysis/findings/missing-spans-rule.ts';
import { idPattern, namePattern } from '../../../src/analysis/findings/name-pattern.ts';
import { oversizedRule } from '../../../src/analysis/findings/oversized-rule.ts';
import { unansweredCallRule } from '../../../src/analysis/findings/unanswered-call-rule.ts';
import { TIME_FLAGS } from '../../../src/model/span.ts';
import type { Trace } from '../../../src/model/trace.ts';
import { drawnTrace } from '../../helpers/drawn-trace.ts';
import { findingsOf } from '../../helpers/findings-of.ts';
import type { SpanParts } from '../../helpers/span-of.ts';
import { type TimedParts, timedTrace } from '../../helpers/timed-trace.ts';

function rulesFound(trace: Trace, rule = missingSpansRule): string[] {
  return findingsOf(rule, [trace]).map((finding) => finding.rule);
}

test('a trace with one root and all its parents lacks nothing', () => {
  expect(rulesFound(drawnTrace('R [--)\n  a [)'))).toEqual([]);
});

test('spans without their parent are counted, with the id that most of them want', () => {
  const trace = drawnTrace('R [----)\na [)\nb  [)\nc   [)', {
    a: { parentSpanId: 'f1', service: 'cart' },
    b: { parentSpanId: 'f2' },
    c: { parentSpanId: 'f2' },
  });
  const [found] = findingsOf(missingSpansRule, [trace]);
  expect(found).toMatchObject({ rule: 'missing-parent', count: 3 });
  expect(found?.evidence).toMatchObject({
    services: ['cart', 'svc'],
    mostWanted: { spanId: '00000000000000f2', orphans: 2 },
    completeness: 0.25,
  });
});

test('orphans alone make a trace without a root', () => {
  const trace = drawnTrace('a [--)', { a: { parentSpanId: 'f1' } });
  expect(rulesFound(trace)).toEqual(['missing-parent', 'no-root']);
});

test('two roots are one too many', () => {
  const found = findingsOf(missingSpansRule, [drawnTrace('R [--)\nS [--)')]);
  expect(found.map(({ rule, count }) => [rule, count])).toEqual([['multiple-roots', 2]]);
});

/** A call from web to cart, each side there or not. */
function call(id: string, sides: 'both' | 'client' | 'server'): Trace {
  const client: TimedParts = { from: 1, to: 9, parent: 'R', kind: 'client', service: 'web' };
  const server: TimedParts = { from: 2, to: 8, kind: 'server', service: 'cart' };
  return timedTrace(
    {
      R: { from: 0, to: 10, kind: 'server', service: 'web' },
      ...(sides === 'server' ? {} : { c: { ...client, attributes: { 'peer.service': 'cart' } } }),
      ...(sides === 'client' ? {} : { s: { ...server, parent: sides === 'both' ? 'c' : 'R' } }),
    },
    id,
  );
}

test.each([
  [8, 'client', []],
  [9, 'client', ['client-without-server']],
  [10, 'client', ['client-without-server']],
  [8, 'server', []],
  [9, 'server', ['server-without-client']],
] as const)('with %i complete calls, one with its %s alone', (complete, side, rules) => {
  const traces = Array.from({ length: complete }, (_, i) => call(`${i + 1}`, 'both'));
  const found = findingsOf(unansweredCallRule, [...traces, call('ff', side)]);
  expect(found.map(({ rule }) => rule)).toEqual(rules);
});

test('a database has no spans of its own, so that none is missing', () => {
  const trace = timedTrace({
    R: { from: 0, to: 10, kind: 'server' },
    c: { parent: 'R', from: 1, to: 2, kind: 'client', attributes: { 'db.system': 'redis' } },
  });
  expect(rulesFound(trace, unansweredCallRule)).toEqual([]);
});

test('a trace that begins inside a service that others call', () => {
  const inside = timedTrace({ R: { from: 0, to: 10, kind: 'internal', service: 'cart' } }, 'ff');
  const found = findingsOf(unansweredCallRule, [call('1', 'both'), inside]);
  expect(found.map(({ rule, service }) => [rule, service])).toEqual([['root-not-entry', 'cart']]);
});

/** One root with `count` children that are named by their number. */
function named(count: number, name: (i: number) => string): Trace {
  const spans: Record<string, TimedParts> = { R: { from: 0, to: 1000 } };
  for (let i = 1; i < count; i++)
    spans[`s${i}`] = { parent: 'R', from: i, to: i + 1, name: name(i) };
  return timedTrace(spans);
}

test.each([
  [199, 99, 0],
  [199, 199, 0],
  [200, 98, 0],
  [200, 99, 1],
  [200, 150, 1],
])('%i spans, of which %i bear a number in their name', (spans, variants, count) => {
  // With the root's name one more name than there are numbers.
  const trace = named(spans, (i) => `page ${Math.min(i, variants)}`);
  expect(findingsOf(highCardinalityNamesRule, [trace])).toHaveLength(count);
});

test('many names that are different words are no pattern', () => {
  const letters = (i: number) => String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26));
  expect(findingsOf(highCardinalityNamesRule, [named(300, letters)])).toEqual([]);
});

test.each([
  [2, 0],
  [3, 1],
  [4, 1],
])('%i names with an id in them', (variants, count) => {
  const trace = named(variants + 1, (i) => `GET /cart/00000000-0000-4000-8000-00000000000${i}`);
  const found = findingsOf(highCardinalityNamesRule, [trace]);
  expect(found.map(({ evidence }) => evidence['pattern'])).toEqual(
    Array(count).fill('GET /cart/*'),
  );
});

test.each([
  [500, 0],
  [501, 1],
])('%i attribute keys of one service', (keys, count) => {
  const letters = (i: number) =>
    `k.${String.fromCharCode(97 + (i % 26))}${'x'.repeat(Math.floor(i / 26))}`;
  const attributes = new Map(Array.from({ length: keys }, (_, i) => [letters(i), 1n] as const));
  const found = findingsOf(highCardinalityNamesRule, [drawnTrace('R [)', { R: { attributes } })]);
  expect(found.map(({ rule }) => rule)).toEqual(Array(count).fill('high-cardinality-keys'));
});

test.each([
  ['GET /cart/12/items', 'GET /cart/*/items', 'GET /cart/12/items'],
  ['job 8f14e45fceea167a5a36dedd4bea2543', 'job *', 'job *'],
  ['order 123456', 'order *', 'order *'],
  ['mail jo@example.com', 'mail *', 'mail *'],
  ['HTTP/1.1 v2 utf8', 'HTTP/*.* v2 utf8', 'HTTP/1.1 v2 utf8'],
  ['deadbeefcafe', 'deadbeefcafe', 'deadbeefcafe'],
])('%s has the patterns %s and %s', (name, pattern, withoutIds) => {
  expect([namePattern(name), idPattern(name)]).toEqual([pattern, withoutIds]);
});

const big = (size: number): SpanParts => ({ attributes: { payload: 'x'.repeat(size) } });
const many = (count: number): SpanParts => ({
  attributes: new Map(Array.from({ length: count }, (_, i) => [`k${i}`, 1n] as const)),
});

test.each<[string, SpanParts, readonly unknown[]]>([
  ['a value of 64 KiB − 1', big(65_535), []],
  ['a value of 64 KiB', big(65_536), ['value']],
  ['127 attributes', many(127), []],
  ['128 attributes', many(128), ['attributes']],
  ['an hour − 1 ns', { durationNs: 3_600e9 - 1 }, []],
  ['an hour', { durationNs: 3_600e9 }, ['duration']],
  ['10 MiB', big(10 * 1024 * 1024), ['value', 'bytes']],
])('%s', (_, parts, what) => {
  const found = findingsOf(oversizedRule, [drawnTrace('R [)', { R: parts })]);
  expect(new Set(found.map(({ evidence }) => evidence['what']))).toEqual(new Set(what));
});

test.each([
  [9_999, ['children']],
  [10_000, ['children', 'spans']],
])('a trace of %i spans below one', (spans, what) => {
  const found = findingsOf(oversizedRule, [named(spans, () => 'x')]);
  expect(new Set(found.map(({ evidence }) => evidence['what']))).toEqual(new Set(what));
});

test.each([
  [99, 0],
  [100, 1],
])('a chain of %i spans', (depth, count) => {
  const spans: Record<string, TimedParts> = { s0: { from: 0, to: 1000 } };
  for (let i = 1; i < depth; i++) spans[`s${i}`] = { parent: `s${i - 1}`, from: 0, to: 1000 };
  expect(findingsOf(oversizedRule, [timedTrace(spans)])).toHaveLength(count);
});

test('what an SDK dropped is added up', () => {
  const dropped = { attributes: 2, events: 1, links: 0 };
  const trace = drawnTrace('R [--)\n  a [)', { R: { dropped }, a: { dropped } });
  const [found] = findingsOf(oversizedRule, [trace]);
  expect(found).toMatchObject({ rule: 'dropped-data', count: 2 });
  expect(found?.evidence).toEqual({ attributes: 4, events: 2, links: 0 });
});

test.each<[string, SpanParts, readonly string[]]>([
  ['nothing', { kind: 'server' }, []],
  ['no service', { kind: 'server', service: '' }, ['unknown-service']],
  ['no name', { kind: 'server', name: '' }, ['unnamed-spans']],
  ['no kind', { kind: 'unspecified' }, ['missing-kind']],
  [
    'an end before the start',
    { kind: 'server', timeFlags: TIME_FLAGS.negativeDuration },
    ['negative-duration'],
  ],
  ['no end', { kind: 'server', timeFlags: TIME_FLAGS.noEnd }, ['unfinished-spans']],
  [
    'an old key',
    { kind: 'server', attributes: { 'http.method': 'GET' } },
    ['deprecated-attributes'],
  ],
])('a span lacks or has %s', (_, parts, rules) => {
  expect(rulesFound(drawnTrace('R [)', { R: parts }), dataQualityRule)).toEqual(rules);
});

test.each([
  [1, 0],
  [2, 1],
])('%i of 3 spans without a kind', (kindless, count) => {
  const kind = (i: number) => ({ kind: i < kindless ? 'unspecified' : 'internal' }) as const;
  const trace = drawnTrace('R [---)\n  a [)\n  b [)', { R: kind(2), a: kind(0), b: kind(1) });
  expect(findingsOf(dataQualityRule, [trace])).toHaveLength(count);
});

test('old keys are told with the new ones', () => {
  const attributes = { 'http.method': 'GET', 'net.peer.name': 'x', 'db.system': 'redis' };
  const trace = drawnTrace('R [)', { R: { kind: 'client', attributes } });
  const [found] = findingsOf(dataQualityRule, [trace]);
  expect(found?.evidence['keys']).toEqual([
    { key: 'db.system', now: 'db.system.name', count: 1 },
    { key: 'http.method', now: 'http.request.method', count: 1 },
  ]);
});

test('two different spans with one id', () => {
  const trace = drawnTrace('R [---)\na [)\nb  [-)', {
    R: { kind: 'server' },
    a: { kind: 'server', spanId: 'e', parentSpanId: '52' },
    b: { kind: 'server', spanId: 'e', parentSpanId: '52' },
  });
  expect(rulesFound(trace, dataQualityRule)).toEqual(['duplicate-span-id']);
});

test('a span that starts later than its dump was read is in the future', () => {
  // Drawn traces start at second 1,700,000,000; b 3 ms later.
  const trace = drawnTrace('a [-----)\n b   [)');
  const future = (readAtUnixMs: number) =>
    findingsOf(dataQualityRule, [trace], { readAtUnixMs, maxAheadMs: 0 })
      .filter(({ rule }) => rule === 'future-start')
      .map(({ count }) => count);
  expect(future(1_700_000_000_003)).toEqual([]);
  expect(future(1_700_000_000_002)).toEqual([1]);
  expect(future(1_699_999_999_999)).toEqual([2]);
  expect(future(0)).toEqual([]);
});
