import { expect, test } from 'vitest';
import { jaegerApiV3 } from '../../../src/importers/jaeger/jaeger-api-v3.ts';
import { tempoJson } from '../../../src/importers/otlp/tempo-json.ts';
import { decodeText } from '../../helpers/decode-text.ts';
import { headOf } from '../../helpers/dump-head.ts';

/** ResourceSpans with one span, ids in base64 and enums by name as Tempo has them. */
function resourceSpans(spanId = 't61rcWkgMzE='): Record<string, unknown> {
  const span = {
    traceId: 'CvdlGRbNQ92ESOshHIAxnA==',
    spanId,
    kind: 'SPAN_KIND_SERVER',
    startTimeUnixNano: '5',
    endTimeUnixNano: '9',
    status: { code: 'STATUS_CODE_ERROR' },
  };
  return { resource: {}, scopeSpans: [{ scope: {}, spans: [span] }] };
}

const asBatches = { batches: [resourceSpans(), resourceSpans('APBnqgupArc=')] };

test.each([
  ['v1', asBatches],
  [
    'v2',
    {
      trace: { resourceSpans: [resourceSpans(), resourceSpans('2')] },
      metrics: {},
      status: 'COMPLETE',
      message: '',
    },
  ],
  ['v2 with batches', { trace: asBatches }],
])("Tempo's answer %s", (_version, dump) => {
  const { spans, issues, records } = decodeText(tempoJson, dump);
  expect(spans).toHaveLength(2);
  expect(spans[0]).toMatchObject({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    kind: 'server',
    statusCode: 'error',
    origin: { format: 'tempo-json', spanIdRaw: 't61rcWkgMzE=' },
  });
  expect(issues).toEqual([]);
  expect(records).toBe(2);
  expect(tempoJson.whyNot(headOf(dump))).toBeNull();
});

test('Tempo says when a trace is partial', () => {
  const { issues } = decodeText(tempoJson, {
    trace: asBatches,
    status: 'PARTIAL',
    message: 'too large',
  });
  expect(issues).toEqual([{ code: 'partial-trace', example: 'status: "PARTIAL"' }]);
});

test('a search result is no answer with a trace', () => {
  expect(tempoJson.whyNot(headOf({ traces: [{ traceID: '1' }] }))).toBe('no "batches", no "trace"');
  expect(tempoJson.whyNot(headOf({ trace: { traceID: '1', spans: [] } }))).not.toBeNull();
});

test("Jaeger's API v3, also as a stream of answers", () => {
  const answer = (spanId: string) =>
    JSON.stringify({ result: { resourceSpans: [resourceSpans(spanId)] } }, null, 2);
  const dump = `${answer('1')}\n${answer('2')}`;
  const { spans, issues } = decodeText(jaegerApiV3, dump);
  expect(spans.map((span) => [span.spanId, span.origin.format])).toEqual([
    ['0000000000000001', 'jaeger-api-v3'],
    ['0000000000000002', 'jaeger-api-v3'],
  ]);
  expect(issues).toEqual([]);
  expect(jaegerApiV3.whyNot(headOf(dump))).toBeNull();
  expect(jaegerApiV3.whyNot(headOf({ result: [] }))).toBe('no "result" with "resourceSpans"');
});
