import type { DumpHead, TraceFormat } from '../trace-format.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { firstObject, firstSpan, has, isJaegerSpan } from './jaeger-sample.ts';
import type { JaegerForm } from './jaeger-span.ts';
import { decodeTraces, TraceReader } from './jaeger-trace.ts';

const FORM: JaegerForm = {
  format: 'jaeger-model-json',
  durationUnit: 'ns',
  binary: 'base64',
  types: ['string', 'bool', 'int64', 'float64', 'binary'],
};

/**
 * Jaeger's internal model as JSON, in its three ages: `{Spans}` with short hex ids and integer nanoseconds; `{spans}` with
 * `traceId` and Go's durations; protobuf's JSON with base64 ids, as gRPC clients print it. Go's own encoding of the protobuf
 * structs has snake_case names and numbers for types. Traces, batches (`{process, spans}`) or single spans.
 */
export const jaegerModelJson: TraceFormat = {
  name: FORM.format,
  title: 'Jaeger model JSON (protobuf or older, as gRPC clients and test fixtures have it)',
  whyNot,
  decode: (out) => decodeTraces(new TraceReader(FORM, out), out),
};

function whyNot(head: DumpHead): string | null {
  const first = firstObject(head);
  if (first === null) return 'no JSON object';
  if (has(first, ['Spans'])) return null;
  const span = firstSpan(first);
  const start = span === null ? undefined : field(span, FIELD.startTime);
  const isDated = typeof start === 'string' && /^\d{4}-\d\d-\d\dT/.test(start);
  const isModel = span !== null && isDated && has(span, FIELD.traceId) && isJaegerSpan(span);
  return isModel
    ? null
    : 'no "Spans", and no spans with "operationName" and an RFC 3339 "startTime"';
}
