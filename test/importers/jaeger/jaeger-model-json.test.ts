import { describe, expect, test } from 'vitest';
import { jaegerModelJson } from '../../../src/importers/jaeger/jaeger-model-json.ts';
import { type Span, serviceName, TIME_FLAGS } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';
import { onlySpan } from '../../helpers/jaeger-span.ts';

const START_NS = 1_485_467_191_639_875_139n;
const process = { serviceName: 'svc' };

const ERA_1 = {
  traceID: '11',
  spanID: '3',
  operationName: 'op',
  references: [{ refType: 'child-of', traceID: '11', spanID: '2' }],
  startTime: '2017-01-26T16:46:31.639875139-05:00',
  duration: 100_000,
  process,
};
const ERA_2 = {
  traceId: '11',
  spanId: '3',
  operationName: 'op',
  references: [{ refType: 'CHILD_OF', traceId: '11', spanId: '2' }],
  startTime: '2017-01-26T21:46:31.639875139Z',
  duration: '100000ns',
  process,
};
const ERA_3 = {
  ...ERA_2,
  traceId: 'AAAAAAAAAAAAAAAAAAAAEQ==',
  spanId: 'AAAAAAAAAAM=',
  references: [{ traceId: 'AAAAAAAAAAAAAAAAAAAAEQ==', spanId: 'AAAAAAAAAAI=' }],
};
const STRUCT = {
  trace_id: 'AAAAAAAAAAAAAAAAAAAAEQ==',
  span_id: 'AAAAAAAAAAM=',
  parent_span_id: 2,
  operation_name: 'op',
  start_time: '2017-01-26T21:46:31.639875139Z',
  duration: 100_000,
  process: { service_name: 'svc', tags: null },
  logs: null,
};

function withTags(...tags: object[]): Span {
  return onlySpan(jaegerModelJson, { spans: [{ ...ERA_2, tags }] });
}

describe('one span is found in', () => {
  test.each<[string, unknown]>([
    ['the first age: Spans, short hex, integer nanoseconds', { Spans: [ERA_1] }],
    ['the second age: traceId, Go’s durations', { spans: [ERA_2] }],
    ['the third age: base64', { spans: [ERA_3] }],
    ['a single span', ERA_3],
    ['a list of spans', [ERA_3]],
    ['Go’s structs, whose numbers are ids', { spans: [STRUCT] }],
    ['a batch whose process comes first', { process, spans: [{ ...ERA_3, process: null }] }],
    ['a batch whose process comes last', { spans: [{ ...ERA_3, process: null }], process }],
  ])('%s', (_case, dump) => {
    expect(jaegerModelJson.whyNot(headOf(dump))).toBeNull();
    const span = onlySpan(jaegerModelJson, dump);
    expect(span).toMatchObject({
      traceId: '11'.padStart(32, '0'),
      spanId: '3'.padStart(16, '0'),
      parentSpanId: '2'.padStart(16, '0'),
      name: 'op',
      startUnixNano: START_NS,
      durationNs: 100_000,
      timeFlags: 0,
      links: [],
    });
    expect(serviceName(span.resource)).toBe('svc');
  });
});

test.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['Jaeger JSON', { spans: [{ ...ERA_1, startTime: 1_485_467_191_639_875 }] }],
  ['Thrift', { process, spans: [{ traceIdLow: 1, spanId: 2, operationName: 'x', startTime: 1 }] }],
  [
    'a flat OpenTelemetry span',
    { traceId: '11', spanId: '3', name: 'x', startTime: ERA_2.startTime },
  ],
])('%s is not this format', (_case, dump) => {
  expect(jaegerModelJson.whyNot(headOf(dump))).toEqual(expect.any(String));
});

describe('times', () => {
  test.each<[string, unknown, number]>([
    ['protobuf’s seconds', '0.000100s', 100_000],
    ['µs', '1.5µs', 1500],
    ['several units', '1h2m3.5s', 3_723_500_000_000],
    ['zero', '0s', 0],
    ['nanoseconds as text', '100000', 100_000],
  ])('a duration as %s', (_case, duration, expected) => {
    expect(onlySpan(jaegerModelJson, { spans: [{ ...ERA_2, duration }] }).durationNs).toBe(
      expected,
    );
  });

  test('Go’s zero time is no start', () => {
    const span = onlySpan(jaegerModelJson, {
      spans: [{ ...ERA_2, startTime: '0001-01-01T00:00:00Z' }],
    });
    expect([span.startUnixNano, span.timeFlags]).toEqual([0n, TIME_FLAGS.noStart]);
  });

  test.each(['yesterday', '2017-13-45T00:00:00Z'])('%o is no time', (startTime) => {
    const { spans, issues } = decodeText(jaegerModelJson, { spans: [{ ...ERA_2, startTime }] });
    expect(spans[0]?.timeFlags).toBe(TIME_FLAGS.noStart | TIME_FLAGS.badTime);
    expect(issues.map(({ code }) => code)).toEqual(['bad-field']);
  });
});

describe('a value stands in the field of its type', () => {
  test.each<[string, object, unknown]>([
    ['a string', { vType: 'STRING', vStr: 'x' }, 'x'],
    ['a string, its type left out as protobuf does', { vStr: 'x' }, 'x'],
    ['an empty string, left out', { vType: 'STRING' }, ''],
    ['nothing at all', {}, ''],
    ['a boolean', { vType: 'BOOL', vBool: true }, true],
    ['false, left out', { vType: 'BOOL' }, false],
    ['an integer', { vType: 'INT64', vInt64: -5 }, -5n],
    [
      'an integer as protobuf’s JSON has it',
      { vType: 'INT64', vInt64: '9223372036854775222' },
      9223372036854775222n,
    ],
    ['0, left out', { v_type: 2 }, 0n],
    ['a double', { vType: 'FLOAT64', vFloat64: 2 }, 2],
    ['bytes', { vType: 'BINARY', vBinary: 'AAAwOQ==' }, new Uint8Array([0, 0, 0x30, 0x39])],
    ['a struct’s string', { v_type: 0, v_str: 'x' }, 'x'],
    ['a struct’s boolean', { v_type: 1, v_bool: true }, true],
    ['a struct’s double', { v_type: 3, v_float64: 129.8 }, 129.8],
    ['the first age’s boolean', { vType: 'bool', vNum: 1 }, true],
    ['the first age’s integer', { vType: 'int64', vNum: 23456 }, 23456n],
    [
      'the first age’s bytes',
      { vType: 'binary', vBlob: 'AAAwOQ==' },
      new Uint8Array([0, 0, 0x30, 0x39]),
    ],
  ])('%s', (_case, value, expected) => {
    expect(withTags({ key: 'k', ...value }).attributes.get('k')).toEqual(expected);
  });

  test('the first age’s double is the bits of a double', () => {
    const tags = [{ key: 'k', vType: 'float64', vNum: 'BITS' }];
    const text = JSON.stringify({ Spans: [{ ...ERA_1, tags }] });
    const span = onlySpan(jaegerModelJson, text.replace('"BITS"', '4634802150889750528'));
    expect(span.attributes.get('k')).toBe(72.5);
  });
});

test.each<[string, object, boolean]>([
  ['follows-from', { refType: 'follows-from' }, true],
  ['FOLLOWS_FROM', { refType: 'FOLLOWS_FROM' }, true],
  ['the number 1', { ref_type: 1 }, true],
  ['the number 0', { ref_type: 0 }, false],
  ['child-of', { refType: 'child-of' }, false],
  ['nothing, as protobuf writes 0', {}, false],
])('the type of a reference as %s', (_case, type, follows) => {
  const references = [{ traceId: '11', spanId: '2', ...type }];
  const span = onlySpan(jaegerModelJson, { spans: [{ ...ERA_2, references }] });
  expect(span.parentSpanId).toBe('2'.padStart(16, '0'));
  expect(span.links).toHaveLength(follows ? 1 : 0);
});

test('a span without a process has no service, and that is no issue', () => {
  const { spans, issues } = decodeText(jaegerModelJson, { spans: [{ ...ERA_2, process: null }] });
  expect(spans[0]?.resource.attributes.size).toBe(0);
  expect(issues).toEqual([]);
});

test('a span’s own process goes before the batch’s', () => {
  const batch = { process: { serviceName: 'other' }, spans: [ERA_3] };
  expect(serviceName(onlySpan(jaegerModelJson, batch).resource)).toBe('svc');
});
