import { criticalPath } from '../analysis/critical-path.ts';
import { groupId } from '../analysis/span-grouping.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { operationPattern } from './operation-pattern.ts';

/** A span of one trace and the span of the other that does the same in the same place; null where there is none. */
export type AlignedRow =
  | ({ readonly a: TraceNode; readonly b: TraceNode } & RowFacts)
  | ({ readonly a: TraceNode; readonly b: null } & RowFacts)
  | ({ readonly a: null; readonly b: TraceNode } & RowFacts);

interface RowFacts {
  /** Levels below a root. */
  readonly depth: number;
  /** Time that the span owns on the critical path of its trace. */
  readonly aCriticalNs: number;
  readonly bCriticalNs: number;
}

/** `slower` and `faster`: by a tenth at least, and by a hundredth of the first trace's duration. */
export type RowChange = 'same' | 'slower' | 'faster' | 'added' | 'removed';

export interface AlignedTraces {
  readonly a: Trace;
  readonly b: Trace;
  /** In the order of the first trace; what only the second has comes where it would be. */
  readonly rows: readonly AlignedRow[];
}

const MIN_EFFECT = 0.1;
const MIN_SHARE = 0.01;

/**
 * Lays a trace over another: spans meet that have the same service, name pattern and kind below parents that meet; of several the
 * first meets the first. What is below a span that meets none meets none. Linear but for looking names up, no recursion.
 */
export function alignTraces(a: Trace, b: Trace): AlignedTraces {
  const [aOwn, bOwn] = [ownTimes(a), ownTimes(b)];
  const rows: AlignedRow[] = [];
  const steps: Step[] = levels(a.roots, b.roots, 0).reverse();
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { pair, depth } = step;
    const facts = {
      depth,
      aCriticalNs: pair.a === null ? 0 : (aOwn[pair.a.index] ?? 0),
      bCriticalNs: pair.b === null ? 0 : (bOwn[pair.b.index] ?? 0),
    };
    rows.push({ ...pair, ...facts });
    const below = levels(pair.a?.children ?? [], pair.b?.children ?? [], depth + 1);
    for (const next of below.reverse()) steps.push(next);
  }
  return { a, b, rows };
}

interface Step {
  readonly pair:
    | { readonly a: TraceNode; readonly b: TraceNode }
    | { readonly a: TraceNode; readonly b: null }
    | { readonly a: null; readonly b: TraceNode };
  readonly depth: number;
}

/** The children of two spans that meet, paired. */
function levels(aNodes: readonly TraceNode[], bNodes: readonly TraceNode[], depth: number): Step[] {
  const waiting = new Map<string, TraceNode[]>();
  for (const node of aNodes.toReversed()) {
    const key = keyOf(node);
    const group = waiting.get(key);
    if (group === undefined) waiting.set(key, [node]);
    else group.push(node);
  }
  const partners = new Map<TraceNode, TraceNode>();
  /** What only b has, by the span of a that comes before it. */
  const added = new Map<TraceNode | null, TraceNode[]>();
  let before: TraceNode | null = null;
  for (const node of bNodes) {
    const partner = waiting.get(keyOf(node))?.pop();
    if (partner !== undefined) {
      partners.set(partner, node);
      before = partner;
    } else {
      const group = added.get(before);
      if (group === undefined) added.set(before, [node]);
      else group.push(node);
    }
  }
  const onlyB = (after: TraceNode | null): Step[] =>
    (added.get(after) ?? []).map((b) => ({ pair: { a: null, b }, depth }));
  return [
    ...onlyB(null),
    ...aNodes.flatMap((a): Step[] => {
      const b = partners.get(a);
      const own: Step = { pair: b === undefined ? { a, b: null } : { a, b }, depth };
      return [own, ...onlyB(a)];
    }),
  ];
}

function keyOf({ service, span }: TraceNode): string {
  return groupId({ service, name: operationPattern(span.name), kind: span.kind });
}

/** By node index. */
function ownTimes(trace: Trace): Float64Array {
  const own = new Float64Array(trace.nodes.length);
  if (trace.nodes.length === 0) return own;
  for (const { node, startNs, endNs } of criticalPath(trace).sections)
    if (node !== null) own[node.index] = (own[node.index] ?? 0) + endNs - startNs;
  return own;
}

export function changeOf({ a, b }: AlignedRow, { a: first }: AlignedTraces): RowChange {
  if (a === null) return 'added';
  if (b === null) return 'removed';
  const change = b.span.durationNs - a.span.durationNs;
  const isLarge =
    Math.abs(change) >= MIN_EFFECT * a.span.durationNs &&
    Math.abs(change) >= MIN_SHARE * first.durationNs;
  if (!isLarge || change === 0) return 'same';
  return change > 0 ? 'slower' : 'faster';
}

/** Whether a span fails in one trace alone. */
export function errorChangeOf({ a, b }: AlignedRow): 'none' | 'new' | 'gone' {
  const [before, after] = [isFailed(a), isFailed(b)];
  if (before === after) return 'none';
  return after ? 'new' : 'gone';
}

function isFailed(node: TraceNode | null): boolean {
  return node?.span.statusCode === 'error';
}
