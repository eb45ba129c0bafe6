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
  /** Until the node has its place in the list: the position of its entry. */
  index: number;
  children: readonly TraceNode[];
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
  const below = childrenByParent(links);
  const byPlace = placeOrder(entries);
  const grow = (positions: readonly number[], parent: TraceNode | null): GrowingNode[] => {
    const grown: GrowingNode[] = [];
    for (const at of positions) {
      const entry = entries[at];
      const link = links[at];
      if (entry && link) grown.push(growingNode(at, entry.span, link, parent, clock));
    }
    return grown.length > 1 ? grown.sort(byPlace) : grown;
  };

  const roots = grow(below.roots, null);
  const nodes: TraceNode[] = [];
  const entryOf: number[] = [];
  const waiting = roots.toReversed();
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    const entry = node.index;
    node.index = nodes.length;
    nodes.push(node);
    entryOf.push(entry);
    const positions = below.children[entry];
    if (positions === undefined) continue;
    const children = grow(positions, node);
    node.children = children;
    for (let i = children.length - 1; i >= 0; i--) waiting.push(children[i] as GrowingNode);
  }
  return { nodes, roots, entryOf };
}

/** Positions of the entries below each entry, undefined for none. */
function childrenByParent(links: readonly ParentLink[]) {
  const children: (number[] | undefined)[] = Array.from({ length: links.length });
  const roots: number[] = [];
  for (const [at, { parent }] of links.entries()) {
    if (parent === null) roots.push(at);
    else {
      const siblings = children[parent];
      if (siblings) siblings.push(at);
      else children[parent] = [at];
    }
  }
  return { roots, children };
}

const NO_CHILDREN: readonly TraceNode[] = [];

function growingNode(
  entry: number,
  span: Span,
  link: ParentLink,
  parent: TraceNode | null,
  clock: TraceClock,
): GrowingNode {
  const own = serviceName(span.resource);
  const startNs = clock.hasStart(span)
    ? offsetFrom(clock.startUnixNano, span.startUnixNano)
    : (parent?.startNs ?? nanos(0));
  return {
    index: entry,
    span,
    service: own === UNKNOWN_SERVICE && parent ? parent.service : own,
    startNs,
    endNs: endOf(span, startNs, clock),
    parent,
    children: NO_CHILDREN,
    depth: parent ? parent.depth + 1 : 0,
    relation: link.relation,
    missingParent: link.missingParent,
  };
}

/**
 * The end as an offset. That of a span without a start, which is placed at its parent's, is either a time of the same clock, or
 * (Zipkin and Jaeger, which record durations) a length.
 */
function endOf(span: Span, startNs: Nanos, clock: TraceClock): Nanos {
  if (clock.hasStart(span)) return nanos(startNs + span.durationNs);
  if (span.timeFlags & TIME_FLAGS.noEnd) return startNs;
  if (span.endUnixNano < clock.startUnixNano) return nanos(startNs + Number(span.endUnixNano));
  return nanos(Math.max(startNs, offsetFrom(clock.startUnixNano, span.endUnixNano)));
}

/** By start, then longest first, then span id, then `seq`. Of nodes that have no place yet. */
function placeOrder(entries: readonly TraceEntry[]) {
  const seq = ({ index }: GrowingNode) => entries[index]?.seq ?? 0;
  return (a: GrowingNode, b: GrowingNode): number =>
    a.startNs - b.startNs ||
    b.endNs - a.endNs ||
    compareText(a.span.spanId, b.span.spanId) ||
    seq(a) - seq(b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
