import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { IssueCode, Place } from '../../src/importers/import-issue.ts';
import { jaegerJson } from '../../src/importers/jaeger/jaeger-json.ts';
import {
  DEFAULT_LIMITS,
  DEFAULT_MAX_MEMORY_BYTES,
  MIN_MAX_MEMORY_BYTES,
  memoryLimits,
} from '../../src/importers/memory-limits.ts';
import { otelJsConsole } from '../../src/importers/otlp/otel-js-console.ts';
import { otlpJson } from '../../src/importers/otlp/otlp-json.ts';
import { otlpProtobuf } from '../../src/importers/otlp/otlp-protobuf.ts';
import type { TraceFormat } from '../../src/importers/trace-format.ts';
import { zipkinV2 } from '../../src/importers/zipkin/zipkin-v2.ts';
import { tracesData, wireResource, wireScopeSpans, wireSpan } from '../helpers/otlp-message.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const LIMIT = 5000;
const LARGE = 'x'.repeat(20_000);
/** The second of three spans is too large. */
const NAMES = ['one', LARGE, 'three'];

function id(index: number): string {
  return String(index + 1).padStart(16, '0');
}

const otlpSpans = NAMES.map((name, index) => ({
  traceId: TRACE_ID,
  spanId: id(index),
  name,
  startTimeUnixNano: '5',
  endTimeUnixNano: '9',
}));

function otlpRequest(spans: readonly object[]): string {
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
}

function consoleSpan(name: string, index: number): string {
  const span = {
    resource: { attributes: { 'service.name': 'cart', 'telemetry.sdk.language': 'nodejs' } },
    traceId: TRACE_ID,
    id: id(index),
    name,
    kind: 1,
    timestamp: 1700000000000123.5,
    duration: 686.317,
    attributes: {},
    status: { code: 0 },
    events: [],
    links: [],
  };
  return inspect(span, { maxStringLength: null });
}

const DUMPS: readonly [string, TraceFormat, string | Buffer][] = [
  ['OTLP, one document', otlpJson, otlpRequest(otlpSpans)],
  ['OTLP, JSON lines', otlpJson, otlpSpans.map((span) => otlpRequest([span])).join('\n')],
  ['OTLP, on many lines', otlpJson, JSON.stringify(JSON.parse(otlpRequest(otlpSpans)), null, 2)],
  [
    'OTLP, protobuf',
    otlpProtobuf,
    tracesData(
      wireResource('shop'),
      wireScopeSpans(
        'scope',
        ...NAMES.map((name, index) => wireSpan({ name, traceId: TRACE_ID, spanId: id(index) })),
      ),
    ),
  ],
  [
    'Jaeger',
    jaegerJson,
    JSON.stringify({
      data: [
        {
          traceID: TRACE_ID,
          spans: NAMES.map((operationName, index) => ({
            traceID: TRACE_ID,
            spanID: id(index),
            operationName,
            startTime: 1,
            duration: 1,
            processID: 'p1',
          })),
          processes: { p1: { serviceName: 'shop' } },
        },
      ],
    }),
  ],
  [
    'Zipkin',
    zipkinV2,
    JSON.stringify(
      NAMES.map((name, index) => ({
        traceId: TRACE_ID,
        id: id(index),
        name,
        timestamp: 1,
        duration: 1,
      })),
    ),
  ],
  ['JavaScript console', otelJsConsole, NAMES.map(consoleSpan).join('\n')],
];

interface Decoded {
  readonly names: readonly string[];
  readonly records: number;
  readonly issues: readonly { code: IssueCode; at: Place; example: string }[];
}

function decoded(format: TraceFormat, dump: string | Buffer, chunkBytes: number): Decoded {
  const names: string[] = [];
  const issues: { code: IssueCode; at: Place; example: string }[] = [];
  let records = 0;
  const decoder = format.decode({
    span: ({ name }) => names.push(name),
    issue: (code, at, example) => issues.push({ code, at, example }),
    record: () => {
      records += 1;
    },
    split: () => {},
    limits: { ...DEFAULT_LIMITS, recordBytes: LIMIT },
  });
  const bytes = Buffer.from(dump);
  for (let at = 0; at < bytes.length; at += chunkBytes)
    decoder.push(bytes.subarray(at, at + chunkBytes));
  decoder.end();
  return { names, records, issues };
}

describe.each(DUMPS)('%s: a record above the limit', (_name, format, dump) => {
  test.each([13, 1000, 1 << 20])(
    'is an issue with place and size, and the others are read; in pieces of %i bytes',
    (chunkBytes) => {
      const { names, records, issues } = decoded(format, dump, chunkBytes);
      expect(names).toEqual(['one', 'three']);
      expect(records).toBe(3);
      expect(issues.map(({ code }) => code)).toEqual(['record-too-large']);
      const [issue] = issues;
      const [, size] =
        /^(\d+) bytes, --max-memory allows 5000; --max-memory 111MB takes it$/.exec(
          issue?.example ?? '',
        ) ?? [];
      expect(Number(size)).toBeGreaterThan(LARGE.length);
      expect(Number(size)).toBeLessThan(LARGE.length + 500);
      expect(issue?.at.byte).toBeGreaterThan(0);
      expect(issue?.at.byte).toBeLessThan(Buffer.from(dump).indexOf(LARGE));
    },
  );
});

test('a text without line feeds is not gathered in search of an object', () => {
  const { names, issues } = decoded(otelJsConsole, `${consoleSpan('one', 0)}\n${LARGE}\n`, 100);
  expect(names).toEqual(['one']);
  expect(issues.at(-1)).toMatchObject({ code: 'other-signal', example: 'a very long line' });
});

test('limits grow with what is allowed', () => {
  expect(memoryLimits(DEFAULT_MAX_MEMORY_BYTES)).toEqual(DEFAULT_LIMITS);
  const least = memoryLimits(MIN_MAX_MEMORY_BYTES);
  const more = memoryLimits(1_000_000_000);
  for (const [name, bytes] of Object.entries(least)) {
    expect(bytes).toBeGreaterThan(1_000_000);
    expect(more[name as keyof typeof more]).toBeGreaterThan(bytes);
  }
  expect(more.recordBytes).toBeGreaterThan(64 * 2 ** 20);
});
