import type { TraceFormat } from '../trace-format.ts';
import {
  decodeOtlpJson,
  hasKey,
  holdsDocument,
  OTHER_SIGNALS,
  RESOURCE_SPANS,
  SCOPE_SPANS,
  underEach,
} from './otlp-json-shape.ts';

const NAME = 'otlp-json';
const KEYS = [...RESOURCE_SPANS, ...SCOPE_SPANS, ...OTHER_SIGNALS];

/**
 * OTLP/JSON: export requests or TracesData, or ResourceSpans without anything around; one document, one per line, or
 * pretty-printed ones one after another. A dump whose beginning holds only logs or metrics may have traces behind them.
 */
export const otlpJson: TraceFormat = {
  name: NAME,
  title: 'OTLP JSON (OpenTelemetry Collector file exporter)',
  whyNot(head) {
    const isOtlp = holdsDocument(head, (document) => hasKey(document, KEYS));
    return isOtlp ? null : 'no "resourceSpans"';
  },
  decode: (out) =>
    decodeOtlpJson(NAME, out, ({ resourceSpans, batchFields }) => ({
      ...underEach(RESOURCE_SPANS, resourceSpans),
      ...batchFields,
    })),
};
