import type { DumpHead, TraceFormat } from '../trace-format.ts';
import { firstObject, firstSpan, has } from './jaeger-sample.ts';
import type { JaegerForm } from './jaeger-span.ts';
import { decodeTraces, TraceReader } from './jaeger-trace.ts';

const FORM: JaegerForm = {
  format: 'jaeger-thrift-json',
  durationUnit: 'us',
  binary: 'base64',
  // The order of Thrift's TagType, which is not that of the model's ValueType.
  types: ['string', 'float64', 'bool', 'int64', 'binary'],
};

/** What Jaeger's old clients send, as JSON: `{process, spans}` with ids as signed integers, the trace's in two halves. */
export const jaegerThriftJson: TraceFormat = {
  name: FORM.format,
  title: 'Jaeger Thrift JSON (batches of old clients)',
  whyNot,
  decode: (out) => decodeTraces(new TraceReader(FORM, out), out),
};

function whyNot(head: DumpHead): string | null {
  const first = firstObject(head);
  if (first === null) return 'no JSON object';
  const span = firstSpan(first);
  const isThrift = span !== null && has(span, ['traceIdLow', 'traceIdHigh']);
  return isThrift ? null : 'no "traceIdLow" in its spans';
}
