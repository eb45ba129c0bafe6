import type { Place } from '../import-issue.ts';
import { type JsonValue, object, type Shape, value } from '../json/json-shape.ts';
import { isJsonList, isJsonObject, toInteger } from '../read-field.ts';
import type { DecoderOutput, DumpHead, TraceFormat } from '../trace-format.ts';
import { InlineSpanReader } from './jaeger-inline-span.ts';
import { firstObject, has, objectIn } from './jaeger-sample.ts';
import type { JaegerForm } from './jaeger-span.ts';
import { decodeTraces, TraceReader, whenList } from './jaeger-trace.ts';

const FORM: JaegerForm = {
  format: 'jaeger-elasticsearch',
  durationUnit: 'us',
  binary: 'hex',
  types: [],
};

/**
 * Spans as Jaeger stores them in Elasticsearch: documents (one, a list, JSON lines), what elasticdump writes
 * (`{_source: document}`), or a search response, whose `hits.total` may say that there are more than it holds.
 */
export const jaegerElasticsearch: TraceFormat = {
  name: FORM.format,
  title: 'Jaeger in Elasticsearch (documents, search responses)',
  whyNot,
  decode: (out) => {
    const documents = new InlineSpanReader(FORM, out);
    const source = value((read, at) => documents.read(read, at));
    const document = new TraceReader(FORM, out, (found) => ({
      hits: hitsShape(source, found, out),
      _source: value((read, at) => {
        found();
        documents.read(read, at);
      }),
    }));
    const element = value((read, at) => documents.read(unwrapped(read), at));
    return decodeTraces(document, out, element);
  },
};

/** A document out of a list of hits or of documents. */
function unwrapped(element: JsonValue): JsonValue {
  return isJsonObject(element) && isJsonObject(element['_source']) ? element['_source'] : element;
}

/** `hits` of a search response: `total` (a number, since Elasticsearch 7 an object) and a page of `hits`. */
function hitsShape(source: Shape, found: () => void, out: DecoderOutput): Shape {
  let held = 0n;
  let total: JsonValue = null;
  let totalAt: Place | null = null;
  const hit = object({ _source: source }, { open: () => (held += 1n) });
  const readTotal = value((read, at) => {
    total = isJsonObject(read) ? (read['value'] ?? null) : read;
    totalAt = at;
  });
  return object(
    { total: readTotal, hits: whenList(hit, found) },
    {
      open: () => {
        held = 0n;
        total = null;
        totalAt = null;
      },
      close: () => {
        const all = toInteger(total) ?? 0n;
        if (totalAt !== null && all > held)
          out.issue('more-hits', totalAt, `${held} of ${all} hits`);
      },
    },
  );
}

function whyNot(head: DumpHead): string | null {
  const first = firstObject(head);
  if (first === null) return 'no JSON object';
  const hits = isJsonObject(first['hits']) ? first['hits']['hits'] : undefined;
  if (isJsonList(hits) && hits.length === 0) return null;
  const hit = objectIn(hits) ?? first;
  const document = isJsonObject(hit['_source']) ? hit['_source'] : first;
  const isStored =
    document !== first || has(document, ['startTimeMillis']) || isJsonObject(document['tag']);
  return isStored && has(document, ['spanID'])
    ? null
    : 'no "hits" and no document with "spanID" and "startTimeMillis"';
}
