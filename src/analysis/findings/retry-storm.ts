import { nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import type { RetriedCall } from './attempts.ts';
import type { TraceFinding } from './finding.ts';

/** Calls of one signature below one caller of which some were attempted again. */
export interface RetriedGroup {
  readonly parent: TraceNode;
  readonly text: string;
  readonly signature: string;
  readonly retried: readonly RetriedCall[];
  /** `below client`: something between client and server tried again, a proxy for example. */
  readonly where: 'caller' | 'below client';
}

/** How many attempts there are at what a span attempts, by `TraceNode.index`; 1 where nothing was tried again. */
function attemptFactors(trace: Trace, groups: readonly RetriedGroup[]): Float64Array {
  const factors = new Float64Array(trace.nodes.length).fill(1);
  for (const { retried } of groups) {
    for (const { attempts } of retried) {
      for (const { index } of attempts) factors[index] = attempts.length;
    }
  }
  return factors;
}

/** The span at the end of the way from a root down on which attempts multiply most; null where nothing was tried again. */
function worstSpan(
  trace: Trace,
  factors: Float64Array,
): { node: TraceNode | null; product: number } {
  const products = Float64Array.from(factors);
  let worst: TraceNode | null = null;
  let most = 1;
  for (const node of trace.nodes) {
    const above = node.parent === null ? 1 : (products[node.parent.index] ?? 1);
    const product = above * (factors[node.index] ?? 1);
    products[node.index] = product;
    if (product > most) {
      most = product;
      worst = node;
    }
  }
  return { node: worst, product: most };
}

/** The way from a root down on which attempts multiply most, if at least two levels try again and it comes to `leastProduct`. */
export function multipliedAttempts(
  trace: Trace,
  groups: readonly RetriedGroup[],
  leastProduct: number,
): TraceFinding[] {
  if (groups.length < 2) return [];
  const factors = attemptFactors(trace, groups);
  const { node, product } = worstSpan(trace, factors);
  if (node === null || product < leastProduct) return [];
  const way = wayDown(node).filter(({ index }) => factors[index] !== 1);
  const [top] = way;
  if (top === undefined || way.length < 2) return [];
  const perLevel = way.map(({ index }) => factors[index] ?? 1).slice(0, MAX_LEVELS);
  return [
    {
      rule: 'retry-storm',
      severity: 'high',
      confidence: 0.9,
      title: `attempts multiply: ${perLevel.join(' × ')} = ${product}`,
      node: top.parent ?? top,
      spans: way,
      count: product,
      impactNs: nanos(0),
      evidence: {
        product,
        attemptsPerLevel: perLevel,
        calls: way.slice(0, MAX_LEVELS).map(({ span }) => span.name),
      },
      signatures: way.map(({ service, span }) => `${service}: ${span.name}`),
    },
  ];
}

const MAX_LEVELS = 20;

function wayDown(node: TraceNode): TraceNode[] {
  const way: TraceNode[] = [];
  for (let at: TraceNode | null = node; at; at = at.parent) way.push(at);
  return way.reverse();
}
