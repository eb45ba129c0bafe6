import type { AttributeValue } from '../model/attributes.ts';
import type { Span, SpanKind } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';

/** What spans are grouped by: named parts in the order of display. Null where a span does not have the part. */
export type GroupKey = Readonly<Record<string, string | null>>;

/** The key of a span's group; null leaves the span out. Equal keys have equal parts in equal order. */
export type SpanGrouping<K extends GroupKey = GroupKey> = (node: TraceNode) => K | null;

/** An operation: what a service does under one name. A type, because an interface has no index signature. */
export type OperationKey = {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
};

/** What all spans of an operation have in common. */
export interface OperationNode {
  readonly service: string;
  readonly span: Pick<Span, 'name' | 'kind'>;
}

/** The default grouping of everything about durations. */
export function byOperation(node: OperationNode): OperationKey {
  return { service: node.service, name: node.span.name, kind: node.span.kind };
}

export function byService(node: OperationNode): { readonly service: string } {
  return { service: node.service };
}

/**
 * By the text of one attribute, of the span or else of its resource; spans without it form the group null. Values of different
 * types with the same text (`200` and `"200"`) are one group, because formats differ in which type they keep.
 */
export function byAttribute(key: string): SpanGrouping {
  return ({ span }) => {
    const value = span.attributes.get(key) ?? span.resource.attributes.get(key);
    return { [key]: scalarText(value) };
  };
}

function scalarText(value: AttributeValue | undefined): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  return typeof value === 'bigint' ? value.toString() : null;
}

/** A key's parts as one string that differs whenever a part differs. */
export function groupId(key: GroupKey): string {
  let id = '';
  for (const part of Object.values(key)) {
    id += part === null ? '/' : `${part.length}:${part}/`;
  }
  return id;
}

/** Total order of keys: part by part, null first, then by code unit. */
export function compareGroups(a: GroupKey, b: GroupKey): number {
  const other = Object.values(b);
  for (const [index, part] of Object.values(a).entries()) {
    const order = comparePart(part, other[index] ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function comparePart(a: string | null, b: string | null): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  return a < b ? -1 : 1;
}
