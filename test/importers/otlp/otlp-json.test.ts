import { describe, expect, test } from 'vitest';
import { otlpJson } from '../../../src/importers/otlp/otlp-json.ts';
import { serviceName } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';
import {
  batch,
  document,
  only,
  PARENT_ID,
  resource,
  SPAN_ID,
  TRACE_ID,
  wire,
} from '../../helpers/otlp-json.ts';

describe('ways to lay a dump out', () => {
  const one = document(wire());
  const two = document(wire({ spanId: '2' }));
  test.each([
    ['one document', JSON.stringify(one), 1],
    ['JSON lines', `${JSON.stringify(one)}\n${JSON.stringify(two)}\n`, 2],
    [
      'pretty-printed documents one after another',
      `${JSON.stringify(one, null, 2)}\n${JSON.stringify(two, null, 2)}`,
      2,
    ],
    ['a list of documents', JSON.stringify([one, two]), 2],
    [
      'ResourceSpans without anything around, in lines',
      `${JSON.stringify(batch('a', [wire()]))}\n${JSON.stringify(batch('b', [wire()]))}`,
      2,
    ],
    [
      'instrumentationLibrarySpans, as before OTLP 0.16',
      JSON.stringify({
        resourceSpans: [
          {
            resource: {},
            instrumentationLibrarySpans: [
              { instrumentationLibrary: { name: 'lib' }, spans: [wire()] },
            ],
          },
        ],
      }),
      1,
    ],
    [
      'both names for the lists of one resource',
      JSON.stringify({
        resourceSpans: [
          {
            scopeSpans: [{ spans: [wire()] }],
            instrumentationLibrarySpans: [{ spans: [wire({ spanId: '2' })] }],
          },
        ],
      }),
      2,
    ],
    ['no spans', JSON.stringify({ resourceSpans: [{ resource: {} }, { scopeSpans: [] }] }), 0],
    ['no batches', JSON.stringify({ resourceSpans: [] }), 0],
    [
      'null lists',
      JSON.stringify({
        resourceSpans: [{ resource: null, scopeSpans: [{ scope: null, spans: null }] }],
      }),
      0,
    ],
  ])('%s', (_layout, text, count) => {
    const { spans, issues } = decodeText(otlpJson, text);
    expect(spans).toHaveLength(count);
    expect(issues).toEqual([]);
    expect(otlpJson.whyNot(headOf(text))).toBeNull();
  });

  test('snake_case throughout', () => {
    const { span, codes } = only({
      resource_spans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { string_value: 'cart' } }] },
          scope_spans: [
            {
              scope: { name: 'lib' },
              spans: [
                {
                  trace_id: TRACE_ID,
                  span_id: SPAN_ID,
                  parent_span_id: PARENT_ID,
                  trace_state: 'a=1',
                  name: 'op',
                  kind: 'SPAN_KIND_CONSUMER',
                  start_time_unix_nano: '5',
                  end_time_unix_nano: '9',
                  attributes: [
                    { key: 'n', value: { int_value: '7' } },
                    { key: 'list', value: { array_value: { values: [{ bool_value: true }] } } },
                  ],
                  dropped_attributes_count: 2,
                  events: [{ time_unix_nano: '6', name: 'e' }],
                  links: [{ trace_id: TRACE_ID, span_id: PARENT_ID }],
                  status: { code: 'STATUS_CODE_OK' },
                },
              ],
            },
          ],
        },
      ],
    });
    expect(codes).toEqual([]);
    expect(span).toMatchObject({
      parentSpanId: PARENT_ID,
      traceState: 'a=1',
      kind: 'consumer',
      startUnixNano: 5n,
      endUnixNano: 9n,
      statusCode: 'ok',
      dropped: { attributes: 2 },
      events: [{ timeUnixNano: 6n }],
      links: [{ traceId: TRACE_ID }],
    });
    expect([...(span?.attributes ?? [])]).toEqual([
      ['n', 7n],
      ['list', [true]],
    ]);
    expect(span && serviceName(span.resource)).toBe('cart');
  });

  test('lines of logs and metrics between are counted, other objects reported', () => {
    const text = [
      { resourceMetrics: [{}] },
      document(wire()),
      { resourceLogs: [{}] },
      { unrelated: true },
    ].map((each) => JSON.stringify(each));
    const { spans, issues, records } = decodeText(otlpJson, text.join('\n'));
    expect(spans).toHaveLength(1);
    expect(issues.map(({ code }) => code)).toEqual([
      'other-signal',
      'other-signal',
      'unrecognised-record',
    ]);
    expect(records).toBe(2);
  });
});

describe('the order of keys is free', () => {
  const spans = [wire(), wire({ spanId: '2' })];
  test.each([
    [
      'the resource behind its spans',
      { scopeSpans: [{ scope: { name: 'lib' }, spans }], resource: resource('cart') },
    ],
    [
      'the scope behind its spans',
      { resource: resource('cart'), scopeSpans: [{ spans, scope: { name: 'lib' } }] },
    ],
    [
      'both behind',
      { scopeSpans: [{ spans, scope: { name: 'lib' } }], resource: resource('cart') },
    ],
  ])('%s', (_order, resourceSpans) => {
    const before = batch('other', [wire({ spanId: '3' })], 'otherlib');
    const { spans: read } = decodeText(otlpJson, {
      resourceSpans: [before, resourceSpans, before],
    });
    expect(read.map((span) => [span.spanId, serviceName(span.resource), span.scope.name])).toEqual([
      ['0000000000000003', 'other', 'otherlib'],
      [SPAN_ID, 'cart', 'lib'],
      ['0000000000000002', 'cart', 'lib'],
      ['0000000000000003', 'other', 'otherlib'],
    ]);
  });

  test('schema URLs stand behind the spans', () => {
    const { span } = only({
      resourceSpans: [
        {
          resource: resource('cart'),
          scopeSpans: [{ scope: { name: 'lib' }, spans: [wire()], schemaUrl: 'scope-url' }],
          schemaUrl: 'resource-url',
        },
      ],
    });
    expect(span?.resource.schemaUrl).toBe('resource-url');
    expect(span?.scope.schemaUrl).toBe('scope-url');
  });

  test('spans of a batch of many megabytes are not held until its end', () => {
    const filler = [{ key: 'filler', value: { stringValue: 'x'.repeat(100_000) } }];
    const many = Array.from({ length: 120 }, (_, index) =>
      wire({ spanId: String(index + 1), attributes: filler }),
    );
    const text = JSON.stringify({ resourceSpans: [{ ...batch('cart', many), schemaUrl: 'url' }] });
    const given: string[] = [];
    const decoder = otlpJson.decode({
      span: (span) => given.push(serviceName(span.resource)),
      issue: () => {},
      record: () => {},
      split: () => {},
    });
    const bytes = new TextEncoder().encode(text);
    decoder.push(bytes.subarray(0, bytes.length / 2));
    expect(given).toEqual([]);
    decoder.push(bytes.subarray(bytes.length / 2, -1));
    expect(given.length).toBeGreaterThan(80);
    decoder.end();
    expect(given).toEqual(Array(120).fill('cart'));
  });
});

test('equal resources and scopes are one object throughout a dump', () => {
  const text = [batch('a', [wire()]), batch('b', [wire()]), batch('a', [wire(), wire()])]
    .map((each) => JSON.stringify({ resourceSpans: [each] }))
    .join('\n');
  const { spans } = decodeText(otlpJson, text);
  expect(new Set(spans.map((span) => span.resource)).size).toBe(2);
  expect(new Set(spans.map((span) => span.scope)).size).toBe(1);
  expect(spans[2]?.resource).toBe(spans[0]?.resource);
});

test('a broken span costs only itself', () => {
  const text = JSON.stringify(
    document(wire({ spanId: '1' }), wire({ spanId: '2' }), wire({ spanId: '3' })),
  );
  const { spans, issues } = decodeText(otlpJson, text.replace('"spanId":"2"', '"spanId":2x'));
  expect(spans.map(({ spanId }) => spanId)).toEqual(['0000000000000001', '0000000000000003']);
  expect(issues.map(({ code }) => code)).toEqual(['json-syntax']);
});

test('a dump that is cut off keeps the spans before', () => {
  const text = JSON.stringify(document(wire({ spanId: '1' }), wire({ spanId: '2' })));
  const { spans, issues } = decodeText(otlpJson, text.slice(0, -30));
  expect(spans.map((span) => [span.spanId, serviceName(span.resource)])).toEqual([
    ['0000000000000001', 'cart'],
  ]);
  expect(issues.map(({ code }) => code)).toEqual(['truncated-input']);
});

test('a span that is no object is reported', () => {
  const { spans, issues, records } = decodeText(otlpJson, {
    resourceSpans: [batch('a', [wire()])],
    x: 1,
  });
  expect({ spans: spans.length, issues: issues.length, records }).toEqual({
    spans: 1,
    issues: 1,
    records: 1,
  });
  const text = JSON.stringify(document(wire())).replace('"spans":[', '"spans":[7,');
  expect(decodeText(otlpJson, text).issues.map(({ code }) => code)).toEqual([
    'unrecognised-record',
  ]);
});

test.each([
  ['a Tempo answer', { batches: [] }],
  ['a Jaeger answer', { data: [] }],
  ['a list of Zipkin spans', [{ traceId: '1', id: '1' }]],
  ['nothing', []],
])('%s is not OTLP', (_what, dump) => {
  expect(otlpJson.whyNot(headOf(dump))).toBe('no "resourceSpans"');
});
