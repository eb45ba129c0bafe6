import type { AttributeValue } from '../../model/attributes.ts';
import type { SpanId, TraceId } from '../../model/ids.ts';
import type { SpanLink } from '../../model/span.ts';
import type { JsonObject, JsonValue } from '../json/json-shape.ts';
import { badField, isJsonList, isJsonObject, type Report } from '../read-field.ts';
import { isNoId, quoteId, type ReadId } from '../read-id.ts';
import { FIELD, field } from './jaeger-fields.ts';
import { jaegerSpanId, jaegerTraceId, rawTraceId } from './jaeger-id.ts';

/** How a span refers to another one, in OpenTracing's words. */
type RefType = 'child_of' | 'follows_from';

/** One entry of a span's `references`. */
interface Reference {
  readonly type: RefType;
  readonly traceId: TraceId;
  readonly spanId: ReadId<SpanId>;
  /** The entry itself; empty for a legacy `parentSpanID`. */
  readonly record: JsonObject;
}

/** What a span's references come to. */
export interface References {
  /** The parent; null for a root. */
  readonly parent: ReadId<SpanId> | null;
  readonly links: readonly SpanLink[];
}

const NO_LINKS: readonly SpanLink[] = [];
const NO_REFERENCES: References = { parent: null, links: NO_LINKS };

/** A span's own ids. */
interface Own {
  readonly traceId: ReadId<TraceId>;
  readonly spanId: ReadId<SpanId>;
}

/**
 * The parent is the first CHILD_OF of the same trace, else the first FOLLOWS_FROM of the same trace. Every other reference is
 * a link with `opentracing.ref_type`; so is a FOLLOWS_FROM that became the parent, which keeps its type. Empty references,
 * and a child of itself, say that the span is a root. A reference whose ids are damaged is reported.
 *
 * `linkTags` reads the tags of a reference (Elasticsearch, Jaeger 2).
 */
export function resolveReferences(
  record: JsonObject,
  own: Own,
  linkTags: (reference: JsonObject, into: Map<string, AttributeValue>) => void,
  report: Report,
): References {
  const references = readReferences(record, own, report);
  if (references.length === 0) return NO_REFERENCES;
  const local = references.filter(({ traceId }) => traceId === own.traceId.id);
  const others = local.filter(({ spanId }) => spanId.id !== own.spanId.id);
  const parent = firstOf(others, 'child_of') ?? firstOf(others, 'follows_from');
  const isTold = ({ type, traceId, spanId }: Reference): boolean =>
    type === 'child_of' &&
    traceId === own.traceId.id &&
    (spanId.id === parent?.spanId.id || spanId.id === own.spanId.id);
  const links = references.filter((reference) => !isTold(reference));
  return {
    parent: parent?.spanId ?? null,
    links: links.length === 0 ? NO_LINKS : links.map((reference) => linkOf(reference, linkTags)),
  };
}

function firstOf(references: readonly Reference[], type: RefType): Reference | undefined {
  return references.find((reference) => reference.type === type);
}

function readReferences(record: JsonObject, own: Own, report: Report): Reference[] {
  const references: Reference[] = [];
  for (const entry of referenceList(record, report)) {
    if (!isJsonObject(entry)) {
      badField(report, 'reference', entry);
      continue;
    }
    const reference = readReference(entry, own, report);
    if (reference !== null) references.push(reference);
  }
  const legacy = legacyParent(record, own, report);
  const isKnown = references.some(
    ({ traceId, spanId }) => traceId === own.traceId.id && spanId.id === legacy?.spanId.id,
  );
  if (legacy !== null && !isKnown) references.push(legacy);
  return references;
}

function referenceList(record: JsonObject, report: Report): readonly JsonValue[] {
  const entries = field(record, FIELD.references) ?? [];
  return isJsonList(entries) ? entries : (badField(report, 'references', entries) ?? []);
}

function readReference(record: JsonObject, own: Own, report: Report): Reference | null {
  const rawSpanId = field(record, FIELD.spanId);
  if (isNoId(rawSpanId)) return null;
  const raw = rawTraceId(record);
  const isOwn = raw === undefined || raw === (own.traceId.raw ?? own.traceId.id);
  const traceId = isOwn ? own.traceId : jaegerTraceId(record);
  const spanId = jaegerSpanId(rawSpanId);
  if (traceId === null || spanId === null) {
    report('link-id-missing', 'a reference without usable ids');
    return null;
  }
  return { type: refType(field(record, FIELD.refType)), traceId: traceId.id, spanId, record };
}

/** The deprecated `parentSpanID`, which later versions wrote beside the references. */
function legacyParent(record: JsonObject, own: Own, report: Report): Reference | null {
  const raw = field(record, FIELD.parentSpanId);
  if (isNoId(raw)) return null;
  const spanId = jaegerSpanId(raw);
  if (spanId === null) {
    report('link-id-missing', `parentSpanID: ${quoteId(raw ?? null)}`);
    return null;
  }
  return { type: 'child_of', traceId: own.traceId.id, spanId, record: {} };
}

/** `FOLLOWS_FROM`, `follows-from` or protobuf's 1; everything else, and nothing, is a child. */
function refType(raw: JsonValue | undefined): RefType {
  const isFollows = raw === 1 || (typeof raw === 'string' && /^follows[_-]from$/i.test(raw));
  return isFollows ? 'follows_from' : 'child_of';
}

function linkOf(
  { type, traceId, spanId, record }: Reference,
  linkTags: (reference: JsonObject, into: Map<string, AttributeValue>) => void,
): SpanLink {
  const attributes = new Map<string, AttributeValue>([['opentracing.ref_type', type]]);
  linkTags(record, attributes);
  const traceState = field(record, FIELD.traceState);
  const flags = field(record, FIELD.flags);
  return {
    traceId,
    spanId: spanId.id,
    traceState: typeof traceState === 'string' ? traceState : '',
    attributes,
    flags: typeof flags === 'number' && flags >= 0 && flags <= 0xffff_ffff ? flags : 0,
    droppedAttributes: 0,
  };
}
