import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { jaegerJson } from '../../src/importers/jaeger/jaeger-json.ts';
import { otlpJson } from '../../src/importers/otlp/otlp-json.ts';
import type { TraceFormat } from '../../src/importers/trace-format.ts';
import { zipkinV2 } from '../../src/importers/zipkin/zipkin-v2.ts';
import { type Span, serviceName } from '../../src/model/span.ts';
import { decodeText } from '../helpers/decode-text.ts';
import { MADE_FORMATS, type MadeFormat, madeDump } from './made-dump.ts';
import { madeTraces } from './made-spans.ts';

const SPANS = 3000;

const IMPORTERS: Readonly<Record<MadeFormat, TraceFormat>> = {
  'otlp-json': otlpJson,
  'otlp-jsonl': otlpJson,
  jaeger: jaegerJson,
  zipkin: zipkinV2,
};

function text(format: MadeFormat, seed?: number): string {
  return [...madeDump(format, SPANS, seed)].join('');
}

/** All that every format can say. */
function told(span: Span): string {
  return [
    span.traceId,
    span.spanId,
    span.parentSpanId,
    serviceName(span.resource),
    span.name,
    span.kind,
    span.startUnixNano,
    span.durationNs,
    span.statusCode,
    span.statusMessage,
    span.events.map(({ name, timeUnixNano, attributes }) => [
      name,
      timeUnixNano,
      ...attributes.keys(),
    ]),
    [...span.attributes.keys()].filter((key) => key !== 'network.local.address').join(' '),
  ].join('|');
}

test('the same spans come out of every format', () => {
  const expected = [...madeTraces(SPANS)].flat().map(({ traceId, spanId }) => traceId + spanId);
  const told0 = decodeText(IMPORTERS['otlp-json'], text('otlp-json')).spans.map(told).sort();
  expect(told0).toHaveLength(expected.length);
  for (const format of MADE_FORMATS) {
    const { spans, issues, records } = decodeText(IMPORTERS[format], text(format));
    expect({ format, issues, records }).toEqual({ format, issues: [], records: expected.length });
    expect(spans.map(told).sort(), format).toEqual(told0);
  }
});

test('the same seed gives the same bytes, another seed others', () => {
  const digest = (seed?: number): string =>
    createHash('sha256').update(text('otlp-jsonl', seed)).digest('hex');
  expect(digest()).toBe(digest(1));
  expect(digest(2)).not.toBe(digest(1));
});

test('spans look like what the figures are quoted for', () => {
  const traces = [...madeTraces(60_000)];
  const spans = traces.flat();
  const mean = (sum: number): number => sum / spans.length;
  expect(spans.length).toBeLessThan(62_000);
  expect(spans.length / traces.length).toBeCloseTo(25, -1);
  expect(Math.max(...traces.map((trace) => trace.length))).toBe(2000);
  expect(new Set(spans.map(({ service }) => service.name)).size).toBe(30);
  expect(new Set(spans.map(({ service, name }) => service.name + name)).size).toBeGreaterThan(200);
  const counts = spans.map(({ attributes }) => attributes.length);
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([8, 14]);
  expect(mean(spans.filter(({ error }) => error !== null).length)).toBeCloseTo(1 / 40, 2);
  for (const { startMicros, durationMicros } of spans) {
    expect(startMicros).toBeGreaterThan(0);
    expect(durationMicros).toBeGreaterThan(0);
  }
  expect(mean(text('otlp-jsonl').length) * (spans.length / SPANS)).toBeCloseTo(1150, -2);
});
