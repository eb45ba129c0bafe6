import { describe, expect, test } from 'vitest';
import { zipkinV2 } from '../../../src/importers/zipkin/zipkin-v2.ts';
import { type Span, serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', id: 'b7ad6b7169203331' };
const TIMES = { timestamp: 1_700_000_000_000_001, duration: 1500 };
const PLAIN = { ...IDS, ...TIMES, name: 'get /x', localEndpoint: { serviceName: 'svc' } };

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

test('a span with everything', () => {
  const span = decodeOne({
    ...PLAIN,
    parentId: '00f067aa0ba902b7',
    kind: 'CLIENT',
    localEndpoint: { serviceName: 'Front', ipv4: '10.0.0.1', ipv6: '2001:db8::1', port: 8080 },
    remoteEndpoint: { serviceName: 'db', ipv4: '10.0.0.2', port: 3306 },
    annotations: [{ timestamp: 1_700_000_000_000_100, value: 'retry' }],
    tags: { 'http.status_code': '500' },
    debug: true,
  });
  expect(span).toMatchObject({
    traceId: IDS.traceId,
    spanId: IDS.id,
    parentSpanId: '00f067aa0ba902b7',
    name: 'get /x',
    kind: 'client',
    startUnixNano: 1_700_000_000_000_001_000n,
    endUnixNano: 1_700_000_000_001_501_000n,
    durationNs: 1_500_000,
    timeFlags: 0,
    statusCode: 'unset',
    flags: 1,
    origin: { format: 'zipkin-v2', debug: true, shared: false, traceIdRaw: null },
  });
  expect(serviceName(span.resource)).toBe('Front');
  expect(Object.fromEntries(span.attributes)).toEqual({
    'http.status_code': '500',
    'network.local.address': '2001:db8::1',
    'net.host.ip': '10.0.0.1',
    'network.local.port': 8080n,
    'service.peer.name': 'db',
    'network.peer.address': '10.0.0.2',
    'network.peer.port': 3306n,
  });
  expect(span.events).toEqual([
    {
      timeUnixNano: 1_700_000_000_000_100_000n,
      name: 'retry',
      attributes: new Map(),
      droppedAttributes: 0,
    },
  ]);
});

describe('shapes', () => {
  const other = { ...PLAIN, id: '2' };

  test.each([
    ['one span (a single POST)', PLAIN, 1],
    ['a list (a trace)', [PLAIN, other], 2],
    ['a list of lists (Zipkin /traces)', [[PLAIN], [other, PLAIN]], 3],
    ['an empty list', [], 0],
    ['JSON lines', `${JSON.stringify(PLAIN)}\n${JSON.stringify(other)}\n`, 2],
    ['lists on lines (Next.js)', `${JSON.stringify([PLAIN])}\n${JSON.stringify([other])}\n`, 2],
    ['pretty-printed objects one after another', JSON.stringify(PLAIN, null, 2).repeat(2), 2],
  ])('%s', (_name, dump, count) => {
    const { spans, records, issues } = decodeText(zipkinV2, dump);
    expect({ spans: spans.length, records, issues }).toEqual({
      spans: count,
      records: count,
      issues: [],
    });
  });

  test('spans of one service share their resource', () => {
    const { spans } = decodeText(zipkinV2, [PLAIN, other]);
    expect(spans[0]?.resource).toBe(spans[1]?.resource);
  });
});

describe('ids', () => {
  test.each([
    ['64 bits', '1234567890abcdef', '00000000000000001234567890abcdef'],
    ['without leading zeros', 'abc', '00000000000000000000000000000abc'],
    ['upper case', '0AF7651916CD43DD8448EB211C80319C', '0af7651916cd43dd8448eb211c80319c'],
  ])('a trace id of %s', (_name, raw, canonical) => {
    expect(decodeOne({ ...PLAIN, traceId: raw })).toMatchObject({
      traceId: canonical,
      origin: { traceIdRaw: raw },
    });
  });

  test.each([
    ['the span itself', IDS.id],
    ['zero', '0000000000000000'],
    ['null', null],
    ['empty', ''],
  ])('a parent that is %s makes a root', (_name, parentId) => {
    const { spans, issues } = decodeText(zipkinV2, [{ ...PLAIN, parentId }]);
    expect(spans[0]?.parentSpanId).toBeNull();
    expect(issues).toEqual([]);
  });

  test.each([
    ['without a trace id', { id: '1', name: 'a', localEndpoint: {} }, 'trace-id-missing'],
    ['without a span id', { traceId: '1', name: 'a' }, 'span-id-missing'],
    ['with a zero trace id', { traceId: '0', id: '1' }, 'trace-id-missing'],
    ['that is something else', { level: 'info', message: 'x' }, 'unrecognised-record'],
  ])('a record %s is left out', (_name, record, code) => {
    const { spans, issues } = decodeText(zipkinV2, [record, PLAIN]);
    expect(spans).toHaveLength(1);
    expect(issues.map((issue) => issue.code)).toEqual([code]);
  });
});

describe('times', () => {
  const { noStart, noEnd, badTime, negativeDuration } = TIME_FLAGS;

  test.each([
    ['neither', {}, [0n, 0n, 0, noStart | noEnd]],
    ['no timestamp', { duration: 1500 }, [0n, 1_500_000n, 1_500_000, noStart]],
    ['no duration', { timestamp: 7 }, [7000n, 7000n, 0, noEnd]],
    [
      'duration 0, which counts as missing',
      { timestamp: 7, duration: 0 },
      [7000n, 7000n, 0, noEnd],
    ],
    ['timestamp 0, likewise', { timestamp: 0, duration: 1 }, [0n, 1000n, 1000, noStart]],
    ['fractions', { timestamp: 7.0625, duration: 1.5 }, [7063n, 8563n, 1500, 0]],
    ['decimal strings', { timestamp: '7', duration: '2' }, [7000n, 9000n, 2000, 0]],
    [
      'a text for timestamp',
      { timestamp: 'now', duration: 2 },
      [0n, 2000n, 2000, noStart | badTime],
    ],
    ['a negative duration', { timestamp: 7, duration: -2 }, [7000n, 5000n, 0, negativeDuration]],
  ])('%s', (_name, times, expected) => {
    const span = decodeOne({ ...IDS, ...times });
    expect([span.startUnixNano, span.endUnixNano, span.durationNs, span.timeFlags]).toEqual(
      expected,
    );
  });
});

describe('endpoints', () => {
  test.each([
    ['missing', { localEndpoint: undefined }],
    ['null', { localEndpoint: null }],
    ['empty (Kong)', { localEndpoint: {} }],
    ['with an empty name', { localEndpoint: { serviceName: '' } }],
  ])('a local endpoint that is %s names no service', (_name, fields) => {
    const { spans, issues } = decodeText(zipkinV2, [{ ...PLAIN, ...fields }]);
    expect(spans[0]?.resource.attributes.size).toBe(0);
    expect(spans[0]?.attributes.size).toBe(0);
    expect(issues).toEqual([]);
  });

  test('a tag is not overwritten by the endpoint', () => {
    const remoteEndpoint = { serviceName: 'endpoint', port: 1 };
    const tags = { 'service.peer.name': 'tag' };
    expect(attributesOf({ ...PLAIN, remoteEndpoint, tags })).toEqual({
      'service.peer.name': 'tag',
      'network.peer.port': 1n,
    });
  });

  test('an address that is none is kept and noted', () => {
    const record = { ...PLAIN, localEndpoint: { ipv4: '52.0.0.04' } };
    expect(attributesOf(record)).toEqual({ 'network.local.address': '52.0.0.04' });
    expect(codesOf([record])).toEqual(['bad-address']);
  });

  test.each([
    ['beyond 65535', 70_000, undefined, ['bad-field']],
    ['0', 0, undefined, []],
    ['text', '80', 80n, []],
  ])('a port that is %s', (_name, port, expected, codes) => {
    const record = { ...PLAIN, remoteEndpoint: { port } };
    expect(attributesOf(record)['network.peer.port']).toBe(expected);
    expect(codesOf([record])).toEqual(codes);
  });

  test('the attribute that the service name was made of is restored beside it', () => {
    const span = decodeOne({ ...PLAIN, tags: { 'otlp.service.name.source': 'faas.name' } });
    expect(span.attributes.size).toBe(0);
    expect(Object.fromEntries(span.resource.attributes)).toEqual({
      'service.name': 'svc',
      'faas.name': 'svc',
    });
  });
});

describe('shared ids', () => {
  test('both halves come out under the one id, the server marked', () => {
    const client = { ...PLAIN, kind: 'CLIENT' };
    const server = { ...PLAIN, kind: 'SERVER', shared: true };
    const { spans, split } = decodeText(zipkinV2, [client, server]);
    expect(split).toBe(0);
    expect(spans.map(({ spanId, kind, origin }) => [spanId, kind, origin.shared])).toEqual([
      [IDS.id, 'client', false],
      [IDS.id, 'server', true],
    ]);
  });

  test('the flag on a client is ignored, as Zipkin does', () => {
    expect(decodeOne({ ...PLAIN, kind: 'CLIENT', shared: true }).origin.shared).toBe(false);
  });

  test('a fragment without kind and time comes out as it is', () => {
    expect(decodeOne({ ...IDS, tags: { a: '1' } })).toMatchObject({
      kind: 'unspecified',
      timeFlags: TIME_FLAGS.noStart | TIME_FLAGS.noEnd,
    });
  });
});

describe('Next.js traces', () => {
  const line = (id: number, fields: object): object => ({
    traceId: 'abc',
    id,
    name: 'build',
    ...fields,
  });

  test('small numbers are ids, and time since boot is put on the calendar', () => {
    const dump = [
      line(3, { parentId: 1, timestamp: 5_000_000, duration: 40, startTime: 1_645_600_000_123 }),
      line(10, { timestamp: 4_000_000, duration: 9, startTime: 1_645_600_000_999 }),
    ];
    const { spans, issues } = decodeText(zipkinV2, [dump]);
    expect(issues).toEqual([]);
    expect(spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId])).toEqual([
      ['0000000000000003', '0000000000000001'],
      ['000000000000000a', null],
    ]);
    expect(spans.map(({ startUnixNano }) => startUnixNano)).toEqual([
      1_645_600_000_123_000_000n,
      1_645_599_999_123_000_000n,
    ]);
  });

  test('a timestamp that is on the calendar already is kept to the microsecond', () => {
    const fields = { timestamp: 1_645_600_000_123_456, startTime: 1_645_600_000_123 };
    const { spans } = decodeText(zipkinV2, [line(1, fields)]);
    expect(spans[0]?.startUnixNano).toBe(1_645_600_000_123_456_000n);
  });
});

test('a field that Zipkin does not have is noted', () => {
  const { spans, issues } = decodeText(zipkinV2, [{ ...PLAIN, colour: 'red' }]);
  expect(spans).toHaveLength(1);
  expect(issues).toEqual([{ code: 'unknown-field', example: 'colour' }]);
});

test('fields of the wrong type are left out, each reported', () => {
  const record = {
    ...PLAIN,
    name: 7,
    tags: ['x'],
    annotations: 'y',
    localEndpoint: 'z',
    debug: [],
  };
  const { spans, issues } = decodeText(zipkinV2, [record]);
  expect(spans).toHaveLength(1);
  expect(issues.map(({ code }) => code)).toEqual(Array(5).fill('bad-field'));
});
