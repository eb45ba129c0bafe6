import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { TraceError } from '../trace-errors.ts';
import type { Severity, TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * Errors that an ancestor absorbed, as the analysis of errors has it: the failure reached a span that did not fail. A retry that
 * worked is fine; a client that reports success where its server reports an error is not.
 */
export const errorSwallowedRule = traceRule({
  name: 'error-swallowed',
  advice: {
    'error-swallowed':
      'Check that the failure is meant to be survived; if so, count it, for nobody will see it in error rates.',
  },
  params: {},
  inspect(context) {
    if (!context.hasFailed) return [];
    return context.errors.errors.flatMap((error) => {
      const { suppressedAt, explains, fate, node } = error;
      if (fate !== 'suppressed' || suppressedAt === null || explains !== null) return [];
      return [swallowedFinding(context, node, suppressedAt, error)];
    });
  },
});

function swallowedFinding(
  context: TraceContext,
  node: TraceNode,
  absorber: TraceNode,
  error: TraceError,
): TraceFinding {
  const later = laterCalls(context, node);
  const retried = later.retry?.span.statusCode !== 'error' && later.retry !== null;
  const fallback = later.retry ?? later.fallback;
  return {
    rule: 'error-swallowed',
    severity: severityOf(node, absorber, retried),
    confidence: 0.8,
    title: retried
      ? 'failed, and a later attempt succeeded'
      : `failed, and ${absorber.service} carried on`,
    node,
    spans: [node, absorber],
    count: 1,
    impactNs: nanos(0),
    evidence: {
      absorbedBy: { service: absorber.service, operation: absorber.span.name },
      class: error.class,
      retried,
      fallback: fallback?.span.name ?? null,
      durationNs: node.span.durationNs,
      latencyAddedNs: fallback === null ? 0 : Math.max(0, fallback.endNs - node.endNs),
    },
    signatures: [`${absorber.service} ${absorber.span.name}`, retried ? 'retried' : 'carried on'],
  };
}

function severityOf(node: TraceNode, absorber: TraceNode, retried: boolean): Severity {
  if (retried) return 'info';
  const isPair = node.span.kind === 'server' && absorber.span.kind === 'client';
  return isPair && node.parent === absorber ? 'high' : 'medium';
}

/** The next calls of the caller after the failed one: the same again, and the first of another kind. */
function laterCalls(
  context: TraceContext,
  { parent, endNs, index }: TraceNode,
): { retry: TraceNode | null; fallback: TraceNode | null } {
  const calls = parent === null ? [] : context.callsOf(parent);
  const signature = calls.find((call) => call.node.index === index)?.signature;
  const after = calls.filter(({ node }) => node.startNs >= endNs);
  const same = after.filter((call) => call.signature === signature);
  const success = same.find(({ node }) => node.span.statusCode !== 'error');
  const other = after.find((call) => call.signature !== signature);
  return { retry: (success ?? same[0])?.node ?? null, fallback: other?.node ?? null };
}
