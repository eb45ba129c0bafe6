import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { findByQuery } from '../../src/cli/find-by-query.ts';
import { readQuery } from '../../src/cli/typed-query.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import type { Span } from '../../src/model/span.ts';
import { connectionOf } from '../../src/store/connection.ts';
import { traceKeysOf } from '../../src/store/find-traces.ts';
import type { Store } from '../../src/store/open-store.ts';
import { scanTraceKeys } from '../../src/store/read-spans.ts';
import { compilePipeline } from '../../src/traceql/spansets.ts';
import { resourceOf, spanOf } from '../helpers/span-of.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';

const SERVICES = ['cart', 'order', 'mail', 'unknown'];
const KINDS = ['server', 'client', 'internal'] as const;

/** Traces of 1 to 40 spans, so many that digests are worth it; everything varies, rarely together. */
function manySpans(): Span[] {
  return Array.from({ length: 700 }, (_, index) => {
    const trace = index + 1;
    return Array.from({ length: 1 + ((trace * 7) % 40) }, (_, i) => variedSpan(trace, i + 1));
  }).flat();
}

function variedSpan(trace: number, i: number): Span {
  const n = trace * 31 + i * 17;
  return spanOf({
    traceId: trace.toString(16),
    spanId: i.toString(16),
    parentSpanId: i === 1 ? null : Math.floor(i / 2).toString(16),
    name: `op ${n % 23}`,
    kind: KINDS[n % 3] ?? 'internal',
    resource: resourceOf(SERVICES[n % 4] ?? '', { 'k8s.pod': `pod-${n % 9}` }),
    statusCode: n % 19 === 0 ? 'error' : 'unset',
    startUnixNano: 1_700_000_000_000_000_000n + BigInt(trace * 1000 + i),
    durationNs: ((n * 7919) % 100_000) + (n % 997 === 0 ? 1_000_000_000 : 0),
    attributes: variedAttributes(n),
  });
}

function variedAttributes(n: number): Record<string, AttributeValue> {
  return {
    'http.status_code': n % 50 === 0 ? '500' : BigInt(200 + (n % 5)),
    'user.id': `u-${n % 4001}`,
    ...(n % 10 === 0 && { ratio: n / 7, list: ['a', `b-${n % 100}`] }),
    ...(n % 333 === 0 && { 'rare "key"': true, rare: 'once "quoted"' }),
  };
}

let store: Store;
beforeAll(() => {
  store = storeWith(manySpans());
});
afterAll(() => store.close());

/** Every trace built and asked. */
function asked(query: string): number[] {
  const { query: parsed } = readQuery([query]);
  if (parsed.kind !== 'spans') throw new RangeError('not a query for spans');
  const run = compilePipeline(parsed.stages);
  const found: number[] = [];
  for (const { key, spans } of scanTraceKeys(store, traceKeysOf(store, {}))) {
    if (run(buildTrace(spans)) !== null) found.push(key);
  }
  return found;
}

function find(query: string) {
  const { query: parsed } = readQuery([query]);
  if (parsed.kind !== 'spans') throw new RangeError('not a query for spans');
  return findByQuery(store, parsed.stages, {});
}

const QUERIES = [
  '{ resource.service.name = "cart" && status = error && duration > 90us }',
  '{ duration > 1s }',
  '{ duration <= 50ns }',
  '{ name = "op 7" && kind = client && status = error }',
  '{ .user.id = "u-1234" }',
  '{ .http.status_code = 500 }',
  '{ .http.status_code = "500" && status = error }',
  '{ span.http.status_code > 203 && name =~ "op 1.*" && status = error }',
  '{ .k8s.pod = "pod-3" && duration > 1s }',
  '{ .ratio > 3000 }',
  '{ .list = "b-20" }',
  '{ ."rare \\"key\\"" }',
  '{ .rare = `once "quoted"` }',
  '{ .rare != nil && kind = server }',
  '{ .rare = nil && duration > 1s }',
  '{ !(.http.status_code = 200) && duration > 1s }',
  '{ rootName = "op 3" && status = error }',
  '{ rootServiceName = "mail" } && { duration > 1s }',
  '{ duration > 1s } || { .rare = `once "quoted"` }',
  '{ duration > 1s } >> { status = error }',
  '{ duration > 1s } !> { status = error && name = "op 2" }',
  '{ status = error } | count() > 2',
  '{ kind = server } | by(resource.service.name) | avg(duration) > 90us',
  '{ name = "nothing like it" }',
  'cart error',
  '-cart duration>1s',
];

describe('a store with digests', () => {
  test('has enough chunks for them', () => {
    find('{ status = error }');
    const row = connectionOf(store).first<readonly [bigint]>('SELECT count(*) FROM chunk_digests');
    expect(Number(row?.[0])).toBeGreaterThan(40);
  });

  test.each(QUERIES)('finds what asking every trace finds: %s', (query) => {
    expect(find(query).traceKeys).toEqual(asked(query));
  });

  test('passes over chunks in which nothing can be an answer', () => {
    const columns = find('{ .user.id = "u-1234" }').steps.find(({ step }) => step === 'columns');
    expect(columns?.chunksRead).toBeLessThan((columns?.chunks ?? 0) / 2);
    expect(columns?.traces).toBeLessThan(20);
  });

  test('finds spans that came after the digests were made', () => {
    expect(find('{ name = "late" }').traceKeys).toEqual([]);
    importSpans(store, [
      spanOf({ traceId: 'ffff', name: 'late', attributes: { 'user.id': 'late' } }),
    ]);
    expect(find('{ name = "late" }').traceKeys).toHaveLength(1);
    expect(find('{ .user.id = "late" }').traceKeys).toHaveLength(1);
  });
});

test('a filter about columns alone builds hardly any trace', () => {
  const { steps } = find('{ status = error && duration > 90us }');
  const evaluated = steps.find(({ step }) => step === 'evaluate');
  expect(evaluated?.traces).toBeGreaterThan(50);
  expect(evaluated?.spans).toBeLessThan(6000);
});
