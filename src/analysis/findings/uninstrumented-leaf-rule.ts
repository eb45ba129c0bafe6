import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { traceRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

/** Long spans without children that are not calls: what happens inside is not visible. */
export const uninstrumentedLeafRule = traceRule({
  name: 'uninstrumented-leaf',
  advice: {
    'uninstrumented-leaf':
      'Instrument the calls and steps inside this span; until then a profiler has to tell what it does.',
  },
  params: { minDurationMs: 100, minTraceShare: 0.2 },
  inspect(context, { minDurationMs, minTraceShare }) {
    const { nodes, durationNs } = context.trace;
    if (nodes.length < 2) return [];
    const leastNs = Math.max(minDurationMs * 1e6, durationNs * minTraceShare);
    return nodes
      .filter((node) => node.endNs - node.startNs >= leastNs && isOpaqueLeaf(context, node))
      .map((node) => {
        const lengthNs = node.endNs - node.startNs;
        return {
          rule: 'uninstrumented-leaf',
          severity: 'by-impact',
          confidence: 0.5,
          title: `${Math.round(lengthNs / 1e6)} ms in a span without children`,
          node,
          spans: [node],
          count: 1,
          impactNs: nanos(lengthNs),
          evidence: { lengthNs, traceShare: lengthNs / durationNs, kind: node.span.kind },
          signatures: [],
        } as const;
      });
  },
});

/** Kindless spans count as local ones, unless they are calls. */
function isOpaqueLeaf(context: TraceContext, node: TraceNode): boolean {
  if (node.children.length > 0) return false;
  const { kind } = node.span;
  if (kind === 'server') return true;
  if (kind !== 'internal' && kind !== 'unspecified') return false;
  return context.callOf(node) === null;
}
