import { expect, test } from 'vitest';
import { jaegerThriftJson } from '../../../src/importers/jaeger/jaeger-thrift-json.ts';
import { type Span, serviceName } from '../../../src/model/span.ts';
import { headOf } from '../../helpers/dump-head.ts';
import { onlySpan } from '../../helpers/jaeger-span.ts';

const SPAN = {
  traceIdLow: 1,
  traceIdHigh: 0,
  spanId: 6585752,
  parentSpanId: 6866147,
  operationName: 'get',
  startTime: 1_485_467_191_639_875,
  duration: 22_938,
};
const BATCH = { process: { serviceName: 'api' }, spans: [SPAN] };

/** A span whose fields are written as they are in `fields`, since JavaScript cannot write integers past 2^53. */
function written(fields: Readonly<Record<string, string>>): Span {
  let text = JSON.stringify(BATCH);
  for (const [key, value] of Object.entries(fields)) {
    text = text.replace(new RegExp(`"${key}":-?\\d+`), `"${key}":${value}`);
  }
  return onlySpan(jaegerThriftJson, text);
}

test('a batch is this format', () => {
  expect(jaegerThriftJson.whyNot(headOf(BATCH))).toBeNull();
});

test.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['a batch of the model', { ...BATCH, spans: [{ traceId: '1', spanId: '2' }] }],
  ['a batch without spans', { ...BATCH, spans: [] }],
])('%s is not', (_case, dump) => {
  expect(jaegerThriftJson.whyNot(headOf(dump))).toEqual(expect.any(String));
});

test('ids are integers, times microseconds, the process the batch’s', () => {
  const span = onlySpan(jaegerThriftJson, BATCH);
  expect(span).toMatchObject({
    traceId: '1'.padStart(32, '0'),
    spanId: '0000000000647d98',
    parentSpanId: '000000000068c4e3',
    startUnixNano: 1_485_467_191_639_875_000n,
    durationNs: 22_938_000,
  });
  expect(serviceName(span.resource)).toBe('api');
});

test.each<[string, Readonly<Record<string, string>>, string, string]>([
  [
    'past 2^53',
    { traceIdLow: '5951113872249657919', spanId: '9007199254740993' },
    '52969a8955571a3f'.padStart(32, '0'),
    '0020000000000001',
  ],
  [
    'negative, the upper half of 64 bits',
    { traceIdLow: '-1', spanId: '-9223372036854775808' },
    'f'.repeat(16).padStart(32, '0'),
    '8000000000000000',
  ],
  [
    'of 128 bits',
    { traceIdLow: '2', traceIdHigh: '-2' },
    'fffffffffffffffe0000000000000002',
    '0000000000647d98',
  ],
])('ids %s', (_case, fields, traceId, spanId) => {
  const span = written(fields);
  expect([span.traceId, span.spanId]).toEqual([traceId, spanId]);
});

test.each<[string, object, unknown]>([
  ['STRING', { vType: 'STRING', vStr: 'x' }, 'x'],
  ['LONG', { vType: 'LONG', vLong: 53931 }, 53931n],
  ['DOUBLE', { vType: 'DOUBLE', vDouble: 129.8 }, 129.8],
  ['BOOL', { vType: 'BOOL', vBool: true }, true],
  [
    'BINARY',
    { vType: 'BINARY', vBinary: 'AAAAAAAAMDk=' },
    new Uint8Array([0, 0, 0, 0, 0, 0, 0x30, 0x39]),
  ],
  ['BINARY as numbers', { vType: 'BINARY', vBinary: [1, 2, -1] }, new Uint8Array([1, 2, 255])],
  ['BINARY as numbers that are no bytes', { vType: 'BINARY', vBinary: [1, 256] }, '[1,256]'],
  ['1, which is a double here', { vType: 1, vDouble: 1 }, 1],
  ['3, which is an integer here', { vType: 3, vLong: 1 }, 1n],
])('a value of type %s', (_case, value, expected) => {
  const span = { ...SPAN, tags: [{ key: 'k', ...value }] };
  const { attributes } = onlySpan(jaegerThriftJson, { ...BATCH, spans: [span] });
  expect(attributes.get('k')).toEqual(expected);
});

test('a FOLLOWS_FROM to the legacy parent is not doubled', () => {
  const references = [{ refType: 'FOLLOWS_FROM', traceIdLow: 1, spanId: SPAN.parentSpanId }];
  const span = onlySpan(jaegerThriftJson, { ...BATCH, spans: [{ ...SPAN, references }] });
  expect(span.parentSpanId).toBe('000000000068c4e3');
  const types = span.links.map(({ attributes }) => attributes.get('opentracing.ref_type'));
  expect(types).toEqual(['follows_from']);
});

test('parentSpanId 0 is a root', () => {
  expect(written({ parentSpanId: '0' }).parentSpanId).toBeNull();
});
