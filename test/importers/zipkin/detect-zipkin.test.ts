import { expect, test } from 'vitest';
import type { JsonValue } from '../../../src/importers/json/json-shape.ts';
import { zipkinVersion } from '../../../src/importers/zipkin/detect-zipkin.ts';

const IDS = { traceId: '1', id: '2' };
const V1 = { ...IDS, binaryAnnotations: [] };

test.each<[string, readonly JsonValue[], ReturnType<typeof zipkinVersion>]>([
  ['one span', [IDS], 'v2'],
  ['a list', [[IDS]], 'v2'],
  ['a list of lists', [[[IDS]]], 'v2'],
  ['lists on lines', [[{ ...IDS, id: 3 }], [IDS]], 'v2'],
  ['an empty trace first', [[[], [V1]]], 'v1'],
  ['binary annotations', [[V1]], 'v1'],
  ['an annotation with an endpoint', [[{ ...IDS, annotations: [{ endpoint: null }] }]], 'v1'],
  ['an annotation without', [[{ ...IDS, annotations: [{ value: 'x' }] }]], 'v2'],
  ['Thrift', [[{ trace_id: 1, id: 2 }]], 'v1'],
  ['a span without ids', [[{ name: 'x', localEndpoint: {} }]], 'v2'],
  ['a broken span first', [[{ level: 'info' }, IDS]], 'v2'],
  ['an OpenTelemetry JS span', [{ ...IDS, attributes: {} }], null],
  ['a span of another format', [[{ traceId: '1', spanId: '2', id: 3 }]], null],
  ['an empty list, the answer that nothing was found', [[]], 'v2'],
  ['not JSON', [], null],
  ['a number', [1], null],
])('%s', (_name, values, version) => {
  expect(zipkinVersion({ bytes: new Uint8Array(), isWhole: true, values })).toBe(version);
});
