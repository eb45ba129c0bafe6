import { jsonDecoder } from '../json/json-scanner.ts';
import { either, list, value } from '../json/json-shape.ts';
import type { DumpHead, TraceFormat } from '../trace-format.ts';
import { InlineSpanReader } from './jaeger-inline-span.ts';
import { firstObject, has } from './jaeger-sample.ts';
import type { JaegerForm } from './jaeger-span.ts';

const FORM: JaegerForm = {
  format: 'jaeger-cassandra',
  durationUnit: 'us',
  binary: 'base64',
  types: [],
};

/** Rows of Jaeger's table `traces` in Cassandra as JSON, as Jaeger's own code (`TraceID`) or cqlsh (`trace_id`) names them. */
export const jaegerCassandra: TraceFormat = {
  name: FORM.format,
  title: 'Jaeger in Cassandra (rows as JSON)',
  whyNot,
  decode: (out) => {
    const rows = new InlineSpanReader(FORM, out);
    const row = value((read, at) => rows.read(read, at));
    const elements = list(row);
    const root = either(
      () => row,
      () => elements,
    );
    return jsonDecoder(root, out);
  },
};

function whyNot(head: DumpHead): string | null {
  const first = firstObject(head);
  if (first === null) return 'no JSON object';
  const isRow =
    has(first, ['SpanHash', 'span_hash']) || (has(first, ['TraceID']) && has(first, ['SpanID']));
  return isRow ? null : 'no row with "TraceID" and "SpanID"';
}
