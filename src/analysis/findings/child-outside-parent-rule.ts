import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { EDGE } from '../path-edges.ts';
import { traceRule } from './finding-rule.ts';
import { operationFindings } from './operation-findings.ts';
import { isTimed } from './server-pair.ts';

/** Spans that lie outside their parent although one clock timed both: work that goes on behind its back, or wrong times. */
export const childOutsideParentRule = traceRule({
  name: 'child-outside-parent',
  advice: {
    'child-outside-parent':
      'If the work is meant to outlive its parent, start it as a span of its own with a link; else end the parent after its children.',
  },
  params: { minOutsideMs: 1 },
  inspect({ trace, path }, { minOutsideMs }) {
    const { edges } = path.basis;
    const outside = trace.nodes.filter(
      (node) =>
        outsideNs(node) > minOutsideMs * 1e6 &&
        ((edges[node.index] ?? 0) & (EDGE.crossing | EDGE.async)) === 0,
    );
    return operationFindings(outside, (spans, { parent }) => {
      const early = spans.filter(startsEarly).length;
      return {
        rule: 'child-outside-parent',
        // What runs late may be asynchronous; what starts before its parent cannot be its child.
        severity: early > 0 ? 'low' : 'info',
        confidence: early > 0 ? 0.8 : 0.5,
        title: early > 0 ? 'starts before its parent' : 'ends after its parent',
        impactNs: nanos(0),
        evidence: {
          parent: parent?.span.name ?? null,
          startEarly: early,
          endLate: spans.length - early,
          furthestNs: spans.reduce((most, node) => Math.max(most, outsideNs(node)), 0),
        },
        signatures: [early > 0 ? 'early' : 'late', parent?.span.name ?? ''],
      };
    });
  },
});

function outsideNs(node: TraceNode): number {
  const { parent, startNs, endNs } = node;
  if (parent === null || !isTimed(node) || !isTimed(parent)) return 0;
  return Math.max(parent.startNs - startNs, endNs - parent.endNs);
}

function startsEarly({ parent, startNs, endNs }: TraceNode): boolean {
  return parent !== null && parent.startNs - startNs > endNs - parent.endNs;
}
