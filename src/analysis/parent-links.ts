import type { SpanId } from '../model/ids.ts';
import { type Span, type SpanLink, serviceName } from '../model/span.ts';
import type { ParentRelation } from '../model/trace.ts';
import type { SharedSpans, TraceEntry } from './shared-spans.ts';

/** Where an entry hangs: positions are those of `SharedSpans.entries`. */
export interface ParentLink {
  /** Null for a root and for an orphan. */
  readonly parent: number | null;
  readonly relation: ParentRelation;
  /** The parent id that no span of the trace has, else null. */
  readonly missingParent: SpanId | null;
  /** Its parents led back to it; it became a root. */
  readonly isCut: boolean;
}

const REF_TYPE = 'opentracing.ref_type';

/**
 * The parent of every entry, by position.
 *
 * A span's own parent id counts if the trace has that span. Else the first other reference of the same trace whose span exists,
 * `child_of` before `follows_from`: Jaeger's spans may name several parents, and its importer keeps them as links that carry
 * `opentracing.ref_type`. Else the span is an orphan of its parent id. Links without a reference type never are parents.
 * The relation is `follows-from` when all links of the span to that parent say so and there is at least one.
 *
 * Parents that lead back to the span itself are cut at the span of the loop that starts first (then the smallest id); it becomes
 * a root. Linear in the number of entries.
 */
export function parentLinks(shared: SharedSpans): ParentLink[] {
  const links = shared.entries.map((entry, at) => parentLink(entry, at, shared));
  for (const at of loopStarts(links, shared.entries)) {
    links[at] = { ...ROOT, isCut: true };
  }
  return links;
}

function parentLink(entry: TraceEntry, at: number, shared: SharedSpans): ParentLink {
  const { span, clientHalf } = entry;
  if (clientHalf !== null) return childOf(clientHalf, 'child-of');
  if (span.links.length > 0) return linkAmongReferences(span, at, shared);
  if (span.parentSpanId === null) return ROOT;
  const parent = shared.find(span.parentSpanId, serviceName(span.resource));
  if (parent === at) return ROOT;
  return parent === null
    ? orphanOf({ id: span.parentSpanId, relation: 'child-of' })
    : childOf(parent, 'child-of');
}

function linkAmongReferences(span: Span, at: number, shared: SharedSpans): ParentLink {
  const service = serviceName(span.resource);
  const references = candidates(span);
  for (const { id, relation } of references) {
    const parent = shared.find(id, service);
    if (parent !== null && parent !== at) return childOf(parent, relation);
  }
  // A reference to the span itself does not make it an orphan.
  const missing = references.find(({ id }) => shared.find(id, service) === null);
  return missing ? orphanOf(missing) : ROOT;
}

const ROOT: ParentLink = {
  parent: null,
  relation: 'child-of',
  missingParent: null,
  isCut: false,
};

function childOf(parent: number, relation: ParentRelation): ParentLink {
  return { parent, relation, missingParent: null, isCut: false };
}

function orphanOf({ id, relation }: Reference): ParentLink {
  return { parent: null, relation, missingParent: id, isCut: false };
}

interface Reference {
  readonly id: SpanId;
  readonly relation: ParentRelation;
}

/** Whom a span may hang under, best first. */
function candidates(span: Span): Reference[] {
  const links = span.links.flatMap((link) => reference(span, link));
  const others = [
    ...links.filter(({ relation }) => relation === 'child-of'),
    ...links.filter(({ relation }) => relation === 'follows-from'),
  ];
  if (span.parentSpanId === null) return others;
  return [{ id: span.parentSpanId, relation: relationTo(span.parentSpanId, links) }, ...others];
}

function relationTo(parent: SpanId, links: readonly Reference[]): ParentRelation {
  const same = links.filter(({ id }) => id === parent);
  return same.length > 0 && same.every(({ relation }) => relation === 'follows-from')
    ? 'follows-from'
    : 'child-of';
}

function reference(span: Span, link: SpanLink): Reference[] {
  if (link.traceId !== span.traceId) return [];
  const type = link.attributes.get(REF_TYPE);
  if (type === 'child_of') return [{ id: link.spanId, relation: 'child-of' }];
  if (type === 'follows_from') return [{ id: link.spanId, relation: 'follows-from' }];
  return [];
}

/** One entry of every loop of parents: the earliest start, then the smallest id, then the smallest `seq`. */
function loopStarts(links: readonly ParentLink[], entries: readonly TraceEntry[]): number[] {
  const walkOf = new Int32Array(links.length).fill(-1);
  const starts: number[] = [];
  for (let from = 0; from < links.length; from++) {
    let at: number | null = from;
    while (at !== null && walkOf[at] === -1) {
      walkOf[at] = from;
      at = links[at]?.parent ?? null;
    }
    if (at !== null && walkOf[at] === from) starts.push(earliestOfLoop(at, links, entries));
  }
  return starts;
}

function earliestOfLoop(
  member: number,
  links: readonly ParentLink[],
  entries: readonly TraceEntry[],
): number {
  let earliest = member;
  let at = links[member]?.parent ?? member;
  while (at !== member) {
    if (isBefore(entries[at], entries[earliest])) earliest = at;
    at = links[at]?.parent ?? member;
  }
  return earliest;
}

function isBefore(a: TraceEntry | undefined, b: TraceEntry | undefined): boolean {
  if (!a || !b) return false;
  if (a.span.startUnixNano !== b.span.startUnixNano) {
    return a.span.startUnixNano < b.span.startUnixNano;
  }
  return a.span.spanId === b.span.spanId ? a.seq < b.seq : a.span.spanId < b.span.spanId;
}
