import { type Span, TIME_FLAGS } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { spanTreeOf } from '../model/span-tree-of.ts';
import { SpanVocabulary } from '../model/span-vocabulary.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode, TraceWarning } from '../model/trace.ts';
import { type ParentLink, parentLinks } from './parent-links.ts';
import { resolveSharedIds, type TraceEntry } from './shared-spans.ts';
import { type OrderedTrace, orderTrace, type TraceClock, traceClock } from './trace-order.ts';

/**
 * The tree of one trace from its spans in any order; the result does not depend on the order. `spans` are all spans of one
 * trace id, at least one (else a RangeError).
 *
 * Every span comes out exactly once, except that exact copies and Zipkin's fragments of one span are merged; nothing is dropped
 * for being odd. Ids shared by a client and a server are split, missing parents make orphans, loops of parents are cut, and
 * `warnings` counts each. Clocks stay as read. n log n in time, no recursion.
 */
export function buildTrace(spans: readonly Span[]): Trace {
  return buildTraceIn(null, spans);
}

/** The same with a tree in a vocabulary that it shares with others, which makes analysing them together cheaper; null: one of its own. */
export function buildTraceIn(vocabulary: SpanVocabulary | null, spans: readonly Span[]): Trace {
  const [first] = spans;
  if (first === undefined) throw new RangeError('a trace has at least one span');
  const shared = resolveSharedIds(spans);
  const links = parentLinks(shared);
  const clock = traceClock(shared.entries.map(({ span }) => span));
  const ordered = orderTrace(shared.entries, links, clock);
  let tree: SpanTree | null = null;
  return {
    traceId: first.traceId,
    startUnixNano: clock.startUnixNano,
    durationNs: latestEnd(ordered.nodes),
    nodes: ordered.nodes,
    roots: ordered.roots,
    warnings: warningsOf(ordered, shared.entries, links, clock),
    get tree() {
      tree ??= spanTreeOf(ordered.nodes, vocabulary ?? new SpanVocabulary());
      return tree;
    },
  };
}

function latestEnd(nodes: readonly TraceNode[]): Nanos {
  let latest = nanos(0);
  for (const { endNs } of nodes) if (endNs > latest) latest = endNs;
  return latest;
}

type Measure = (node: TraceNode, entry: TraceEntry, link: ParentLink) => number;

/** Each warning with how many spans of a node it concerns, in the order in which they are reported. */
function measures(
  roots: readonly TraceNode[],
  clock: TraceClock,
): [TraceWarning['code'], Measure][] {
  const trueRoots = roots.filter(({ missingParent }) => missingParent === null).length;
  const flagged =
    (flag: number): Measure =>
    ({ span }) =>
      Number((span.timeFlags & flag) !== 0);
  return [
    ['duplicate-span', (_, { copies }) => copies],
    ['duplicate-span-id', (_, { seq }) => Number(seq > 0)],
    ['merged-fragment', (_, { fragments }) => fragments],
    ['shared-span-id', (_, { clientHalf }) => Number(clientHalf !== null)],
    ['parent-cycle', (_node, _entry, { isCut }) => Number(isCut)],
    ['missing-parent', ({ missingParent }) => Number(missingParent !== null)],
    [
      'several-roots',
      (node) => Number(trueRoots > 1 && node.parent === null && node.missingParent === null),
    ],
    ['no-start', ({ span }) => Number(!clock.hasStart(span))],
    ['no-end', flagged(TIME_FLAGS.noEnd)],
    ['negative-duration', flagged(TIME_FLAGS.negativeDuration)],
  ];
}

interface OddNode {
  readonly node: TraceNode;
  readonly entry: TraceEntry;
  readonly link: ParentLink;
}

function warningsOf(
  ordered: OrderedTrace,
  entries: readonly TraceEntry[],
  links: readonly ParentLink[],
  clock: TraceClock,
): TraceWarning[] {
  const odd = oddNodes(ordered, entries, links, clock);
  return measures(ordered.roots, clock).flatMap(([code, measure]) => {
    let count = 0;
    let firstAt: TraceNode | null = null;
    for (const { node, entry, link } of odd) {
      const concerned = measure(node, entry, link);
      if (concerned > 0) firstAt ??= node;
      count += concerned;
    }
    return firstAt ? [{ code, count, spanId: firstAt.span.spanId }] : [];
  });
}

/** The nodes that a warning may concern, in order. Nearly all nodes of nearly all traces are none. */
function oddNodes(
  { nodes, entryOf }: OrderedTrace,
  entries: readonly TraceEntry[],
  links: readonly ParentLink[],
  clock: TraceClock,
): OddNode[] {
  const odd: OddNode[] = [];
  for (const node of nodes) {
    const at = entryOf[node.index] ?? -1;
    const entry = entries[at];
    const link = links[at];
    if (!entry || !link) continue;
    const { seq, clientHalf, copies, fragments } = entry;
    const isPlain =
      node.parent !== null &&
      node.span.timeFlags === 0 &&
      clock.hasStart(node.span) &&
      seq + copies + fragments === 0 &&
      clientHalf === null;
    if (!isPlain) odd.push({ node, entry, link });
  }
  return odd;
}
