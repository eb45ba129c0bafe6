import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type DumpReport, importDump } from '../../src/importers/import-dump.ts';
import { findDumps, openDump } from '../../src/importers/open-dump.ts';
import { type Span, serviceName } from '../../src/model/span.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

interface Imported {
  readonly spans: readonly Span[];
  readonly report: DumpReport;
}

async function imported(name: string, format = 'auto'): Promise<Imported> {
  const [file] = await findDumps([path.join(FIXTURES, name)]);
  if (file === undefined) throw new Error(`no fixture ${name}`);
  const batches = importDump(openDump(file), { format });
  const spans: Span[] = [];
  for (;;) {
    const batch = await batches.next();
    if (batch.done) return { spans, report: batch.value };
    spans.push(...batch.value);
  }
}

/** What every format can say of a span, in the order of trace and span ids. */
function common(spans: readonly Span[]): readonly string[] {
  return spans
    .map((span) =>
      [
        span.traceId,
        span.spanId,
        span.parentSpanId,
        serviceName(span.resource),
        span.name,
        // Jaeger's and Zipkin's exporters write no kind for internal spans.
        span.kind === 'internal' ? 'unspecified' : span.kind,
        span.startUnixNano / 1000n,
        span.durationNs / 1000,
        span.statusCode,
        span.statusMessage,
      ].join(' '),
    )
    .sort();
}

test.each([
  ['shop.otlp.jsonl', 'otlp-json'],
  ['shop.otlp.jsonl.zst', 'otlp-json'],
  ['shop.zipkin.json', 'zipkin-v2'],
  ['shop.jaeger.json', 'jaeger-json'],
  ['declined.otlp.jsonl', 'otlp-json'],
  ['declined.otlp.pb', 'otlp-protobuf'],
  ['declined.console.txt', 'otel-js-console'],
])(
  '%s is recognised as %s, read without a single issue, and the same when told',
  async (name, format) => {
    const { spans, report } = await imported(name);
    expect(report.format).toBe(format);
    expect(report.issues).toEqual([]);
    expect(report.records).toBe(spans.length);
    expect((await imported(name, format)).spans).toEqual(spans);
  },
);

test('the shop is the same in all three formats', async () => {
  const otlp = common((await imported('shop.otlp.jsonl')).spans);
  expect(common((await imported('shop.zipkin.json')).spans)).toEqual(otlp);
  expect(common((await imported('shop.jaeger.json')).spans)).toEqual(otlp);
});

test('the shop holds what its program put in', async () => {
  const { spans } = await imported('shop.otlp.jsonl');
  const count = (matches: (span: Span) => boolean): number => spans.filter(matches).length;
  const ids = new Set(spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`));
  expect({
    traces: new Set(spans.map(({ traceId }) => traceId)).size,
    spans: spans.length,
    services: [...new Set(spans.map(({ resource }) => serviceName(resource)))].sort(),
    roots: count(({ parentSpanId }) => parentSpanId === null),
    missingParents: count(
      ({ traceId, parentSpanId }) =>
        parentSpanId !== null && !ids.has(`${traceId} ${parentSpanId}`),
    ),
    errors: count(({ statusCode }) => statusCode === 'error'),
    exceptions: count(({ events }) => events.some(({ name }) => name === 'exception')),
    retries: count(({ events }) => events.some(({ name }) => name === 'retry')),
    linked: count(({ links }) => links.length > 0),
    messages: count(({ kind }) => kind === 'producer'),
    overASecond: count(({ durationNs }) => durationNs > 1e9),
  }).toMatchInlineSnapshot(`
    {
      "errors": 26,
      "exceptions": 10,
      "linked": 16,
      "messages": 11,
      "missingParents": 2,
      "overASecond": 10,
      "retries": 2,
      "roots": 62,
      "services": [
        "cart",
        "catalog",
        "checkout",
        "email",
        "frontend",
        "payment",
        "shipping",
      ],
      "spans": 533,
      "traces": 62,
    }
  `);
});

test('a declined payment is the same as the SDK prints it, in JSON and in protobuf', async () => {
  const [json, protobuf, printed] = await Promise.all(
    ['declined.otlp.jsonl', 'declined.otlp.pb', 'declined.console.txt'].map((name) =>
      imported(name),
    ),
  );
  const strip = (spans: readonly Span[] = []): unknown[] =>
    spans.map(({ origin: _origin, ...span }) => span);
  expect(strip(protobuf?.spans)).toEqual(strip(json?.spans));
  expect(common(printed?.spans ?? []).length).toBeGreaterThan(10);
  expect(common(printed?.spans ?? [])).toEqual(common(json?.spans ?? []));
});
