import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { otelJsConsole } from '../../../src/importers/otlp/otel-js-console.ts';
import { TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeBytes } from '../../helpers/decode-bytes.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

/** A span as SDK 2 prints it. */
function jsSpan(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    resource: { attributes: { 'service.name': 'cart' } },
    instrumentationScope: { name: 'http', version: '1.2', schemaUrl: undefined },
    traceId: TRACE_ID,
    parentSpanContext: { traceId: TRACE_ID, spanId: '00f067aa0ba902b7', traceFlags: 1 },
    traceState: 'vendor=1',
    name: 'GET /cart',
    id: SPAN_ID,
    kind: 1,
    timestamp: 1700000000000123.5,
    duration: 686.317,
    attributes: { 'http.request.method': 'GET', retries: 3, ratio: 0.5, hot: true, ids: [1, 2] },
    status: { code: 2, message: "can't" },
    events: [
      { name: 'retry', attributes: { n: 1 }, time: [1700000000, 5], droppedAttributesCount: 1 },
    ],
    links: [
      { context: { traceId: '1'.repeat(32), spanId: SPAN_ID, traceFlags: 1 }, attributes: {} },
    ],
    ...parts,
  };
}

function printed(...spans: readonly Record<string, unknown>[]): string {
  return spans.map((span) => `${inspect(span, { depth: 3 })}\n`).join('');
}

const EXPECTED = {
  traceId: TRACE_ID,
  spanId: SPAN_ID,
  parentSpanId: '00f067aa0ba902b7',
  name: 'GET /cart',
  kind: 'server',
  startUnixNano: 1_700_000_000_000_123_500n,
  durationNs: 686_317,
  traceState: 'vendor=1',
  statusCode: 'error',
  statusMessage: "can't",
  attributes: new Map<string, unknown>([
    ['http.request.method', 'GET'],
    ['retries', 3n],
    ['ratio', 0.5],
    ['hot', true],
    ['ids', [1n, 2n]],
  ]),
  events: [{ name: 'retry', timeUnixNano: 1_700_000_000_000_000_005n, droppedAttributes: 1 }],
  links: [{ traceId: '1'.repeat(32), spanId: SPAN_ID, flags: 1 }],
  resource: { attributes: new Map([['service.name', 'cart']]) },
  scope: { name: 'http', version: '1.2' },
};

test.each([
  ['as Node.js prints it', printed(jsSpan())],
  ['as JSON', JSON.stringify(jsSpan())],
  ['as a list of JSON', JSON.stringify([jsSpan()], null, 2)],
  ['with line ends of Windows', printed(jsSpan()).replaceAll('\n', '\r\n')],
])('a span %s', (_, dump) => {
  const { spans, issues, records } = decodeText(otelJsConsole, dump);
  expect(issues).toEqual([]);
  expect(records).toBe(1);
  expect(spans).toMatchObject([EXPECTED]);
});

test('a span of SDK 1', () => {
  const old = jsSpan({
    resource: { _attributes: { 'service.name': 'cart' } },
    instrumentationScope: undefined,
    instrumentationLibrary: { name: 'http', version: '1.2' },
    parentSpanContext: undefined,
    parentId: '00f067aa0ba902b7',
  });
  expect(decodeText(otelJsConsole, printed(old)).spans).toMatchObject([EXPECTED]);
});

test.each([
  [0, 'internal'],
  [1, 'server'],
  [2, 'client'],
  [3, 'producer'],
  [4, 'consumer'],
])('kind %i of the API is %s', (kind, expected) => {
  expect(decodeText(otelJsConsole, printed(jsSpan({ kind }))).spans[0]?.kind).toBe(expected);
});

describe('a console', () => {
  const text = `listening on 3000\n${printed(jsSpan())}[12:00:01] GET /cart { cached: false }\n${printed(jsSpan({ name: 'second' }))}bye`;

  test('has other lines between the spans, which are passed over and counted', () => {
    const { spans, issues } = decodeText(otelJsConsole, text);
    expect(spans.map(({ name }) => name)).toEqual(['GET /cart', 'second']);
    expect(issues.map(({ code }) => code)).toEqual(Array(3).fill('other-signal'));
    expect(spans[0]?.resource).toBe(spans[1]?.resource);
  });

  test('gives the same whatever the chunks are', () => {
    const bytes = Buffer.from(text);
    const whole = decodeBytes(otelJsConsole, bytes);
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      expect(decodeBytes(otelJsConsole, bytes, size)).toEqual(whole);
    }
  });

  test('that ends inside a span says so', () => {
    const { spans, issues } = decodeText(otelJsConsole, text.slice(0, -100));
    expect(spans).toHaveLength(1);
    expect(issues.at(-1)?.code).toBe('truncated-input');
  });

  test('that lost the end of a span keeps the next one', () => {
    const cut = printed(jsSpan())
      .slice(0, 300)
      .replace(/\n[^\n]*$/, '\n');
    const { spans, issues, records } = decodeText(otelJsConsole, cut + printed(jsSpan()));
    expect([spans.length, records]).toEqual([1, 2]);
    expect(issues.map(({ code }) => code)).toEqual(['unrecognised-record']);
  });

  test('may hold what the exporters of logs and metrics print, and objects of the program', () => {
    const log = {
      ...jsSpan(),
      id: undefined,
      spanId: SPAN_ID,
      severityText: 'INFO',
      body: 'hello',
    };
    const config = { port: 3000, paths: Array(40).fill('/some/long/path') };
    const { spans, issues } = decodeText(otelJsConsole, printed(jsSpan(), log, config));
    expect(spans).toHaveLength(1);
    expect(issues.map(({ code }) => code)).toEqual(['other-signal', 'unrecognised-record']);
  });
});

test.each([
  ['trace-id-missing', { traceId: '0'.repeat(32) }],
  ['span-id-missing', { id: '0'.repeat(16) }],
])('%s: the span is dropped', (code, parts) => {
  const { spans, issues } = decodeText(otelJsConsole, printed(jsSpan(parts)));
  expect(spans).toEqual([]);
  expect(issues.map((issue) => issue.code)).toEqual([code]);
});

test.each([
  ['bad-field', { kind: 9 }],
  ['bad-field', { status: { code: 9 } }],
  ['bad-field', { parentSpanContext: { spanId: 'no id' } }],
  ['bad-field', { events: [{ name: 'e', time: 'now' }] }],
  ['link-id-missing', { links: [{ context: {} }] }],
  ['no-end', { duration: undefined }],
])('%s is reported, the span is kept', (code, parts) => {
  const { spans, issues } = decodeText(otelJsConsole, printed(jsSpan(parts)));
  expect(spans).toHaveLength(1);
  expect(issues.map((issue) => issue.code)).toEqual([code]);
});

test('an unfinished span has no end', () => {
  const { spans } = decodeText(otelJsConsole, printed(jsSpan({ duration: undefined })));
  expect(spans[0]?.timeFlags).toBe(TIME_FLAGS.noEnd);
});

test('a dump is told by its spans, in either notation', () => {
  const whyNot = (text: string, ...values: unknown[]): string | null =>
    otelJsConsole.whyNot({ bytes: Buffer.from(text), isWhole: true, values: values as never });
  expect(whyNot(`listening\n${printed(jsSpan())}`)).toBeNull();
  expect(whyNot('', [jsSpan()])).toBeNull();
  expect(whyNot('', { traceId: '1', id: '2', timestamp: 1 })).toContain('no span');
  expect(whyNot("{\n  traceId: 'x',\n}")).toContain('no span');
});
