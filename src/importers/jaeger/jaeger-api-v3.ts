import { object } from '../json/json-shape.ts';
import {
  decodeOtlpJson,
  hasKey,
  holdsDocument,
  RESOURCE_SPANS,
  underEach,
} from '../otlp/otlp-json-shape.ts';
import { isJsonObject } from '../read-field.ts';
import type { TraceFormat } from '../trace-format.ts';

const NAME = 'jaeger-api-v3';

/** Jaeger's query API v3: OTLP in `result`; its HTTP stream is several such objects one after another. */
export const jaegerApiV3: TraceFormat = {
  name: NAME,
  title: 'Jaeger API v3 JSON',
  whyNot(head) {
    const isAnswer = holdsDocument(
      head,
      ({ result }) => isJsonObject(result) && hasKey(result, RESOURCE_SPANS),
    );
    return isAnswer ? null : 'no "result" with "resourceSpans"';
  },
  decode: (out) =>
    decodeOtlpJson(NAME, out, ({ resourceSpans }) => ({
      result: object(underEach(RESOURCE_SPANS, resourceSpans)),
    })),
};
