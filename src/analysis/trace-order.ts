import { type Span, serviceName, TIME_FLAGS, UNKNOWN_SERVICE } from '../model/span.ts';
import { type Nanos, nanos, offsetFrom, type UnixNano, unixNano } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import type { ParentLink } from './parent-links.ts';
import type { TraceEntry } from './shared-spans.ts';

/** The nodes of a trace, and which entry each was made from. */
export interface OrderedTrace {
  /** Depth first, roots and siblings in order. */
  readonly nodes: readonly TraceNode[];
  readonly roots: readonly TraceNode[];
  /** By node index: the position in the entries. */
  readonly entryOf: readonly number[];
}

/** A node while its place and its children are not known yet. */
interface GrowingNode extends TraceNode {
  index: number;
  readonly children: TraceNode[];
}

/** A node and the entry that it is made from. */
interface Growth {
  readonly node: GrowingNode;
  readonly entry: number;
  readonly seq: number;
}

/** Where offsets count from and from which start on a span has one. */
export interface TraceClock {
  readonly startUnixNano: UnixNano;
  readonly hasStart: (span: Span) => boolean;
}

/** Offsets up to here are exact. */
const EXACT_NS = 2n ** 53n;

/**
 * The earliest start of a span that has one; 0 when none has. A start of 0 beside one more than 104 days later counts as absent:
 * no trace is that long, many tracers write 0 for "unknown", and offsets from 0 would not be exact.
 */
export function traceClock(spans: readonly Span[]): TraceClock {
  let earliest: bigint | null = null;
  let earliestAfterZero: bigint | null = null;
  let latest = 0n;
  for (const span of spans) {
    if (span.timeFlags & TIME_FLAGS.noStart) continue;
    const start = span.startUnixNano;
    if (earliest === null || start < earliest) earliest = start;
    if (start > 0n && (earliestAfterZero === null || start < earliestAfterZero)) {
      earliestAfterZero = start;
    }
    if (start > latest) latest = start;
  }
  const zeroIsAbsent = latest > EXACT_NS;
  return {
    startUnixNano: unixNano((zeroIsAbsent ? earliestAfterZero : earliest) ?? 0n),
    hasStart: (span) =>
      !(span.timeFlags & TIME_FLAGS.noStart) && !(zeroIsAbsent && span.startUnixNano === 0n),
  };
}

/**
 * The entries as a forest: placed in time, given their parent's service where they name none, ordered. `links` must not hold
 * loops. n log n, and no recursion: a trace may be 100,000 deep.
 */
export function orderTrace(
  entries: readonly TraceEntry[],
  links: readonly ParentLink[],
  clock: TraceClock,
): OrderedTrace {
  const childrenOf = entries.map((): number[] => []);
  const topPositions: number[] = [];
  links.forEach((link, at) => {
    if (link.parent === null) topPositions.push(at);
    else childrenOf[link.parent]?.push(at);
  });
  const grow = (positions: readonly number[], parent: TraceNode | null): Growth[] =>
    positions
      .flatMap((at) => {
        const entry = entries[at];
        const link = links[at];
        if (!entry || !link) return [];
        return { node: growingNode(entry.span, link, parent, clock), entry: at, seq: entry.seq };
      })
      .sort(byPlace);

  const top = grow(topPositions, null);
  const nodes: TraceNode[] = [];
  const entryOf: number[] = [];
  const waiting = top.toReversed();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { node, entry } = next;
    node.index = nodes.length;
    nodes.push(node);
    entryOf.push(entry);
    const children = grow(childrenOf[entry] ?? [], node);
    for (const child of children) node.children.push(child.node);
    for (const child of children.toReversed()) waiting.push(child);
  }
  return { nodes, roots: top.map(({ node }) => node), entryOf };
}

function growingNode(
  span: Span,
  link: ParentLink,
  parent: TraceNode | null,
  clock: TraceClock,
): GrowingNode {
  const own = serviceName(span.resource);
  return {
    index: -1,
    span,
    service: own === UNKNOWN_SERVICE && parent ? parent.service : own,
    ...place(span, parent, clock),
    parent,
    children: [],
    depth: parent ? parent.depth + 1 : 0,
    relation: link.relation,
    missingParent: link.missingParent,
  };
}

/**
 * Start and end as offsets. A span without a start is placed at its parent's. Its end is then either a time of the same clock,
 * or (Zipkin and Jaeger, which record durations) a length.
 */
function place(
  span: Span,
  parent: TraceNode | null,
  clock: TraceClock,
): { startNs: Nanos; endNs: Nanos } {
  if (clock.hasStart(span)) {
    const startNs = offsetFrom(clock.startUnixNano, span.startUnixNano);
    return { startNs, endNs: nanos(startNs + span.durationNs) };
  }
  const startNs = parent?.startNs ?? nanos(0);
  if (span.timeFlags & TIME_FLAGS.noEnd) return { startNs, endNs: startNs };
  if (span.endUnixNano < clock.startUnixNano) {
    return { startNs, endNs: nanos(startNs + Number(span.endUnixNano)) };
  }
  const endNs = offsetFrom(clock.startUnixNano, span.endUnixNano);
  return { startNs, endNs: nanos(Math.max(startNs, endNs)) };
}

/** By start, then longest first, then span id, then `seq`. */
function byPlace({ node: a, seq: seqA }: Growth, { node: b, seq: seqB }: Growth): number {
  return (
    a.startNs - b.startNs ||
    b.endNs - a.endNs ||
    compareText(a.span.spanId, b.span.spanId) ||
    seqA - seqB
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
