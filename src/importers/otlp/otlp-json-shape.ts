import type { Place } from '../import-issue.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import {
  either,
  type JsonObject,
  type ListShape,
  list,
  type ObjectShape,
  object,
  repeatedValue,
  type Shape,
  value,
} from '../json/json-shape.ts';
import { isJsonList, isJsonObject } from '../read-field.ts';
import type { Decoder, DecoderOutput, DumpHead } from '../trace-format.ts';
import { OtlpJsonBatch } from './otlp-json-batch.ts';

/** The spellings of a document's list: camelCase, and the protocol's own. */
export const RESOURCE_SPANS = ['resourceSpans', 'resource_spans'];
/** The same for a ResourceSpans, with the name that OTLP had up to 0.15. */
export const SCOPE_SPANS = [
  'scopeSpans',
  'scope_spans',
  'instrumentationLibrarySpans',
  'instrumentation_library_spans',
];
const SCOPE = ['scope', 'instrumentationLibrary', 'instrumentation_library'];
const SCHEMA_URL = ['schemaUrl', 'schema_url'];
/** What stands in the place of `resourceSpans` in dumps of other signals, or of all of them. */
export const OTHER_SIGNALS: readonly string[] = [
  'resourceLogs',
  'resource_logs',
  'resourceMetrics',
  'resource_metrics',
  'resourceProfiles',
  'resource_profiles',
];

/** What a format that wraps OTLP builds its documents from. */
export interface OtlpParts {
  readonly out: DecoderOutput;
  /** A list of ResourceSpans. */
  readonly resourceSpans: ListShape;
  /** The fields of one ResourceSpans. */
  readonly batchFields: Readonly<Record<string, Shape>>;
}

/**
 * A decoder for documents that hold OTLP's ResourceSpans somewhere: `fields` says where. Documents may stand alone, in a list or one
 * after another. A document with none of the fields is reported, other signals are counted.
 */
export function decodeOtlpJson(
  format: string,
  out: DecoderOutput,
  fields: (parts: OtlpParts) => Readonly<Record<string, Shape>>,
): Decoder {
  const batch = new OtlpJsonBatch(format, out);
  const batchFields = resourceSpansFields(batch, out);
  const resourceSpans = object(batchFields, {
    open: (at) => batch.open(at),
    close: () => batch.close(),
    unknown: unknownField(out),
  });
  const parts = { out, resourceSpans: list(resourceSpans), batchFields };
  const document = documentShape(fields(parts), batch, out);
  const documents = either(
    () => document,
    () => list(document),
  );
  return jsonDecoder(documents, out);
}

/** Whether the head holds a document, alone or in a list, that `matches`. */
export function holdsDocument(head: DumpHead, matches: (document: JsonObject) => boolean): boolean {
  const documents = head.values.flatMap((each) => (isJsonList(each) ? each : [each]));
  return documents.some((document) => isJsonObject(document) && matches(document));
}

/** Whether an object has one of the keys. */
export function hasKey(document: JsonObject, keys: readonly string[]): boolean {
  return keys.some((key) => Object.hasOwn(document, key));
}

/** More of them in one document say nothing new. */
const MAX_UNKNOWN_KEYS = 100;

function documentShape(
  fields: Readonly<Record<string, Shape>>,
  batch: OtlpJsonBatch,
  out: DecoderOutput,
): ObjectShape {
  let openedAt: Place = { byte: 0, line: 1 };
  let isOfFormat = false;
  let unknown: { readonly key: string; readonly at: Place }[] = [];
  return object(fields, {
    open(at) {
      openedAt = at;
      isOfFormat = false;
      unknown = [];
      batch.open(at);
    },
    named() {
      isOfFormat = true;
    },
    unknown(key, at) {
      if (OTHER_SIGNALS.includes(key)) {
        isOfFormat = true;
        out.issue('other-signal', at, key);
      } else if (unknown.length < MAX_UNKNOWN_KEYS) {
        unknown.push({ key, at });
      }
    },
    close(_at, isWhole) {
      batch.close();
      if (isOfFormat) {
        for (const { key, at } of unknown) out.issue('unknown-field', at, key);
      } else if (isWhole) {
        out.record();
        out.issue('unrecognised-record', openedAt, 'an object without spans');
      }
    },
  });
}

function resourceSpansFields(
  batch: OtlpJsonBatch,
  out: DecoderOutput,
): Readonly<Record<string, Shape>> {
  const scopeSpans = object(
    {
      ...underEach(
        SCOPE,
        repeatedValue((read, at) => batch.scope(read, at)),
      ),
      ...underEach(
        SCHEMA_URL,
        value((read, at) => batch.scopeSchemaUrl(read, at)),
      ),
      spans: list(value((read, at) => batch.span(read, at), batch.spanBytes)),
    },
    { open: (at) => batch.openScope(at), unknown: unknownField(out) },
  );
  return {
    resource: repeatedValue((read, at) => batch.resource(read, at)),
    ...underEach(
      SCHEMA_URL,
      value((read, at) => batch.resourceSchemaUrl(read, at)),
    ),
    ...underEach(SCOPE_SPANS, list(scopeSpans)),
  };
}

/** The same shape under each of several keys. */
export function underEach(keys: readonly string[], shape: Shape): Readonly<Record<string, Shape>> {
  return Object.fromEntries(keys.map((key) => [key, shape]));
}

function unknownField(out: DecoderOutput): (key: string, at: Place) => void {
  return (key, at) => out.issue('unknown-field', at, key);
}
