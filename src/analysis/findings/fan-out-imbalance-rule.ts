import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { nearestRank } from '../nearest-rank.ts';
import { lengthNs, milliseconds, nodesOf } from './call-groups.ts';
import type { Call } from './call-signature.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

const MEDIAN = { numerator: 1, denominator: 2 };

/**
 * A straggler among like calls (service, class and name) that one span makes at the same time: it takes many times as long as the
 * median of its group, and the answer waited for it. Like calls alone, because different ones differ by nature.
 */
export const fanOutImbalanceRule = traceRule({
  name: 'fan-out-imbalance',
  advice: {
    'fan-out-imbalance':
      'Find out what is different about the slow one (its shard, host or input); split evenly, or send a second request when one is late.',
  },
  params: { minCalls: 3, minRatio: 5, minExcessMs: 10 },
  inspect(context, { minCalls, minRatio, minExcessMs }) {
    return context.trace.nodes.flatMap((parent) => {
      if (parent.children.length < minCalls) return [];
      const all = context.callsOf(parent);
      if (all.length < minCalls) return [];
      return likeCalls(all)
        .flatMap(parallelGroups)
        .filter((calls) => calls.length >= minCalls)
        .flatMap((calls) => straggler(context, parent, calls, { minRatio, minExcessMs }));
    });
  },
});

function likeCalls(calls: readonly Call[]): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const key = `${call.node.service}\n${call.class}\n${call.node.span.name}`;
    const group = groups.get(key);
    if (group) group.push(call);
    else groups.set(key, [call]);
  }
  return [...groups.values()];
}

/** Calls that overlap, directly or by others between; they are in the order of their starts. */
function parallelGroups(calls: readonly Call[]): Call[][] {
  const groups: Call[][] = [];
  let until = Number.NEGATIVE_INFINITY;
  for (const call of calls) {
    const group = groups.at(-1);
    if (group && call.node.startNs < until) group.push(call);
    else groups.push([call]);
    until = Math.max(until, call.node.endNs);
  }
  return groups;
}

function straggler(
  context: TraceContext,
  parent: TraceNode,
  calls: readonly Call[],
  { minRatio, minExcessMs }: { minRatio: number; minExcessMs: number },
): TraceFinding[] {
  const byLength = calls.toSorted(
    (a, b) => lengthNs(a.node) - lengthNs(b.node) || b.node.index - a.node.index,
  );
  const slowest = byLength.at(-1);
  const median = byLength[nearestRank(MEDIAN, byLength.length) - 1];
  if (slowest === undefined || median === undefined) return [];
  const slowestNs = lengthNs(slowest.node);
  const medianNs = lengthNs(median.node);
  const excessNs = slowestNs - medianNs;
  if (slowestNs < minRatio * medianNs || excessNs < minExcessMs * 1e6) return [];
  if (context.onPathNs(slowest.node) === 0) return [];
  return [
    {
      rule: 'fan-out-imbalance',
      severity: 'by-impact',
      confidence: 0.6,
      title: `one of ${calls.length} × ${slowest.text} at once takes ${milliseconds(slowestNs)}, the median ${milliseconds(medianNs)}`,
      node: parent,
      spans: [slowest.node, ...nodesOf(calls).filter((node) => node !== slowest.node)],
      count: calls.length,
      impactNs: nanos(excessNs),
      evidence: {
        call: slowest.text,
        slowestNs,
        medianNs,
        ratio: medianNs === 0 ? null : slowestNs / medianNs,
        slowestSpanId: slowest.node.span.spanId,
      },
      signatures: [`${slowest.node.service}: ${slowest.node.span.name}`],
    },
  ];
}
