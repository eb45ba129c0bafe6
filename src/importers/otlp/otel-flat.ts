import type { Resource } from '../../model/span.ts';
import type { IssueCode, Place } from '../import-issue.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import { either, type JsonObject, type JsonValue, list, value } from '../json/json-shape.ts';
import { isJsonObject, quote, readField } from '../read-field.ts';
import { sampleObjects } from '../sample-objects.ts';
import { SharedObjects } from '../shared-objects.ts';
import type { Decoder, DecoderOutput, DumpHead, TraceFormat } from '../trace-format.ts';
import { readFlatSpan } from './otel-flat-span.ts';

const NAME = 'otel-flat';

/**
 * OpenTelemetry spans as rows: one object per span, with the protocol's field names in snake case and plain values as attributes,
 * or as Data Prepper keeps them in OpenSearch (`otel-v1-apm-span`), with the attributes spread over the row.
 */
export const otelFlat: TraceFormat = {
  name: NAME,
  title: 'OpenTelemetry spans as flat JSON rows (snake case, Data Prepper)',
  whyNot: (head: DumpHead) =>
    sampleObjects(head).some(isRow)
      ? null
      : 'no row with a trace id, a span id and "start_time_unix_nano" or "startTime"',
  decode,
};

function isRow(record: JsonObject): boolean {
  const has = (key: string): boolean => readField(record, key) !== undefined;
  if (has('trace_id') && has('span_id')) return has('start_time_unix_nano');
  return has('traceId') && has('spanId') && typeof readField(record, 'startTime') === 'string';
}

function decode(out: DecoderOutput): Decoder {
  const resources = new SharedObjects<Resource>();
  const row = value((record, at) => decodeRow(record, at, resources, out));
  return jsonDecoder(
    either(
      () => row,
      () => list(row),
    ),
    out,
  );
}

function decodeRow(
  record: JsonValue,
  at: Place,
  resources: SharedObjects<Resource>,
  out: DecoderOutput,
): void {
  out.record();
  const report = (code: IssueCode, example: string): void => out.issue(code, at, example);
  if (!isJsonObject(record)) {
    report('unrecognised-record', quote(record));
    return;
  }
  const span = readFlatSpan(NAME, record, resources, report);
  if (span !== null) out.span(span);
}
