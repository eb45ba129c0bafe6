import { type Span, serviceName } from '../../src/model/span.ts';

const KINDS = { unspecified: 0, internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const CODES = { unset: 0, ok: 1, error: 2 };

/** Spans as OTLP JSON, one request a line: times, names, kinds, status and service, nothing else. */
export function otlpOf(traces: readonly (readonly Span[])[]): string {
  return traces
    .map((spans) => `${JSON.stringify({ resourceSpans: spans.map(resourceSpan) })}\n`)
    .join('');
}

function resourceSpan(span: Span) {
  const service = { key: 'service.name', value: { stringValue: serviceName(span.resource) } };
  return {
    resource: { attributes: [service] },
    scopeSpans: [
      {
        spans: [
          {
            traceId: span.traceId,
            spanId: span.spanId,
            parentSpanId: span.parentSpanId ?? '',
            name: span.name,
            kind: KINDS[span.kind],
            startTimeUnixNano: String(span.startUnixNano),
            endTimeUnixNano: String(span.endUnixNano),
            status: { code: CODES[span.statusCode], message: span.statusMessage },
          },
        ],
      },
    ],
  };
}
