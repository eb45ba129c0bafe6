import {
  type MadeAttributes,
  type MadeEvent,
  type MadeService,
  type MadeSpan,
  madeTraces,
} from './made-spans.ts';

/** The formats that a dump can be made in. */
export const MADE_FORMATS = ['otlp-json', 'otlp-jsonl', 'jaeger', 'zipkin'] as const;
export type MadeFormat = (typeof MADE_FORMATS)[number];

/** Spans that are written together: a collector's batch. */
const BATCH_SPANS = 512;

/** A dump of about `spans` spans, piece by piece. Same arguments, same bytes. */
export function* madeDump(
  format: MadeFormat,
  spans: number,
  seed?: number,
  spread?: number,
): Generator<string> {
  yield* dumpOf(format, madeTraces(spans, seed, spread));
}

/** A dump of traces, piece by piece. */
export function* dumpOf(
  format: MadeFormat,
  traces: Iterable<readonly MadeSpan[]>,
): Generator<string> {
  const { head, between, tail, piece } = WRITERS[format];
  let separator = head;
  for (const batch of batches(traces)) {
    yield separator + piece(batch);
    separator = between;
  }
  yield tail;
}

/** Whole traces, at least BATCH_SPANS spans together. */
function* batches(
  traces: Iterable<readonly MadeSpan[]>,
): Generator<readonly (readonly MadeSpan[])[]> {
  let batch: (readonly MadeSpan[])[] = [];
  let spans = 0;
  for (const trace of traces) {
    batch.push(trace);
    spans += trace.length;
    if (spans < BATCH_SPANS) continue;
    yield batch;
    batch = [];
    spans = 0;
  }
  if (batch.length > 0) yield batch;
}

interface Writer {
  readonly head: string;
  readonly between: string;
  readonly tail: string;
  readonly piece: (batch: readonly (readonly MadeSpan[])[]) => string;
}

const WRITERS: Readonly<Record<MadeFormat, Writer>> = {
  'otlp-json': {
    head: '{"resourceSpans":[',
    between: ',',
    tail: ']}\n',
    piece: (batch) => inList(resourceSpans(batch)),
  },
  'otlp-jsonl': {
    head: '',
    between: '\n',
    tail: '\n',
    piece: (batch) => JSON.stringify({ resourceSpans: resourceSpans(batch) }),
  },
  jaeger: {
    head: '{"data":[',
    between: ',',
    tail: '],"total":0,"limit":0,"offset":0,"errors":null}\n',
    piece: (batch) => inList(batch.map(jaegerTrace)),
  },
  zipkin: {
    head: '[',
    between: ',',
    tail: ']\n',
    piece: (batch) => inList(batch.flat().map(zipkinSpan)),
  },
};

function inList(items: readonly object[]): string {
  return items.map((item) => JSON.stringify(item)).join(',');
}

const OTLP_KINDS: Readonly<Record<MadeSpan['kind'], number>> = {
  internal: 1,
  server: 2,
  client: 3,
  producer: 4,
  consumer: 5,
};

function resourceSpans(batch: readonly (readonly MadeSpan[])[]): readonly object[] {
  const byService = new Map<MadeService, MadeSpan[]>();
  for (const span of batch.flat()) {
    const spans = byService.get(span.service);
    if (spans === undefined) byService.set(span.service, [span]);
    else spans.push(span);
  }
  return [...byService].map(([service, spans]) => ({
    resource: { attributes: otlpAttributes([['service.name', service.name], ...service.resource]) },
    scopeSpans: [{ scope: { name: 'made', version: '1.0.0' }, spans: spans.map(otlpSpan) }],
  }));
}

function otlpSpan(span: MadeSpan): object {
  const { error, startMicros, durationMicros, events } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId ?? '',
    name: span.name,
    kind: OTLP_KINDS[span.kind],
    startTimeUnixNano: nanoText(startMicros),
    endTimeUnixNano: nanoText(startMicros + durationMicros),
    attributes: otlpAttributes(span.attributes),
    events: events.length === 0 ? undefined : events.map(otlpEvent),
    status: error === null ? {} : { code: 2, message: error },
  };
}

function otlpEvent({ micros, name, attributes }: MadeEvent): object {
  return { timeUnixNano: nanoText(micros), name, attributes: otlpAttributes(attributes) };
}

function nanoText(micros: number): string {
  return `${micros}000`;
}

function otlpAttributes(attributes: MadeAttributes): readonly object[] {
  return attributes.map(([key, value]) => {
    if (typeof value === 'string') return { key, value: { stringValue: value } };
    if (typeof value === 'bigint') return { key, value: { intValue: String(value) } };
    return {
      key,
      value: typeof value === 'number' ? { doubleValue: value } : { boolValue: value },
    };
  });
}

function jaegerTrace(trace: readonly MadeSpan[]): object {
  const services = [...new Set(trace.map(({ service }) => service))];
  const processes = services.map(({ name, resource }, index) => [
    `p${index + 1}`,
    { serviceName: name, tags: jaegerTags(resource) },
  ]);
  return {
    traceID: trace[0]?.traceId,
    spans: trace.map((span) => jaegerSpan(span, `p${services.indexOf(span.service) + 1}`)),
    processes: Object.fromEntries(processes),
    warnings: null,
  };
}

function jaegerSpan(span: MadeSpan, processID: string): object {
  const { traceId: traceID, spanId: spanID, parentSpanId, error } = span;
  const failure: MadeAttributes =
    error === null
      ? []
      : [
          ['otel.status_code', 'ERROR'],
          ['error', true],
          ['otel.status_description', error],
        ];
  return {
    traceID,
    spanID,
    flags: 1,
    operationName: span.name,
    references:
      parentSpanId === null ? [] : [{ refType: 'CHILD_OF', traceID, spanID: parentSpanId }],
    startTime: span.startMicros,
    duration: span.durationMicros,
    tags: jaegerTags([...span.attributes, ['span.kind', span.kind], ...failure]),
    logs: span.events.map(({ micros, name, attributes }) => ({
      timestamp: micros,
      fields: jaegerTags([['event', name], ...attributes]),
    })),
    processID,
    warnings: null,
  };
}

function jaegerTags(attributes: MadeAttributes): readonly object[] {
  return attributes.map(([key, value]) => {
    if (typeof value === 'string') return { key, type: 'string', value };
    if (typeof value === 'bigint') return { key, type: 'int64', value: Number(value) };
    return { key, type: typeof value === 'number' ? 'float64' : 'bool', value };
  });
}

function zipkinSpan(span: MadeSpan): object {
  const { error, kind, service } = span;
  return {
    traceId: span.traceId,
    parentId: span.parentSpanId ?? undefined,
    id: span.spanId,
    kind: kind === 'internal' ? undefined : kind.toUpperCase(),
    name: span.name,
    timestamp: span.startMicros,
    duration: span.durationMicros,
    localEndpoint: { serviceName: service.name, ipv4: '10.0.0.1' },
    annotations: span.events.map(({ micros, name, attributes }) => ({
      timestamp: micros,
      value: `"${name}":${JSON.stringify(texts(attributes))}`,
    })),
    tags: {
      ...texts(span.attributes),
      ...(kind === 'internal' ? { 'span.kind': 'internal' } : {}),
      ...(error === null ? {} : { error }),
    },
  };
}

function texts(attributes: MadeAttributes): Record<string, string> {
  return Object.fromEntries(attributes.map(([key, value]) => [key, String(value)]));
}
