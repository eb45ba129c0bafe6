import { describe, expect, test } from 'vitest';
import { detectFormat, formatNamed } from '../../src/importers/detect-format.ts';
import { FORMATS } from '../../src/importers/formats.ts';
import { dumpHead } from '../../src/importers/json/head-json.ts';
import { UserError } from '../../src/model/user-error.ts';

function detect(dump: string | Uint8Array) {
  const bytes = typeof dump === 'string' ? new TextEncoder().encode(dump) : dump;
  return detectFormat(dumpHead(bytes, true), 'dump.bin');
}

function refusal(dump: string | Uint8Array): UserError {
  try {
    detect(dump);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test('names of formats are unique', () => {
  expect(new Set(FORMATS.map(({ name }) => name)).size).toBe(FORMATS.length);
});

describe('a dump is told by its content', () => {
  const span = { traceId: '1', spanId: '2', name: 'x' };
  test.each([
    ['otlp-json', { resourceSpans: [] }],
    ['otlp-json', { resourceLogs: [] }],
    ['otlp-json', { resource: {}, scopeSpans: [{ spans: [span] }] }],
    ['otlp-json', { resource: {}, instrumentation_library_spans: [] }],
    ['otlp-json', [{ resource_spans: [] }]],
    ['tempo-json', { batches: [] }],
    ['tempo-json', { trace: { resourceSpans: [] } }],
    ['jaeger-api-v3', { result: { resourceSpans: [] } }],
    ['jaeger-json', { data: [] }],
    [
      'jaeger-json',
      {
        traceID: '1',
        spans: [{ traceID: '1', spanID: '2', operationName: 'x', startTime: 5 }],
        processes: {},
      },
    ],
    [
      'jaeger-elasticsearch',
      { hits: { hits: [{ _source: { traceID: '1', spanID: '2', startTimeMillis: 5 } }] } },
    ],
    ['zipkin-v2', [{ traceId: '1', id: '2', localEndpoint: {} }]],
    ['zipkin-v1', [{ traceId: '1', id: '2', binaryAnnotations: [] }]],
    ['otel-go-stdout', { Name: 'x', SpanContext: { TraceID: '1', SpanID: '2' } }],
  ])('%s: %j', (name, dump) => {
    expect(detect(JSON.stringify(dump)).name).toBe(name);
    expect(detect(JSON.stringify(dump, null, 2)).name).toBe(name);
  });

  test('behind lines that are no JSON, and cut off', () => {
    expect(detect('starting\n{"resourceSpans":[{"resource":{"attrib').name).toBe('otlp-json');
  });

  test('behind lines of metrics', () => {
    expect(detect('{"resourceMetrics":[]}\n{"resourceSpans":[]}').name).toBe('otlp-json');
  });
});

describe('what is no trace dump is named, with what to do', () => {
  test.each([
    ['Zstandard', new Uint8Array([0x28, 0xb5, 0x2f, 0xfd, 0]), 'zstd -d dump.bin'],
    ['ZIP', 'PK\u0003\u0004', 'unzip dump.bin'],
    ['xz', new Uint8Array([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'xz -dc dump.bin'],
    ['bzip2', 'BZh91AY', 'bzip2 -dc dump.bin'],
    ['gzip inside gzip', new Uint8Array([0x1f, 0x8b, 8]), 'zcat dump.bin'],
    ['Parquet', 'PAR1\u0000', 'OTLP'],
    ['SQLite', 'SQLite format 3\u0000', '--store dump.bin'],
    ['UTF-16', new Uint8Array(Buffer.from('\ufeff{"a":1}', 'utf16le')), 'iconv'],
    ['UTF-16', new Uint8Array(Buffer.from('{"a":1}', 'utf16le')), 'iconv'],
    ['HTML', '<!DOCTYPE html>\n<html>', 'login'],
    ['HTML', '\n <html lang="en">', 'login'],
    [
      'Tempo search result',
      '{"traces":[{"traceID":"1","rootServiceName":"a","spanSets":[]}]}',
      '/api/traces/',
    ],
    ['SigNoz', '{"result":[{"list":[{"data":{"spanID":"1"}}]}]}', 'OTLP'],
    [
      'log records',
      '{"timestamp":1,"severityText":"INFO","body":"x","traceId":"1"}',
      'traces signal',
    ],
    [
      'log records',
      '{"Body":{"Type":"String"},"SeverityText":"INFO","TraceID":"1"}',
      'traces signal',
    ],
    [
      'log records',
      "{\n  resource: { attributes: {} },\n  severityText: 'INFO',\n  body: 'x'\n}",
      'traces signal',
    ],
    ['Chrome trace', '{"traceEvents":[{"ph":"X"}]}', 'perfetto'],
    ['Chrome trace', '[{"ph":"X","ts":1,"pid":1}]', 'perfetto'],
    ['Tracetest', '{"ID":"1","RootSpan":{"Children":[]}}', 'export the trace'],
    ['Tracetest', '{"test":{"serviceUnderTest":{}},"result":{"trace":{}}}', 'export the trace'],
  ])('%s', (what, dump, fix) => {
    const error = refusal(dump);
    expect(error.kind).toBe('input');
    expect(error.what).toContain(`dump.bin is `);
    expect(error.what).toContain(what);
    expect(error.fix).toContain(fix);
  });

  test('anything else: why it is none of the formats', () => {
    const error = refusal('{"hello":"world"}');
    expect(error.what).toBe('dump.bin is not a trace dump I know');
    expect(error.where).toHaveLength(FORMATS.length);
    expect(error.where).toContainEqual(expect.stringMatching(/^otlp-json +no "resourceSpans"$/));
    expect(error.where.every((line) => / {2}\S/.test(line))).toBe(true);
    expect(error.fix).toBe('tracecli import --format <name> dump.bin');
  });

  test.each(['hello', '{}', '42', '\u0000\u0000\u0000\u0000'])('%j', (dump) => {
    expect(() => detect(dump)).toThrow(UserError);
  });
});

test('an unknown --format is refused with the names there are', () => {
  expect(() => formatNamed('otlp')).toThrow('unknown format: otlp');
  expect(formatNamed('otlp-json').name).toBe('otlp-json');
});
