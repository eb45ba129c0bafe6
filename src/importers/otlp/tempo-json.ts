import { type JsonObject, object, value } from '../json/json-shape.ts';
import { isJsonObject, quote } from '../read-field.ts';
import type { TraceFormat } from '../trace-format.ts';
import {
  decodeOtlpJson,
  hasKey,
  holdsDocument,
  RESOURCE_SPANS,
  underEach,
} from './otlp-json-shape.ts';

const NAME = 'tempo-json';
const LISTS = ['batches', ...RESOURCE_SPANS];

/** Grafana Tempo's answers: `{batches}` of /api/traces and Grafana's export, `{trace: {resourceSpans}}` of /api/v2/traces. */
export const tempoJson: TraceFormat = {
  name: NAME,
  title: 'Grafana Tempo JSON (trace by id, Grafana export)',
  whyNot: (head) => (holdsDocument(head, isAnswer) ? null : 'no "batches", no "trace"'),
  decode: (out) =>
    decodeOtlpJson(NAME, out, ({ resourceSpans }) => ({
      batches: resourceSpans,
      trace: object(underEach(LISTS, resourceSpans)),
      status: value((status, at) => {
        if (status === 'PARTIAL') out.issue('partial-trace', at, `status: ${quote(status)}`);
      }),
      message: value(() => {}),
      metrics: value(() => {}),
    })),
};

function isAnswer(document: JsonObject): boolean {
  const trace = document['trace'];
  return hasKey(document, ['batches']) || (isJsonObject(trace) && hasKey(trace, LISTS));
}
