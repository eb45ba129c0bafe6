import { nanos } from '../../model/time.ts';
import type { Trace, TraceNode } from '../../model/trace.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';

/** Spans that a trace must have had and lacks: parents that nobody sent, and what should be one tree in several parts. */
export const missingSpansRule = traceRule({
  name: 'missing-parent',
  advice: {
    'missing-parent':
      'Find out who made the missing span: a service that samples on its own, lost or late exports, or a proxy without instrumentation.',
    'multiple-roots':
      'Hand the context on where the parts begin: a thread, a queue or a client that does not propagate it.',
    'no-root':
      'Export the first span too: without it nobody knows how long the request took. It may still have been open at the time of the dump.',
  },
  params: { minOrphans: 1, minRoots: 2 },
  inspect({ trace }, { minOrphans, minRoots }) {
    const orphans = trace.roots.filter(({ missingParent }) => missingParent !== null);
    const roots = trace.roots.filter(({ missingParent }) => missingParent === null);
    const [firstOrphan] = orphans;
    const [firstRoot] = roots;
    const findings: TraceFinding[] = [];
    if (firstOrphan && orphans.length >= minOrphans) {
      findings.push(orphanFinding(trace, orphans, firstOrphan));
    }
    if (firstOrphan && !firstRoot) findings.push(rootlessFinding(firstOrphan));
    if (firstRoot && roots.length >= minRoots) findings.push(rootsFinding(roots, firstRoot));
    return findings;
  },
});

function orphanFinding(
  { nodes }: Trace,
  orphans: readonly TraceNode[],
  first: TraceNode,
): TraceFinding {
  const missing = new Map<string, number>();
  for (const { missingParent } of orphans) {
    const id = missingParent ?? '';
    missing.set(id, (missing.get(id) ?? 0) + 1);
  }
  const [mostWanted] = [...missing].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return {
    rule: 'missing-parent',
    severity: 'low',
    confidence: 0.9,
    title: `${orphans.length} of ${nodes.length} spans lack their parent`,
    node: first,
    spans: orphans,
    count: orphans.length,
    impactNs: nanos(0),
    evidence: {
      orphans: orphans.length,
      missingSpans: missing.size,
      services: servicesOf(orphans),
      mostWanted:
        mostWanted === undefined ? null : { spanId: mostWanted[0], orphans: mostWanted[1] },
      completeness: 1 - orphans.length / nodes.length,
    },
    signatures: [],
  };
}

function rootlessFinding(first: TraceNode): TraceFinding {
  return {
    rule: 'no-root',
    severity: 'info',
    confidence: 0.9,
    title: 'no span of the trace is its root',
    node: first,
    spans: [first],
    count: 1,
    impactNs: nanos(0),
    evidence: { firstSpan: first.span.name },
    signatures: [],
  };
}

function rootsFinding(roots: readonly TraceNode[], first: TraceNode): TraceFinding {
  return {
    rule: 'multiple-roots',
    severity: 'low',
    confidence: 0.9,
    title: `${roots.length} spans of the trace have no parent`,
    node: first,
    spans: roots,
    count: roots.length,
    impactNs: nanos(0),
    evidence: { roots: roots.length, services: servicesOf(roots) },
    signatures: servicesOf(roots),
  };
}

const MAX_SERVICES = 20;

function servicesOf(nodes: readonly TraceNode[]): string[] {
  return [...new Set(nodes.map(({ service }) => service))].sort().slice(0, MAX_SERVICES);
}
