import { describe, expect, test } from 'vitest';
import { otelFlat } from '../../../src/importers/otlp/otel-flat.ts';
import { serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';

/** A row as a columnar store prints it. */
function row(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    trace_id: TRACE_ID,
    span_id: SPAN_ID,
    trace_state: null,
    parent_span_id: null,
    name: '/healthz',
    kind: 2,
    start_time_unix_nano: 1626371667388918000,
    end_time_unix_nano: 1626371667388938000,
    attributes: { method: 'GET', retries: 2, ratio: 0.5, error: null },
    status: { message: null, code: 1 },
    ...parts,
  };
}

/** A row of Data Prepper's span index. */
function prepperRow(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    traceId: 'CvdlGRbNQ92ESOshHIAxnA==',
    spanId: 't61rcWkgMzE=',
    parentSpanId: 'APBnqgupArc=',
    name: 'GET /logs',
    kind: 'SPAN_KIND_CLIENT',
    status: {},
    serviceName: 'customer',
    startTime: '2020-08-20T05:40:46.041011600Z',
    endTime: '2020-08-20T05:40:46.089556800Z',
    durationInNanos: 48545200,
    traceGroup: 'GET /logs',
    'span.attributes.http@status_code': 200,
    'span.attributes.net.peer.port': 41168,
    'resource.attributes.host@name': 'web-1',
    ...parts,
  };
}

function only(record: Record<string, unknown>) {
  const { spans, issues } = decodeText(otelFlat, record);
  return { span: spans[0], codes: issues.map(({ code }) => code) };
}

test('a row in snake case, its times exact, null columns left out', () => {
  const text = JSON.stringify(row()).replace('1626371667388918000', '1626371667388918001');
  const { spans, issues } = decodeText(otelFlat, text);
  expect(issues).toEqual([]);
  expect(spans).toMatchObject([
    {
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      parentSpanId: null,
      name: '/healthz',
      kind: 'server',
      startUnixNano: 1_626_371_667_388_918_001n,
      durationNs: 19_999,
      statusCode: 'ok',
      attributes: new Map<string, unknown>([
        ['method', 'GET'],
        ['retries', 2n],
        ['ratio', 0.5],
      ]),
      origin: { format: 'otel-flat' },
    },
  ]);
});

test("a row of Data Prepper: base64 ids, spread attributes with @ for '.', service name beside the resource", () => {
  const { span, codes } = only(prepperRow());
  expect(codes).toEqual([]);
  expect(span).toMatchObject({
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: '00f067aa0ba902b7',
    kind: 'client',
    startUnixNano: 1_597_902_046_041_011_600n,
    durationNs: 48_545_200,
    attributes: new Map([
      ['http.status_code', 200n],
      ['net.peer.port', 41168n],
    ]),
    resource: {
      attributes: new Map([
        ['service.name', 'customer'],
        ['host.name', 'web-1'],
      ]),
    },
  });
});

test('events, links, dropped counts and scope', () => {
  const { span, codes } = only(
    row({
      resource: { attributes: { 'service.name': 'cart' } },
      'instrumentationScope.name': 'http',
      instrumentationScope: { version: '1.0' },
      dropped_attributes_count: 1,
      dropped_events_count: 2,
      dropped_links_count: 3,
      events: [{ time_unix_nano: 5, name: 'e', attributes: { n: 1 }, dropped_attributes_count: 1 }],
      links: [{ trace_id: '1', span_id: '2', trace_state: 'x', attributes: { n: 1 } }, {}],
    }),
  );
  expect(codes).toEqual(['link-id-missing']);
  expect(span && serviceName(span.resource)).toBe('cart');
  expect(span).toMatchObject({
    scope: { name: 'http', version: '1.0' },
    dropped: { attributes: 1, events: 2, links: 3 },
    events: [
      { timeUnixNano: 5n, name: 'e', attributes: new Map([['n', 1n]]), droppedAttributes: 1 },
    ],
    links: [{ traceId: '1'.padStart(32, '0'), spanId: '2'.padStart(16, '0'), traceState: 'x' }],
  });
});

describe('oddities', () => {
  test('ids that are names are hashed, the same for span, parent and link', () => {
    const rows = [
      row({ trace_id: 'trace_1', span_id: 'span_1' }),
      row({ trace_id: 'trace_1', span_id: 'span_2', parent_span_id: 'span_1' }),
    ];
    const { spans } = decodeText(otelFlat, rows);
    expect(spans[1]?.parentSpanId).toBe(spans[0]?.spanId);
    expect(spans[0]?.origin).toMatchObject({ traceIdRaw: 'trace_1', spanIdRaw: 'span_1' });
  });

  test('a status as dotted fields, by name', () => {
    const { span } = only(
      prepperRow({ status: undefined, 'status.code': 'ERROR', 'status.message': 'refused' }),
    );
    expect(span).toMatchObject({ statusCode: 'error', statusMessage: 'refused' });
  });

  test('no end but a duration; neither', () => {
    expect(only(prepperRow({ endTime: undefined })).span?.durationNs).toBe(48_545_200);
    const { span, codes } = only(prepperRow({ endTime: undefined, durationInNanos: undefined }));
    expect(span?.timeFlags).toBe(TIME_FLAGS.noEnd);
    expect(codes).toEqual(['no-end']);
  });

  test.each([
    ['trace-id-missing', { trace_id: null }],
    ['span-id-missing', { span_id: '0000000000000000' }],
  ])('%s: the row is dropped', (code, parts) => {
    expect(only(row(parts))).toEqual({ span: undefined, codes: [code] });
  });

  test.each([
    ['kind', { kind: 77 }],
    ['kind name', { kind: 'GUEST' }],
    ['status code', { status: { code: 'FINE' } }],
    ['parent', { parent_span_id: 'no id' }],
    ['attributes', { attributes: 'none' }],
  ])('a bad %s is reported and left out', (_, parts) => {
    const { span, codes } = only(row(parts));
    expect(span).toBeDefined();
    expect(codes).toEqual(['bad-field']);
  });

  test('what is no object is dropped', () => {
    const { spans, issues, records } = decodeText(otelFlat, [row(), 7]);
    expect([spans.length, records]).toEqual([1, 2]);
    expect(issues.map(({ code }) => code)).toEqual(['unrecognised-record']);
  });
});

test('rows are told from spans of other formats', () => {
  const whyNot = (...values: unknown[]): string | null =>
    otelFlat.whyNot({ bytes: new Uint8Array(), isWhole: true, values: values as never });
  expect(whyNot(row())).toBeNull();
  expect(whyNot([prepperRow()])).toBeNull();
  expect(whyNot({ traceId: '1', id: '2', timestamp: 1 })).toContain('no row');
  expect(whyNot({ traceId: '1', spanId: '2', startTimeUnixNano: '1' })).toContain('no row');
});
