import { either, type JsonObject, list } from '../json/json-shape.ts';
import { isJsonList, isJsonObject } from '../read-field.ts';
import type { DumpHead, TraceFormat } from '../trace-format.ts';
import { firstObject, firstSpan, has, isJaegerSpan, objectIn } from './jaeger-sample.ts';
import type { JaegerForm } from './jaeger-span.ts';
import { decodeTraces, TraceReader } from './jaeger-trace.ts';

const FORM: JaegerForm = {
  format: 'jaeger-json',
  durationUnit: 'us',
  binary: 'base64',
  types: ['string', 'bool', 'int64', 'float64', 'binary'],
  hasRows: true,
};

/**
 * The JSON of Jaeger's query API and of its UI: `{data: [trace…]}`, the UI's own state (`data` is the trace), a trace, a list of
 * traces, a list of spans with their process inline, or one such span. What the UI adds to spans is ignored.
 */
export const jaegerJson: TraceFormat = {
  name: FORM.format,
  title: 'Jaeger JSON (query API, UI download)',
  whyNot,
  decode: (out) => {
    const trace = new TraceReader(FORM, out);
    const document = new TraceReader(FORM, out, (found) => ({
      data: either(
        () => {
          found();
          return trace.shape;
        },
        () => {
          found();
          return list(trace.shape);
        },
      ),
    }));
    return decodeTraces(document, out);
  },
};

function whyNot(head: DumpHead): string | null {
  const first = firstObject(head);
  if (first === null) return 'no JSON object';
  const { data } = first;
  if (isJsonList(data) && data.length === 0) return null;
  const trace = objectIn(data) ?? first;
  if (!isJsonList(trace['spans'])) {
    return isJsonSpan(trace) ? null : 'no "data" or "spans" list, nor a span with "spanID"';
  }
  const span = firstSpan(trace);
  if (span !== null && !isJsonSpan(span)) return 'no "spanID" and numeric "startTime" in its spans';
  const isTrace = has(trace, ['traceID', 'processes']) || span !== null;
  return isTrace ? null : '"spans" without "traceID" or "processes"';
}

/** Elasticsearch's documents are spans with an inline process too, and have `startTimeMillis`. */
function isJsonSpan(span: JsonObject): boolean {
  const isDocument = has(span, ['startTimeMillis']) || isJsonObject(span['tag']);
  const isModel = typeof span['startTime'] === 'string' && /^\d{4}-/.test(span['startTime']);
  return has(span, ['spanID']) && isJaegerSpan(span) && !isDocument && !isModel;
}
