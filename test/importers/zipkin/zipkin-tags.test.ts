import { describe, expect, test } from 'vitest';
import { zipkinV2 } from '../../../src/importers/zipkin/zipkin-v2.ts';
import type { Span } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', id: 'b7ad6b7169203331' };
const PLAIN = { ...IDS, timestamp: 1_700_000_000_000_001, duration: 1500 };

function decodeOne(record: object): Span {
  const { spans } = decodeText(zipkinV2, [record]);
  expect(spans).toHaveLength(1);
  return spans[0] as Span;
}

function attributesOf(record: object): Record<string, unknown> {
  return Object.fromEntries(decodeOne(record).attributes);
}

function codesOf(dump: unknown): string[] {
  return decodeText(zipkinV2, dump).issues.map(({ code }) => code);
}

describe('outcome', () => {
  test.each([
    ['no tag', {}, 'unset', '', {}],
    ['error without a value', { error: '' }, 'error', '', { error: '' }],
    ['error=true', { error: 'true' }, 'error', '', {}],
    ['error=false: presence counts', { error: 'false' }, 'error', 'false', {}],
    ['a text', { error: 'boom' }, 'error', 'boom', {}],
    [
      'an HTTP status alone',
      { 'http.status_code': '500' },
      'unset',
      '',
      { 'http.status_code': '500' },
    ],
    ['the specification', { 'otel.status_code': 'ERROR', error: 'boom' }, 'error', 'boom', {}],
    ['the collector', { 'otel.status_code': 'STATUS_CODE_ERROR', error: 'true' }, 'error', '', {}],
    ['OK', { 'otel.status_code': 'OK' }, 'ok', '', {}],
    ['Ok', { 'otel.status_code': 'Ok' }, 'ok', '', {}],
    ['unset, spelt out', { 'otel.status_code': 'UNSET' }, 'unset', '', {}],
    ['an unknown code', { 'otel.status_code': 'MEH' }, 'unset', '', { 'otel.status_code': 'MEH' }],
    ['error beats OK', { 'otel.status_code': 'OK', error: '' }, 'error', '', { error: '' }],
    [
      'a description',
      { 'otel.status_code': 'Error', 'otel.status_description': 'd' },
      'error',
      'd',
      {},
    ],
    [
      'a description beside error=true',
      { error: 'true', 'otel.status_description': 'd' },
      'error',
      'd',
      {},
    ],
    [
      'a description that differs from the error',
      { error: 'boom', 'otel.status_description': 'd' },
      'error',
      'boom',
      { 'otel.status_description': 'd' },
    ],
  ])('%s', (_name, tags, code, message, rest) => {
    const span = decodeOne({ ...PLAIN, tags });
    expect([span.statusCode, span.statusMessage]).toEqual([code, message]);
    expect(Object.fromEntries(span.attributes)).toEqual(rest);
  });
});

describe('kind', () => {
  test.each([
    ['PRODUCER', { kind: 'PRODUCER' }, 'producer'],
    ['lower case', { kind: 'consumer' }, 'consumer'],
    ['absent', {}, 'unspecified'],
    ['null', { kind: null }, 'unspecified'],
    ['the tag that OpenTelemetry writes', { tags: { 'span.kind': 'internal' } }, 'internal'],
    ['a tag where there is no kind', { tags: { 'span.kind': 'client' } }, 'client'],
    ['a tag beside a kind', { kind: 'SERVER', tags: { 'span.kind': 'client' } }, 'server'],
  ])('%s', (_name, fields, kind) => {
    const span = decodeOne({ ...PLAIN, ...fields });
    expect(span.kind).toBe(kind);
    expect(span.attributes.has('span.kind')).toBe(false);
  });

  test('an unknown kind is left out and reported', () => {
    expect(decodeOne({ ...PLAIN, kind: 'LOCAL' }).kind).toBe('unspecified');
    expect(codesOf([{ ...PLAIN, kind: 'LOCAL' }])).toEqual(['bad-field']);
  });

  test('v1 core annotations of a hybrid reporter stay events', () => {
    const annotations = [
      { timestamp: 1, value: 'cs' },
      { timestamp: 2, value: 'sr' },
    ];
    const { spans, split } = decodeText(zipkinV2, [{ ...PLAIN, annotations }]);
    expect(split).toBe(0);
    expect(spans[0]).toMatchObject({
      kind: 'unspecified',
      events: [{ name: 'cs' }, { name: 'sr' }],
    });
  });
});

describe('annotations', () => {
  test.each([
    ['plain text', 'foo', 'foo', {}, 0],
    ['the collector', 'ev|{"a":1,"b":"x|y","c":1.5}|2', 'ev', { a: 1n, b: 'x|y', c: 1.5 }, 2],
    [
      'the specification',
      '"my \\"event\\"": {"k":[true,null]}',
      'my "event"',
      { k: [true, null] },
      0,
    ],
    ['a bar', 'a|b', 'a|b', {}, 0],
    ['bars without JSON', 'a|b|c', 'a|b|c', {}, 0],
    ['broken JSON between bars', 'a|{b}|0', 'a|{b}|0', {}, 0],
    ['a count that is none', 'a|{}|many', 'a|{}|many', {}, 0],
    ['quotes without attributes', '"a": 1', '"a": 1', {}, 0],
    ['an integer past 2^53', 'a|{"n":9007199254740993}|0', 'a', { n: 9_007_199_254_740_993n }, 0],
    ['empty', '', '', {}, 0],
  ])('%s', (_name, value, name, attributes, droppedAttributes) => {
    const [event] = decodeOne({ ...PLAIN, annotations: [{ timestamp: 1, value }] }).events;
    expect(event).toMatchObject({ timeUnixNano: 1000n, name, droppedAttributes });
    expect(Object.fromEntries(event?.attributes ?? [])).toEqual(attributes);
  });

  test('attributes on several lines do not hang the import', () => {
    const value = '"retry": {\n  "attempt": 2\n}';
    const { events } = decodeOne({ ...PLAIN, annotations: [{ timestamp: 1, value }] });
    expect(events.map(({ name, attributes }) => [name, [...attributes]])).toEqual([
      ['retry', [['attempt', 2n]]],
    ]);
  });

  test('attributes nested too deep to walk are left as text', () => {
    const value = `a|{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}|0`;
    const [event] = decodeOne({ ...PLAIN, annotations: [{ timestamp: 1, value }] }).events;
    expect(event?.name).toBe(value);
  });

  test('without a time or a text', () => {
    const { events } = decodeOne({ ...PLAIN, annotations: [{ value: 'x' }, { timestamp: 1 }] });
    expect(events).toMatchObject([
      { timeUnixNano: 0n, name: 'x' },
      { timeUnixNano: 1000n, name: '' },
    ]);
  });
});

describe('tags', () => {
  test('stay strings; other values become their text', () => {
    const tags = { n: '1.5', b: 'true', number: 2, boolean: false, list: [1, 'x'], none: null };
    expect(attributesOf({ ...PLAIN, tags })).toEqual({
      n: '1.5',
      b: 'true',
      number: '2',
      boolean: 'false',
      list: '[1,"x"]',
      none: null,
    });
  });

  test('that OpenTelemetry writes become fields of their own', () => {
    const span = decodeOne({
      ...PLAIN,
      tags: {
        'w3c.tracestate': 'rojo=1',
        'otel.scope.name': 'lib',
        'otel.scope.version': '1',
        'otel.dropped_attributes_count': '3',
        'k8s.pod.name': 'p1',
      },
    });
    expect(span).toMatchObject({
      traceState: 'rojo=1',
      scope: { name: 'lib', version: '1' },
      dropped: { attributes: 3, events: 0, links: 0 },
    });
    expect(Object.fromEntries(span.attributes)).toEqual({ 'k8s.pod.name': 'p1' });
  });

  test('of links become links in the order of their numbers', () => {
    const trace = '1af7651916cd43dd8448eb211c80319c';
    const span = decodeOne({
      ...PLAIN,
      tags: {
        'otlp.link.10': `${trace}|00f067aa0ba902b9||{}|3`,
        'otlp.link.2': `${trace}|00f067aa0ba902b8|ts=1|{"r":"x"}|0`,
      },
    });
    expect(span.attributes.size).toBe(0);
    expect(span.links).toEqual([
      {
        traceId: trace,
        spanId: '00f067aa0ba902b8',
        traceState: 'ts=1',
        attributes: new Map([['r', 'x']]),
        flags: 0,
        droppedAttributes: 0,
      },
      {
        traceId: trace,
        spanId: '00f067aa0ba902b9',
        traceState: '',
        attributes: new Map(),
        flags: 0,
        droppedAttributes: 3,
      },
    ]);
  });

  test.each([
    ['without ids', '|||{}|0'],
    ['of another form', 'hello'],
    ['without a count', '1|2||{}'],
  ])('of a link %s stay tags', (_name, value) => {
    const record = { ...PLAIN, tags: { 'otlp.link.0': value } };
    expect(attributesOf(record)).toEqual({ 'otlp.link.0': value });
    expect(codesOf([record])).toEqual(['link-id-missing']);
  });
});
