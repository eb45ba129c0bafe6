import { describe, expect, test } from 'vitest';
import { zipkinV1 } from '../../../src/importers/zipkin/zipkin-v1.ts';
import { serviceName } from '../../../src/model/span.ts';
import { decodeText } from '../../helpers/decode-text.ts';

const IDS = { traceId: '0af7651916cd43dd8448eb211c80319c', id: 'b7ad6b7169203331' };
const endpoint = { serviceName: 'a', ipv4: '10.0.0.1', port: 80 };

describe('JSON made of Thrift', () => {
  const thrift = { trace_id: 1, id: 2, name: 'x', annotations: [], binary_annotations: [] };

  test('integers are ids, exact beyond 2^53, and 64 bits each', () => {
    const { spans } = decodeText(
      zipkinV1,
      '[{"trace_id":-1,"trace_id_high":6802735349851856001,"id":6802735349851856001,"parent_id":null,"binary_annotations":[]}]',
    );
    expect(spans[0]).toMatchObject({
      traceId: '5e682bc21ce99c81ffffffffffffffff',
      spanId: '5e682bc21ce99c81',
      parentSpanId: null,
      origin: { format: 'zipkin-v1', spanIdRaw: '6802735349851856001' },
    });
  });

  test('an endpoint is a host with an integer for an address', () => {
    const host = {
      service_name: 'svc',
      ipv4: -1_062_731_519,
      port: -1,
      ipv6: 'IAENuAAAAAAAAAAAAAAAAQ==',
    };
    const annotations = [{ timestamp: 1, value: 'sr', host }];
    const { spans, issues } = decodeText(zipkinV1, [{ ...thrift, annotations }]);
    expect(issues.map(({ code }) => code)).toEqual(['no-end']);
    expect(spans.map(({ kind, resource }) => [kind, serviceName(resource)])).toEqual([
      ['server', 'svc'],
    ]);
    expect(Object.fromEntries(spans[0]?.attributes ?? [])).toEqual({
      'network.local.address': '2001:db8:0:0:0:0:0:1',
      'net.host.ip': '192.168.1.1',
      'network.local.port': 65_535n,
    });
  });

  test.each([
    ['STRING', 'c29tZS1ob3N0', 'some-host'],
    ['BOOL', 'AQ==', true],
    ['BYTES', 'AQI=', new Uint8Array([1, 2])],
    ['I16', 'MDk=', 12_345n],
    ['I32', 'AAAwOQ==', 12_345n],
    ['I64', 'AAAAAAAAMDk=', 12_345n],
    ['DOUBLE', 'QMgcgAAAAAA=', 12_345],
    [6, 'c29tZS1ob3N0', 'some-host'],
  ])('a value of type %s is decoded', (type, value, expected) => {
    const binary_annotations = [{ key: 'k', value, annotation_type: type }];
    const { spans, issues } = decodeText(zipkinV1, [{ ...thrift, binary_annotations }]);
    expect(spans[0]?.attributes.get('k')).toEqual(expected);
    expect(issues.map(({ code }) => code)).toEqual(['no-start', 'no-end']);
  });

  test.each([
    ['I16', 'AQ=='],
    ['DOUBLE', 'not base64'],
    ['STRING', '/w=='],
  ])('a value that is no %s is kept as text and reported', (type, value) => {
    const binary_annotations = [{ key: 'k', value, annotation_type: type }];
    const { spans, issues } = decodeText(zipkinV1, [{ ...thrift, binary_annotations }]);
    expect(spans[0]?.attributes.get('k')).toBe(value);
    expect(issues[0]?.code).toBe('bad-field');
  });
});

test('the version is told span by span', () => {
  const v2 = { ...IDS, kind: 'CLIENT', timestamp: 1, duration: 1, localEndpoint: endpoint };
  const v1 = { ...IDS, annotations: [{ timestamp: 1, value: 'sr', endpoint }] };
  const { spans } = decodeText(zipkinV1, [v1, v2, { ...IDS, annotations: [] }]);
  expect(spans.map(({ origin, kind }) => [origin.format, kind])).toEqual([
    ['zipkin-v1', 'server'],
    ['zipkin-v2', 'client'],
    ['zipkin-v2', 'unspecified'],
  ]);
});

test('a parent id that is no hex keeps the span, under a parent that is missing', () => {
  const { spans } = decodeText(zipkinV1, [{ ...IDS, binaryAnnotations: [], parentId: 'BADID' }]);
  expect(spans[0]?.parentSpanId).toMatch(/^[0-9a-f]{16}$/);
  expect(spans[0]?.origin.parentSpanIdRaw).toBe('BADID');
});
