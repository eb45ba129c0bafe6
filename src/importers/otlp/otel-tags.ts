import type { AttributeValue } from '../../model/attributes.ts';
import {
  type DroppedCounts,
  NOTHING_DROPPED,
  type Scope,
  SPAN_KINDS,
  type SpanKind,
} from '../../model/span.ts';

/**
 * Tags of a span by key, in the order of the dump. What OpenTelemetry's exporters to Jaeger and Zipkin write as tags
 * has a field of its own in a span: the functions below take it out.
 */
export type Tags = Map<string, AttributeValue>;

const UINT32_MAX = 0xffff_ffffn;

/**
 * The kind that tag `span.kind` names, in any case; the tag is taken out. A value that names none stays a tag and the kind
 * is `unspecified`.
 */
export function takeKind(tags: Tags): SpanKind {
  const value = tags.get('span.kind');
  if (typeof value !== 'string') return 'unspecified';
  const name = value.toLowerCase();
  const kind = SPAN_KINDS.find((known) => known === name && known !== 'unspecified');
  if (kind === undefined) return 'unspecified';
  tags.delete('span.kind');
  return kind;
}

/**
 * The instrumentation library by `otel.scope.name` and `otel.scope.version`, or by their old spelling `otel.library.*`, which
 * newer exporters write beside the new one. A version without a name stays a tag.
 */
export function takeScope(tags: Tags): Pick<Scope, 'name' | 'version'> {
  const name = scopeName(tags);
  if (name === null) return { name: '', version: '' };
  const version = tags.get('otel.scope.version') ?? tags.get('otel.library.version');
  const text = typeof version === 'string' ? version : '';
  deleteIfEqual(tags, 'otel.scope.name', name);
  deleteIfEqual(tags, 'otel.library.name', name);
  deleteIfEqual(tags, 'otel.scope.version', text);
  deleteIfEqual(tags, 'otel.library.version', text);
  return { name, version: text };
}

function scopeName(tags: Tags): string | null {
  for (const key of ['otel.scope.name', 'otel.library.name']) {
    const name = tags.get(key);
    if (typeof name === 'string' && name !== '') return name;
  }
  return null;
}

function deleteIfEqual(tags: Tags, key: string, value: string): void {
  if (tags.get(key) === value) tags.delete(key);
}

/** How much the SDK says it dropped (`otel.dropped_…_count`); a count that no uint32 holds stays a tag. */
export function takeDropped(tags: Tags): DroppedCounts {
  const attributes = takeCount(tags, 'otel.dropped_attributes_count');
  const events = takeCount(tags, 'otel.dropped_events_count');
  const links = takeCount(tags, 'otel.dropped_links_count');
  return attributes + events + links === 0 ? NOTHING_DROPPED : { attributes, events, links };
}

function takeCount(tags: Tags, key: string): number {
  const value = tags.get(key);
  if (value === undefined) return 0;
  const count = typeof value === 'string' && /^\d{1,10}$/.test(value) ? BigInt(value) : value;
  if (typeof count !== 'bigint' || count < 0n || count > UINT32_MAX) return 0;
  tags.delete(key);
  return Number(count);
}

/** The string of tag `key`, taken out; null when there is none or it is not a string. */
export function takeString(tags: Tags, key: string): string | null {
  const value = tags.get(key);
  if (typeof value !== 'string') return null;
  tags.delete(key);
  return value;
}
