import { describe, expect, test } from 'vitest';
import { jaegerCassandra } from '../../../src/importers/jaeger/jaeger-cassandra.ts';
import { serviceName } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';
import { onlySpan } from '../../helpers/jaeger-span.ts';

const ROW = {
  TraceID: 'AAAAAAAAAAEAAAAAAAAAAA==',
  SpanID: 2,
  ParentID: 3,
  OperationName: 'op',
  Flags: 1,
  StartTime: 1_485_467_191_639_875,
  Duration: 5,
  Tags: [
    { Key: 'blob', ValueType: 'binary', value_binary: 'AAAwOQ==' },
    { Key: 'error', ValueType: 'bool', value_bool: true },
    { Key: 'n', ValueType: 'int64', value_long: 7 },
    { Key: 'f', ValueType: 'float64', value_double: 2 },
  ],
  Logs: [
    {
      Timestamp: 1_485_467_191_639_875,
      Fields: [{ Key: 'event', ValueType: 'string', value_string: 'e' }],
    },
  ],
  Refs: [
    { RefType: 'child-of', TraceID: 'AAAAAAAAAAEAAAAAAAAAAA==', SpanID: 3 },
    { RefType: 'follows-from', TraceID: 'AAAAAAAAAAEAAAAAAAAAAA==', SpanID: 4 },
  ],
  Process: { ServiceName: 'svc', Tags: [] },
  SpanHash: 8792829599673354201n.toString(),
};

/** The same row as cqlsh's `SELECT JSON` has it. */
const CQLSH = {
  trace_id: '0x00000000000000010000000000000000',
  span_id: 2,
  span_hash: 1,
  parent_id: 3,
  operation_name: 'op',
  flags: 1,
  start_time: 1_485_467_191_639_875,
  duration: 5,
  tags: [
    { key: 'blob', value_type: 'binary', value_binary: 'AAAwOQ==' },
    { key: 'error', value_type: 'bool', value_bool: true },
    { key: 'n', value_type: 'int64', value_long: 7 },
    { key: 'f', value_type: 'float64', value_double: 2 },
  ],
  logs: [
    {
      ts: 1_485_467_191_639_875,
      fields: [{ key: 'event', value_type: 'string', value_string: 'e' }],
    },
  ],
  refs: [
    { ref_type: 'child-of', trace_id: '0x00000000000000010000000000000000', span_id: 3 },
    { ref_type: 'follows-from', trace_id: '0x00000000000000010000000000000000', span_id: 4 },
  ],
  process: { service_name: 'svc', tags: [] },
};

describe.each<[string, object]>([
  ['Jaeger’s own names', ROW],
  ['cqlsh’s names', CQLSH],
])('a row with %s', (_case, row) => {
  test('is this format, alone and in a list', () => {
    expect(jaegerCassandra.whyNot(headOf(row))).toBeNull();
    expect(jaegerCassandra.whyNot(headOf([row]))).toBeNull();
    expect(decodeText(jaegerCassandra, [row, row])).toMatchObject({ records: 2, issues: [] });
  });

  test('is a span', () => {
    const span = onlySpan(jaegerCassandra, row);
    expect(span).toMatchObject({
      traceId: '00000000000000010000000000000000',
      spanId: '0000000000000002',
      parentSpanId: '0000000000000003',
      name: 'op',
      flags: 1,
      startUnixNano: 1_485_467_191_639_875_000n,
      durationNs: 5000,
      statusCode: 'error',
      events: [{ timeUnixNano: 1_485_467_191_639_875_000n, name: 'e' }],
      links: [{ spanId: '0000000000000004' }],
    });
    expect(serviceName(span.resource)).toBe('svc');
    expect(Object.fromEntries(span.attributes)).toEqual({
      blob: new Uint8Array([0, 0, 0x30, 0x39]),
      n: 7n,
      f: 2,
    });
  });
});

test.each<[string, unknown]>([
  ['no JSON', 'hello'],
  ['Jaeger JSON', { traceID: '1', spanID: '2' }],
])('%s is not this format', (_case, dump) => {
  expect(jaegerCassandra.whyNot(headOf(dump))).toEqual(expect.any(String));
});
