import { describe, expect, test } from 'vitest';
import { otlpJson } from '../../../src/importers/otlp/otlp-json.ts';
import { serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { document, only, PARENT_ID, SPAN_ID, TRACE_ID, wire } from '../../helpers/otlp-json.ts';

test('a span as the protocol has it, nanosecond for nanosecond', () => {
  const { span, codes } = only(
    document(
      wire({
        parentSpanId: PARENT_ID,
        traceState: 'a=1',
        flags: 0x101,
        kind: 2,
        status: { code: 2, message: 'boom' },
        attributes: [{ key: 'http.request.method', value: { stringValue: 'GET' } }],
        droppedAttributesCount: 1,
        events: [
          {
            timeUnixNano: '1736000000000000002',
            name: 'exception',
            attributes: [],
            droppedAttributesCount: 3,
          },
        ],
        droppedEventsCount: 4,
        links: [
          {
            traceId: TRACE_ID,
            spanId: PARENT_ID,
            traceState: 'b=2',
            flags: 1,
            droppedAttributesCount: 6,
          },
        ],
        droppedLinksCount: 5,
      }),
    ),
  );
  expect(codes).toEqual([]);
  expect(span).toMatchObject({
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    parentSpanId: PARENT_ID,
    name: 'GET /cart',
    kind: 'server',
    startUnixNano: 1736000000000000001n,
    endUnixNano: 1736000000000002500n,
    durationNs: 2499,
    timeFlags: 0,
    statusCode: 'error',
    statusMessage: 'boom',
    traceState: 'a=1',
    flags: 0x101,
    dropped: { attributes: 1, events: 4, links: 5 },
    scope: { name: 'lib' },
    origin: { format: 'otlp-json', traceIdRaw: null, spanIdRaw: null, parentSpanIdRaw: null },
  });
  expect([...(span?.attributes ?? [])]).toEqual([['http.request.method', 'GET']]);
  expect(span?.events).toMatchObject([
    { timeUnixNano: 1736000000000000002n, name: 'exception', droppedAttributes: 3 },
  ]);
  expect(span?.links).toMatchObject([
    { traceId: TRACE_ID, spanId: PARENT_ID, traceState: 'b=2', flags: 1, droppedAttributes: 6 },
  ]);
  expect(span && serviceName(span.resource)).toBe('cart');
});

describe('ids', () => {
  test.each([
    ['hex in capitals', TRACE_ID.toUpperCase(), SPAN_ID.toUpperCase()],
    ['base64', 'CvdlGRbNQ92ESOshHIAxnA==', 't61rcWkgMzE='],
    ['base64 and hex mixed', 'CvdlGRbNQ92ESOshHIAxnA==', SPAN_ID],
  ])('%s', (_spelling, traceId, spanId) => {
    const { span } = only(document(wire({ traceId, spanId, parentSpanId: 'APBnqgupArc=' })));
    expect(span).toMatchObject({
      traceId: TRACE_ID,
      spanId: SPAN_ID,
      parentSpanId: PARENT_ID,
      origin: { traceIdRaw: traceId },
    });
  });

  test.each([
    ['absent', undefined],
    ['empty', ''],
    ['zero', '0'.repeat(16)],
    ['null', null],
    ['its own', SPAN_ID],
  ])('a parent that is %s makes a root', (_what, parentSpanId) => {
    const { span, codes } = only(document(wire({ parentSpanId })));
    expect(span?.parentSpanId).toBeNull();
    expect(codes).toEqual([]);
  });

  test('a damaged parent is reported', () => {
    const { span, codes } = only(document(wire({ parentSpanId: '!!!' })));
    expect(span?.parentSpanId).toBeNull();
    expect(codes).toEqual(['bad-field']);
  });

  test.each([
    ['trace-id-missing', { traceId: '!!!INVALID_BASE64!!!' }],
    ['trace-id-missing', { traceId: '0'.repeat(32) }],
    ['trace-id-missing', { traceId: undefined }],
    ['span-id-missing', { spanId: 'zzz' }],
    ['span-id-missing', { spanId: { id: 1 } }],
    ['span-id-missing', { spanId: '' }],
  ])('%s: %j; the other spans are kept', (code, fields) => {
    const { spans, issues, records } = decodeText(otlpJson, document(wire(fields), wire()));
    expect(spans).toHaveLength(1);
    expect(issues.map((issue) => issue.code)).toEqual([code]);
    expect(records).toBe(2);
  });

  test('an id past 64 bits, as a number', () => {
    const text = JSON.stringify(document(wire({ spanId: '@' }))).replace(
      '"@"',
      '18446744073709551616',
    );
    const { issues } = decodeText(otlpJson, text);
    expect(issues).toEqual([{ code: 'span-id-missing', example: 'spanId: 18446744073709551616' }]);
  });

  test('a link without ids is dropped, its span is kept', () => {
    const links = [
      { traceId: '', spanId: SPAN_ID },
      { traceId: TRACE_ID, spanId: SPAN_ID },
    ];
    const { span, codes } = only(document(wire({ links })));
    expect(span?.links).toHaveLength(1);
    expect(codes).toEqual(['link-id-missing']);
  });
});

describe('kind and status', () => {
  test.each([
    [undefined, 'unspecified', []],
    [null, 'unspecified', []],
    [0, 'unspecified', []],
    [1, 'internal', []],
    [5, 'consumer', []],
    ['3', 'client', []],
    ['SPAN_KIND_PRODUCER', 'producer', []],
    [7, 'unspecified', ['bad-field']],
    ['SPAN_KIND_INVALID_TYPE', 'unspecified', ['bad-field']],
  ])('kind %j', (kind, expected, codes) => {
    expect(only(document(wire({ kind })))).toMatchObject({ span: { kind: expected }, codes });
  });

  test.each([
    [undefined, 'unset', []],
    [{}, 'unset', []],
    [{ code: 1 }, 'ok', []],
    [{ code: 2 }, 'error', []],
    [{ code: 'STATUS_CODE_ERROR' }, 'error', []],
    [{ code: 'STATUS_CODE_UNSET' }, 'unset', []],
    [{ code: 9 }, 'unset', ['bad-field']],
    ['ERROR', 'unset', ['bad-field']],
  ])('status %j', (status, expected, codes) => {
    expect(only(document(wire({ status })))).toMatchObject({
      span: { statusCode: expected },
      codes,
    });
  });

  test('an attribute named error is no error', () => {
    const attributes = [{ key: 'error', value: { boolValue: true } }];
    expect(only(document(wire({ attributes }))).span?.statusCode).toBe('unset');
  });
});

describe('times', () => {
  const { noStart, noEnd, negativeDuration, badTime } = TIME_FLAGS;
  test.each([
    [
      'numbers',
      '1736000000123456789',
      '1736000000123456790',
      1736000000123456789n,
      1736000000123456790n,
      0,
    ],
    ['zero means absent', '"0"', '"0"', 0n, 0n, noStart | noEnd],
    ['null', 'null', 'null', 0n, 0n, noStart | noEnd],
    ['no end', '"5"', '""', 5n, 5n, noEnd],
    ['reversed', '"9"', '"5"', 9n, 5n, negativeDuration],
    ['past 2^63', '"5"', '"18446744073709551615"', 5n, 5n, noEnd | badTime],
    ['words', '"soon"', '"9"', 0n, 9n, noStart | badTime],
  ])('%s', (_situation, start, end, startUnixNano, endUnixNano, timeFlags) => {
    const text = JSON.stringify(
      document(wire({ startTimeUnixNano: '@start', endTimeUnixNano: '@end' })),
    )
      .replace('"@start"', start)
      .replace('"@end"', end);
    expect(only(text).span).toMatchObject({ startUnixNano, endUnixNano, timeFlags });
  });
});

describe('attributes', () => {
  const read = (attributes: unknown) => {
    const { span, codes } = only(document(wire({ attributes })));
    return { attributes: Object.fromEntries(span?.attributes ?? []), codes };
  };

  test('every type stays distinct', () => {
    const values = {
      string: { stringValue: '1' },
      int: { intValue: '1' },
      number: { intValue: 1 },
      least: { intValue: '-9223372036854775808' },
      double: { doubleValue: 1 },
      nan: { doubleValue: 'NaN' },
      bool: { boolValue: true },
      bytes: { bytesValue: 'AAAwOQ==' },
      list: { arrayValue: { values: [{ intValue: '1' }, {}, { stringValue: '' }] } },
      map: { kvlistValue: { values: [{ key: 'a', value: { kvlistValue: { values: [] } } }] } },
      empty: {},
      emptyString: { stringValue: '' },
      emptyList: { arrayValue: {} },
    };
    const wireForm = Object.entries(values).map(([key, value]) => ({ key, value }));
    expect(read(wireForm)).toEqual({
      attributes: {
        string: '1',
        int: 1n,
        number: 1n,
        least: -9223372036854775808n,
        double: 1,
        nan: Number.NaN,
        bool: true,
        bytes: new Uint8Array([0, 0, 0x30, 0x39]),
        list: [1n, null, ''],
        map: new Map([['a', new Map()]]),
        empty: null,
        emptyString: '',
        emptyList: [],
      },
      codes: [],
    });
  });

  test('of a key that occurs twice the last value wins, in the place of the first', () => {
    const attributes = ['a', 'b', 'a'].map((key, index) => ({ key, value: { intValue: index } }));
    const { span } = only(document(wire({ attributes })));
    expect([...(span?.attributes ?? [])]).toEqual([
      ['a', 2n],
      ['b', 1n],
    ]);
  });

  test('the value beside the key, as in OTLP 0.2', () => {
    const attributes = [
      { key: 'string', stringValue: 'x' },
      { key: 'int', type: 1, int_value: '5' },
      { key: 'bool', type: 'BOOL', boolValue: true },
      { key: 'zero', type: 1 },
      { key: 'false', type: 'BOOL' },
      { key: 'none' },
    ];
    expect(read(attributes)).toEqual({
      attributes: { string: 'x', int: 5n, bool: true, zero: 0n, false: false, none: null },
      codes: [],
    });
  });

  test.each([
    [{ stringValue: 5 }],
    [{ intValue: '1.5' }],
    [{ intValue: '9223372036854775808' }],
    [{ boolValue: 'maybe' }],
    [{ arrayValue: [] }],
    ['bare'],
  ])('a value that is none is reported and left out: %j', (value) => {
    expect(read([{ key: 'k', value }])).toEqual({ attributes: {}, codes: ['bad-field'] });
  });

  test('100 kB in one attribute', () => {
    const long = 'x'.repeat(100_000);
    expect(read([{ key: 'k', value: { stringValue: long } }]).attributes).toEqual({ k: long });
  });
});

test('counts of −1 are reported and 0', () => {
  const { span, codes } = only(
    document(wire({ droppedAttributesCount: -1, droppedLinksCount: 2 })),
  );
  expect(span?.dropped).toEqual({ attributes: 0, events: 0, links: 2 });
  expect(codes).toEqual(['bad-field']);
});

test('unknown fields are counted by name', () => {
  const { issues } = decodeText(otlpJson, document(wire({ colour: 'red' })));
  expect(issues).toEqual([{ code: 'unknown-field', example: 'colour' }]);
});
