import { describe, expect, test } from 'vitest';
import { jaegerElasticsearch } from '../../../src/importers/jaeger/jaeger-elasticsearch.ts';
import { serviceName } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';
import { onlySpan, PLAIN, tagsOf } from '../../helpers/jaeger-span.ts';

const DOCUMENT = { ...PLAIN, startTimeMillis: 1_700_000_000_000 };
const DOCUMENTS = ['a', 'b', 'c'].map((spanID) => ({ ...DOCUMENT, spanID }));
const HITS = DOCUMENTS.map((_source) => ({ _index: 'jaeger-span-2024-01-01', _id: 'x', _source }));

function lines(records: readonly object[]): string {
  return records.map((record) => JSON.stringify(record)).join('\n');
}

describe('three documents are found in', () => {
  test.each<[string, unknown]>([
    ['a list', DOCUMENTS],
    ['lines', lines(DOCUMENTS)],
    ['elasticdump’s lines', lines(HITS)],
    ['a list of hits', HITS],
    ['a search response', { took: 1, hits: { total: { value: 3, relation: 'eq' }, hits: HITS } }],
    ['a response of Elasticsearch 6', { took: 1, hits: { total: 3, hits: HITS } }],
    [
      'two responses, one per line',
      lines([{ hits: { hits: HITS.slice(0, 1) } }, { hits: { hits: HITS.slice(1) } }]),
    ],
  ])('%s', (_case, dump) => {
    expect(jaegerElasticsearch.whyNot(headOf(dump))).toBeNull();
    const { spans, issues, records } = decodeText(jaegerElasticsearch, dump);
    expect(spans.map(({ origin }) => origin.spanIdRaw)).toEqual(['a', 'b', 'c']);
    expect(spans.map(({ resource }) => serviceName(resource))).toEqual(['svc', 'svc', 'svc']);
    expect(new Set(spans.map(({ resource }) => resource)).size).toBe(1);
    expect([issues, records]).toEqual([[], 3]);
  });
});

test('one document', () => {
  expect(jaegerElasticsearch.whyNot(headOf(DOCUMENT))).toBeNull();
  expect(onlySpan(jaegerElasticsearch, DOCUMENT).origin.format).toBe('jaeger-elasticsearch');
});

test('a response without hits is valid and empty', () => {
  const dump = { hits: { total: { value: 0, relation: 'eq' }, hits: [] } };
  expect(jaegerElasticsearch.whyNot(headOf(dump))).toBeNull();
  expect(decodeText(jaegerElasticsearch, dump)).toMatchObject({ spans: [], issues: [] });
});

test.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['Jaeger JSON', { data: [{ spans: [PLAIN] }] }],
  ['a span of Jaeger JSON with its process', [PLAIN]],
  [
    'a list of services out of the same Elasticsearch',
    { hits: { hits: [{ _source: { serviceName: 'x' } }] } },
  ],
])('%s is not this format', (_case, dump) => {
  expect(jaegerElasticsearch.whyNot(headOf(dump))).toEqual(expect.any(String));
});

test.each<[string, object]>([
  ['total first', { total: { value: 63, relation: 'eq' }, hits: HITS }],
  ['total last', { hits: HITS, total: 63 }],
])('a page of a larger result says so: %s', (_case, hits) => {
  const { spans, issues } = decodeText(jaegerElasticsearch, { hits });
  expect(spans).toHaveLength(3);
  expect(issues).toEqual([{ code: 'more-hits', example: '3 of 63 hits' }]);
});

test('tags as fields have @ for dots, beside the list of tags', () => {
  const tags = tagsOf([['a.b', 'string', 'list']]);
  const tag = { 'internal@span@format': 'proto', 'http@status_code': 200, 'span@kind': 'client' };
  const process = { serviceName: 'svc', tags: [], tag: { 'jaeger@version': 'Java-1.5.0' } };
  const span = onlySpan(jaegerElasticsearch, [{ ...DOCUMENT, tags, tag, process }]);
  expect(span.kind).toBe('client');
  expect(Object.fromEntries(span.attributes)).toEqual({
    'a.b': 'list',
    'internal.span.format': 'proto',
    'http.status_code': 200n,
  });
  expect(span.resource.attributes.get('jaeger.version')).toBe('Java-1.5.0');
});

test('binary is hex, and every value may be text', () => {
  const tags = tagsOf([
    ['blob', 'binary', '00003039'],
    ['n', 'int64', '23456'],
    ['t', 'float64', '72.5'],
    ['error', 'bool', 'true'],
  ]);
  const span = onlySpan(jaegerElasticsearch, [{ ...DOCUMENT, tags }]);
  expect([...span.attributes]).toEqual([
    ['blob', new Uint8Array([0, 0, 0x30, 0x39])],
    ['n', 23456n],
    ['t', 72.5],
  ]);
  expect(span.statusCode).toBe('error');
});

test('scope tags and what a reference carries are kept', () => {
  const references = [
    {
      refType: 'FOLLOWS_FROM',
      traceID: '000000000000000000000000000000ff',
      spanID: '00000000000000ff',
      traceState: 'some=state',
      flags: 1,
      tags: tagsOf([['n', 'int64', 7]]),
    },
  ];
  const scopeTags = tagsOf([['s', 'string', 'x']]);
  const span = onlySpan(jaegerElasticsearch, [{ ...DOCUMENT, references, scopeTags }]);
  expect(span.scope.attributes).toEqual(new Map([['s', 'x']]));
  expect(span.links).toEqual([
    {
      traceId: '000000000000000000000000000000ff',
      spanId: '00000000000000ff',
      traceState: 'some=state',
      flags: 1,
      attributes: new Map<string, unknown>([
        ['opentracing.ref_type', 'follows_from'],
        ['n', 7n],
      ]),
      droppedAttributes: 0,
    },
  ]);
});

test('a broken line costs its document alone', () => {
  const broken = JSON.stringify(DOCUMENT).replace('"duration":1500', '"duration":oops');
  const text = [lines(DOCUMENTS.slice(0, 1)), broken, lines(DOCUMENTS.slice(1))].join('\n');
  const { spans, issues } = decodeText(jaegerElasticsearch, text);
  expect(spans.map(({ origin }) => origin.spanIdRaw)).toEqual(['a', 'b', 'c']);
  expect(new Set(issues.map(({ code }) => code))).toEqual(new Set(['json-syntax']));
});

test('a hit that is no span is reported', () => {
  const dump = { hits: { hits: [{ _source: { serviceName: 'x' } }, ...HITS] } };
  const { spans, issues } = decodeText(jaegerElasticsearch, dump);
  expect(spans).toHaveLength(3);
  expect(issues.map(({ code }) => code)).toEqual(['trace-id-missing']);
});
