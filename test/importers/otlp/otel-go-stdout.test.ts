import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { otelGoStdout } from '../../../src/importers/otlp/otel-go-stdout.ts';
import { TIME_FLAGS } from '../../../src/model/span.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const NO_SPAN = { TraceID: '0'.repeat(32), SpanID: '0'.repeat(16), TraceFlags: '00' };

function goSpan(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    Name: 'GET /cart',
    SpanContext: {
      TraceID: TRACE_ID,
      SpanID: 'b7ad6b7169203331',
      TraceFlags: '01',
      TraceState: 'vendor=1',
      Remote: false,
    },
    Parent: { ...NO_SPAN, TraceID: TRACE_ID, SpanID: '00f067aa0ba902b7' },
    SpanKind: 2,
    StartTime: '2024-01-12T14:57:40.147265775Z',
    EndTime: '2024-01-12T15:57:40.164529263+01:00',
    Attributes: [{ Key: 'http.request.method', Value: { Type: 'STRING', Value: 'GET' } }],
    Events: null,
    Links: null,
    Status: { Code: 'Unset', Description: '' },
    DroppedAttributes: 1,
    DroppedEvents: 2,
    DroppedLinks: 3,
    ChildSpanCount: 0,
    Resource: [{ Key: 'service.name', Value: { Type: 'STRING', Value: 'cart' } }],
    InstrumentationScope: { Name: 'otelhttp', Version: '0.50', SchemaURL: 'url', Attributes: null },
    ...parts,
  };
}

function only(parts: Record<string, unknown>) {
  const { spans, issues } = decodeText(otelGoStdout, goSpan(parts));
  return { span: spans[0], codes: issues.map(({ code }) => code) };
}

test('a span keeps all that the SDK prints', () => {
  const { spans, issues } = decodeText(otelGoStdout, goSpan());
  expect(issues).toEqual([]);
  expect(spans).toMatchObject([
    {
      traceId: TRACE_ID,
      spanId: 'b7ad6b7169203331',
      parentSpanId: '00f067aa0ba902b7',
      name: 'GET /cart',
      kind: 'server',
      startUnixNano: 1_705_071_460_147_265_775n,
      durationNs: 17_263_488,
      traceState: 'vendor=1',
      flags: 1,
      attributes: new Map([['http.request.method', 'GET']]),
      dropped: { attributes: 1, events: 2, links: 3 },
      resource: { attributes: new Map([['service.name', 'cart']]) },
      scope: { name: 'otelhttp', version: '0.50', schemaUrl: 'url' },
    },
  ]);
});

test.each([
  ['Unset', 'unset'],
  ['Error', 'error'],
  ['Ok', 'ok'],
  [0, 'unset'],
  [1, 'error'],
  [2, 'ok'],
])("Go's status code %j is %s", (code, status) => {
  const { span, codes } = only({ Status: { Code: code, Description: 'why' } });
  expect(span).toMatchObject({ statusCode: status, statusMessage: 'why' });
  expect(codes).toEqual([]);
});

test('every type of attribute is kept', () => {
  const values = [
    ['BOOL', true, true],
    ['INT64', 3, 3n],
    ['FLOAT64', 1, 1],
    ['STRING', '1', '1'],
    ['BOOLSLICE', [true, false], [true, false]],
    ['INT64SLICE', [1, 2], [1n, 2n]],
    ['FLOAT64SLICE', [1, 0.5], [1, 0.5]],
    ['STRINGSLICE', ['a'], ['a']],
    ['BYTESLICE', 'AP8=', Uint8Array.of(0, 255)],
  ] as const;
  const pairs = values.map(([type, raw]) => ({ Key: type, Value: { Type: type, Value: raw } }));
  const { span } = only({ Attributes: pairs });
  expect([...(span?.attributes.values() ?? [])]).toEqual(values.map(([, , expected]) => expected));
});

test('an integer attribute past 2^53 is exact', () => {
  const text = JSON.stringify(goSpan()).replace('"GET"', '9007199254740993');
  expect(decodeText(otelGoStdout, text).spans[0]?.attributes.get('http.request.method')).toBe(
    9_007_199_254_740_993n,
  );
});

test('events and links are kept, a link without ids is reported', () => {
  const { span, codes } = only({
    Events: [
      {
        Name: 'exception',
        Attributes: null,
        DroppedAttributeCount: 1,
        Time: '1970-01-01T00:00:01Z',
      },
    ],
    Links: [
      {
        SpanContext: { ...NO_SPAN, TraceID: '1'.repeat(32), SpanID: '2'.repeat(16) },
        Attributes: [{ Key: 'k', Value: { Type: 'INT64', Value: 1 } }],
        DroppedAttributeCount: 0,
      },
      { SpanContext: NO_SPAN, Attributes: null, DroppedAttributeCount: 0 },
    ],
  });
  expect(span?.events).toMatchObject([
    { name: 'exception', timeUnixNano: 1_000_000_000n, droppedAttributes: 1 },
  ]);
  expect(span?.links).toMatchObject([
    { traceId: '1'.repeat(32), spanId: '2'.repeat(16), attributes: new Map([['k', 1n]]) },
  ]);
  expect(codes).toEqual(['link-id-missing']);
});

describe('oddities', () => {
  test('a parent of zeros is none', () => {
    expect(only({ Parent: NO_SPAN }).span?.parentSpanId).toBeNull();
  });

  test("Go's zero time means that the exporter was told to leave times out", () => {
    const zero = '0001-01-01T00:00:00Z';
    const { span, codes } = only({ StartTime: zero, EndTime: zero });
    expect(span?.timeFlags).toBe(TIME_FLAGS.noStart | TIME_FLAGS.noEnd);
    expect(codes).toEqual(['no-start', 'no-end']);
  });

  test('null for attributes and resource, and the scope by its old name', () => {
    const { span } = only({
      Attributes: null,
      Resource: null,
      InstrumentationScope: undefined,
      InstrumentationLibrary: { Name: 'old', Version: '', SchemaURL: '' },
    });
    expect(span).toMatchObject({ attributes: new Map(), scope: { name: 'old' } });
  });

  test.each([
    ['trace-id-missing', { SpanContext: NO_SPAN }],
    ['span-id-missing', { SpanContext: { ...NO_SPAN, TraceID: TRACE_ID } }],
    ['unrecognised-record', { SpanContext: null }],
  ])('%s: the span is dropped', (code, parts) => {
    expect(only(parts)).toEqual({ span: undefined, codes: [code] });
  });

  test.each([
    ['SpanKind', { SpanKind: 9 }],
    ['TraceFlags', { SpanContext: { TraceID: TRACE_ID, SpanID: '1', TraceFlags: 'xyz' } }],
    ['Status', { Status: { Code: 'Bad' } }],
    ['Parent', { Parent: { SpanID: '!!' } }],
    ['StartTime', { StartTime: 'yesterday' }],
  ])('a bad %s is reported and left out', (_, parts) => {
    const { span, codes } = only(parts);
    expect(span).toBeDefined();
    expect(codes).toEqual(['bad-field']);
  });
});

test('spans come alone, one after the other, pretty-printed, or in a list; equal resources are shared', () => {
  const two = [goSpan(), goSpan({ Name: 'second' })];
  const dumps = [
    two.map((span) => JSON.stringify(span)).join('\n'),
    two.map((span) => JSON.stringify(span, null, '\t')).join('\n'),
    JSON.stringify(two),
  ];
  for (const dump of dumps) {
    const { spans, records } = decodeText(otelGoStdout, dump);
    expect(spans.map(({ name }) => name)).toEqual(['GET /cart', 'second']);
    expect(records).toBe(2);
    expect(spans[0]?.resource).toBe(spans[1]?.resource);
  }
});

test('a dump is told by its SpanContext', () => {
  const whyNot = (...values: never[]): string | null =>
    otelGoStdout.whyNot({ bytes: new Uint8Array(), isWhole: true, values });
  expect(whyNot(goSpan() as never)).toBeNull();
  expect(whyNot([goSpan()] as never)).toBeNull();
  expect(whyNot([{ traceId: '1' }] as never)).toBe('no span with "SpanContext"');
  expect(whyNot()).not.toBeNull();
});

corpusTest('a real dump: statuses by name, one root', () => {
  const file = 'traces/otel-sdk/docker_buildx__buildkit-spanstubs-misnamed-otlp.json';
  const dump = readFileSync(path.join(CORPUS ?? '', file), 'utf8');
  const { spans, issues } = decodeText(otelGoStdout, dump);
  expect(issues).toEqual([]);
  expect(spans).toHaveLength(73);
  expect(spans.filter(({ statusCode }) => statusCode === 'ok')).toHaveLength(24);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === null)).toHaveLength(1);
});
