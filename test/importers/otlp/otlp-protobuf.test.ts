import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { otlpProtobuf } from '../../../src/importers/otlp/otlp-protobuf.ts';
import { serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { CORPUS, corpusTest } from '../../helpers/corpus.ts';
import { decodeBytes } from '../../helpers/decode-bytes.ts';
import {
  framed,
  stringPair,
  tracesData,
  wireResource,
  wireScopeSpans,
  wireSpan,
} from '../../helpers/otlp-message.ts';
import {
  bytesField,
  doubleField,
  fixed32Field,
  fixed64Field,
  messageField,
  varintField,
} from '../../helpers/wire-message.ts';

const SPAN_ID = 'b7ad6b7169203331';

function shopDump(): Buffer {
  const cart = tracesData(
    wireResource('cart'),
    wireScopeSpans('http', wireSpan({ spanId: '0000000000000001' }), wireSpan({ name: 'DEL' })),
    bytesField(3, 'https://opentelemetry.io/schemas/1.40.0'),
  );
  const catalog = tracesData(wireResource('catalog'), wireScopeSpans('sql', wireSpan()));
  return Buffer.concat([cart, catalog]);
}

function whyNot(bytes: Buffer): string | null {
  return otlpProtobuf.whyNot({ bytes, isWhole: true, values: [] });
}

/** One span with further fields. */
function decodeSpan(...more: Buffer[]) {
  const dump = tracesData(wireResource('cart'), wireScopeSpans('http', wireSpan({ more })));
  const { spans, issues } = decodeBytes(otlpProtobuf, dump);
  return { span: spans[0], issues };
}

describe('a span', () => {
  test('keeps ids, times to the nanosecond, kind, flags, resource and scope', () => {
    const { spans, issues, records } = decodeBytes(otlpProtobuf, shopDump());
    expect(issues).toEqual([]);
    expect(records).toBe(3);
    expect(spans[0]).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: '0000000000000001',
      parentSpanId: null,
      name: 'GET /cart',
      kind: 'server',
      startUnixNano: 1_700_000_000_000_000_001n,
      endUnixNano: 1_700_000_000_000_500_003n,
      durationNs: 500_002,
      timeFlags: 0,
      flags: 257,
      origin: { format: 'otlp-protobuf', traceIdRaw: null },
    });
    expect(spans.map((span) => [serviceName(span.resource), span.scope.name])).toEqual([
      ['cart', 'http'],
      ['cart', 'http'],
      ['catalog', 'sql'],
    ]);
  });

  test('keeps every type of attribute', () => {
    const pair = (key: string, ...value: Buffer[]): Buffer =>
      messageField(9, bytesField(1, key), messageField(2, ...value));
    const list = messageField(5, messageField(1, varintField(3, 1)), messageField(1));
    const map = messageField(6, stringPair(1, 'inner', 'x'));
    const { span } = decodeSpan(
      pair('text', bytesField(1, 'ü')),
      pair('flag', varintField(2, 1)),
      pair('int', varintField(3, -(2n ** 63n))),
      pair('double', doubleField(4, 0.5)),
      pair('list', list),
      pair('map', map),
      pair('bytes', bytesField(7, Buffer.from([0, 255]))),
      pair('empty'),
      messageField(9, bytesField(1, 'absent')),
      pair('text', bytesField(1, 'last wins')),
    );
    expect([...(span?.attributes ?? [])]).toEqual([
      ['text', 'last wins'],
      ['flag', true],
      ['int', -(2n ** 63n)],
      ['double', 0.5],
      ['list', [1n, null]],
      ['map', new Map([['inner', 'x']])],
      ['bytes', Uint8Array.of(0, 255)],
      ['empty', null],
      ['absent', null],
    ]);
  });

  test('keeps status, events, links and dropped counts', () => {
    const { span } = decodeSpan(
      bytesField(3, 'vendor=1'),
      varintField(10, 1),
      messageField(11, fixed64Field(1, 5n), bytesField(2, 'retry'), stringPair(3, 'n', '2')),
      varintField(12, 2),
      messageField(
        13,
        bytesField(1, Buffer.alloc(16, 1)),
        bytesField(2, Buffer.alloc(8, 2)),
        fixed32Field(6, 1),
      ),
      varintField(14, 3),
      messageField(15, bytesField(2, 'declined'), varintField(3, 2)),
    );
    expect(span).toMatchObject({
      traceState: 'vendor=1',
      statusCode: 'error',
      statusMessage: 'declined',
      dropped: { attributes: 1, events: 2, links: 3 },
      events: [{ timeUnixNano: 5n, name: 'retry', attributes: new Map([['n', '2']]) }],
      links: [{ traceId: '01'.repeat(16), spanId: '02'.repeat(8), flags: 1 }],
    });
  });

  test('without times is kept and says so', () => {
    const dump = tracesData(wireScopeSpans('', wireSpan({ start: 0n, end: 0n })));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump);
    expect(spans[0]?.timeFlags).toBe(TIME_FLAGS.noStart | TIME_FLAGS.noEnd);
    expect(issues.map(({ code }) => code)).toEqual(['no-start', 'no-end']);
  });

  test.each([
    ['no trace id', { traceId: '' }, 'trace-id-missing'],
    ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'trace-id-missing'],
    ['a trace id of 15 bytes', { traceId: '1'.repeat(30) }, 'trace-id-missing'],
    ['no span id', { spanId: '' }, 'span-id-missing'],
  ])('with %s is dropped, its neighbours stay', (_, parts, code) => {
    const dump = tracesData(wireScopeSpans('', wireSpan(parts), wireSpan()));
    const { spans, issues, records } = decodeBytes(otlpProtobuf, dump);
    expect(spans.map(({ spanId }) => spanId)).toEqual([SPAN_ID]);
    expect(issues.map((issue) => issue.code)).toEqual([code]);
    expect(records).toBe(2);
  });

  test.each([
    ['of zeros', '0'.repeat(16), []],
    ['equal to its own id', SPAN_ID, []],
    ['of 3 bytes', '010203', ['bad-field']],
  ])('with a parent id %s is a root', (_, parentSpanId, codes) => {
    const dump = tracesData(wireScopeSpans('', wireSpan({ parentSpanId })));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump);
    expect(spans[0]?.parentSpanId).toBeNull();
    expect(issues.map(({ code }) => code)).toEqual(codes);
  });

  test('with unknown numbers for kind and status, unusable links and new fields keeps the rest', () => {
    const { span, issues } = decodeSpan(
      varintField(6, 9),
      messageField(15, varintField(3, 7)),
      messageField(13, bytesField(1, 'short')),
      varintField(99, 1),
    );
    expect(span).toMatchObject({ kind: 'unspecified', statusCode: 'unset', links: [] });
    expect(issues.map(({ code }) => code).sort()).toEqual([
      'bad-field',
      'bad-field',
      'link-id-missing',
      'unknown-field',
    ]);
  });

  test('with a value nested as deep as an attack is dropped, not followed', () => {
    let value = messageField(5);
    for (let depth = 0; depth < 5000; depth += 1) value = messageField(5, bytesField(1, value));
    const { span, issues } = decodeSpan(
      messageField(9, bytesField(1, 'deep'), bytesField(2, value)),
    );
    expect(span).toBeUndefined();
    expect(issues).toMatchObject([
      { code: 'unrecognised-record', example: expect.stringContaining('nested over 100 deep') },
    ]);
  });
});

describe('a dump', () => {
  test('gives the same whatever the chunks are', () => {
    const dump = shopDump();
    const whole = decodeBytes(otlpProtobuf, dump);
    for (let size = 1; size < dump.length; size += 1) {
      expect(decodeBytes(otlpProtobuf, dump, size)).toEqual(whole);
    }
  });

  test('of the file exporter has a length before each message', () => {
    const messages = [shopDump(), Buffer.alloc(0), shopDump()];
    const dump = Buffer.concat(messages.map(framed));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump, 7);
    expect(spans).toHaveLength(6);
    expect(issues).toEqual([]);
    expect(whyNot(dump)).toBeNull();
  });

  test('may give the resource, the scope and both schema URLs after the spans', () => {
    const dump = tracesData(
      messageField(
        2,
        bytesField(2, wireSpan()),
        messageField(1, bytesField(1, 'http'), bytesField(2, '1.2'), varintField(4, 1)),
        bytesField(3, 'scope-url'),
      ),
      wireResource('cart'),
      bytesField(3, 'resource-url'),
    );
    const { spans, issues } = decodeBytes(otlpProtobuf, dump, 1);
    expect(issues).toEqual([]);
    expect(spans[0]).toMatchObject({
      resource: { attributes: new Map([['service.name', 'cart']]), schemaUrl: 'resource-url' },
      scope: { name: 'http', version: '1.2', droppedAttributes: 1, schemaUrl: 'scope-url' },
    });
  });

  test('may use the field of instrumentation_library_spans', () => {
    const dump = tracesData(wireResource('cart'), messageField(1000, bytesField(2, wireSpan())));
    expect(whyNot(dump)).toBeNull();
    expect(decodeBytes(otlpProtobuf, dump).spans).toHaveLength(1);
  });

  test('with a resource that comes too late keeps the spans before it without one', () => {
    const large = wireSpan({ more: [stringPair(9, 'body', 'x'.repeat(3_000_000))] });
    const scopeSpans = wireScopeSpans('', large, large, large);
    const dump = tracesData(scopeSpans, wireResource('late'), wireScopeSpans('', wireSpan()));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump, 65_536);
    expect(spans.map(({ resource }) => serviceName(resource))).toEqual(
      Array(4).fill('unknown_service'),
    );
    expect(issues).toMatchObject([{ code: 'bad-field', byte: expect.any(Number) }]);
  });

  test('with a damaged resource keeps what was read of it', () => {
    const damaged = messageField(1, stringPair(1, 'service.name', 'cart'), Buffer.from([0x0a, 99]));
    const dump = tracesData(damaged, wireScopeSpans('', wireSpan()));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump);
    expect(spans.map(({ resource }) => serviceName(resource))).toEqual(['cart']);
    expect(issues.map(({ code }) => code)).toEqual(['bad-field']);
  });
});

describe('damage', () => {
  test.each([...shopDump().keys()].slice(1))(
    'cut off after %i bytes: what was whole is kept',
    (length) => {
      const dump = shopDump();
      const boundary =
        dump.length - tracesData(wireResource('catalog'), wireScopeSpans('sql', wireSpan())).length;
      const { spans, issues, records } = decodeBytes(otlpProtobuf, dump.subarray(0, length), 16);
      const isWhole = length === boundary;
      expect(issues.map(({ code }) => code)).toEqual(isWhole ? [] : ['truncated-input']);
      expect(records).toBe(spans.length + issues.length);
    },
  );

  test('in one span costs that span; the place is that of the damage', () => {
    const good = wireSpan();
    const bad = Buffer.from(good);
    // The length of the name, after two ids.
    bad[18 + 10 + 1] = 0xfe;
    const dump = tracesData(wireScopeSpans('', bad, good));
    const { spans, issues } = decodeBytes(otlpProtobuf, dump);
    expect(spans).toHaveLength(1);
    expect(issues).toMatchObject([{ code: 'unrecognised-record', byte: dump.indexOf(bad) + 31 }]);
  });

  test('in the lengths of one message costs no other message', () => {
    const bad = messageField(
      1,
      messageField(2, bytesField(2, wireSpan()), Buffer.from([0x12, 0x7f])),
    );
    const { spans, issues } = decodeBytes(otlpProtobuf, Buffer.concat([bad, shopDump()]));
    expect(spans).toHaveLength(4);
    expect(issues).toMatchObject([{ code: 'unrecognised-record', byte: bad.length - 2 }]);
  });

  test('that is not protobuf ends a dump without lengths', () => {
    const dump = Buffer.concat([shopDump(), Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 1, 2, 3])]);
    const { spans, issues } = decodeBytes(otlpProtobuf, dump);
    expect(spans).toHaveLength(3);
    expect(issues).toMatchObject([{ byte: shopDump().length }]);
  });

  test('of any kind throws nothing and does not depend on the chunks', () => {
    const dump = shopDump();
    const flips = fc.array(fc.record({ at: fc.nat(dump.length - 1), byte: fc.nat(255) }), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(flips, fc.integer({ min: 1, max: 40 }), (changes, chunk) => {
        const bytes = Buffer.from(dump);
        for (const { at, byte } of changes) bytes[at] = byte;
        const whole = decodeBytes(otlpProtobuf, bytes);
        expect(decodeBytes(otlpProtobuf, bytes, chunk)).toEqual(whole);
      }),
    );
  });
});

describe('telling what a dump is', () => {
  const record = (...fields: Buffer[]): Buffer =>
    tracesData(wireResource('cart'), messageField(2, messageField(2, ...fields)));
  const log = record(fixed64Field(1, 1n), varintField(2, 9), messageField(5, bytesField(1, 'hi')));
  const metric = record(
    bytesField(1, 'requests.pending'),
    bytesField(2, 'how many'),
    messageField(7),
  );

  test.each([
    ['traces', shopDump(), null],
    ['a resource without spans', tracesData(wireResource('cart')), null],
    ['traces cut off in a span', shopDump().subarray(0, 60), null],
    ['logs', log, 'OTLP logs, not traces'],
    ['metrics', metric, 'OTLP metrics, not traces'],
    ['framed logs', framed(log), 'OTLP logs, not traces'],
    ['JSON after an empty line', Buffer.from('\n{"resourceSpans":[]}\n'), 'not a protobuf'],
    ['nothing', Buffer.alloc(0), 'not a protobuf'],
    ['another protobuf message', messageField(1, bytesField(4, 'x')), 'not a protobuf'],
  ])('%s', (_, bytes, reason) => {
    if (reason === null) expect(whyNot(bytes)).toBeNull();
    else expect(whyNot(bytes)).toContain(reason);
  });

  test('records of logs and metrics among the spans are counted, not taken for spans', () => {
    const { spans, issues, records } = decodeBytes(
      otlpProtobuf,
      Buffer.concat([log, shopDump(), metric]),
    );
    expect(spans).toHaveLength(3);
    expect(issues.map(({ code }) => code)).toEqual(['other-signal', 'other-signal']);
    expect(records).toBe(3);
  });

  corpusTest('real logs are refused, real traces are not', () => {
    const read = (name: string): Buffer => readFileSync(path.join(CORPUS ?? '', 'traces', name));
    expect(whyNot(read('not-a-trace/smithclay_otlp2parquet__otlp-logs.pb'))).toBe(
      'OTLP logs, not traces',
    );
    const traces = read('otlp-proto/smithclay_otlp2parquet__traces.pb');
    expect(whyNot(traces)).toBeNull();
    expect(decodeBytes(otlpProtobuf, traces, 100)).toMatchObject({ issues: [], records: 19 });
  });
});
