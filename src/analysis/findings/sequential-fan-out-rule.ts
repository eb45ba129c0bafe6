import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { accessOf } from './call-access.ts';
import { lengthNs, longestNs, milliseconds, nodesOf, savedNs, totalNs } from './call-groups.ts';
import type { Call } from './call-signature.ts';
import { type EvidenceValue, MAX_SPANS, type TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { isNPlusOne } from './repetition.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * Different calls that one span makes one right after the other and that might run at once. Whether one needs the answer of
 * another cannot be seen, so that confidence is low; calls to different services and calls that only read are likelier to be
 * independent, calls that write less. Calls that an N+1 (by its default thresholds) explains and failed ones do not count.
 */
export const sequentialFanOutRule = traceRule({
  name: 'sequential-fan-out',
  advice: {
    'sequential-fan-out':
      "Start the calls that do not need each other's answers at the same time and wait for all of them.",
  },
  params: { minCalls: 3, maxPauseMs: 10, minSavedMs: 100, minParentShare: 0.2 },
  inspect(context, { minCalls, maxPauseMs, minSavedMs, minParentShare }) {
    return context.trace.nodes.flatMap((parent) => {
      const leastNs = Math.max(minSavedMs * 1e6, minParentShare * lengthNs(parent));
      if (parent.children.length < minCalls || lengthNs(parent) < leastNs) return [];
      if (context.callsOf(parent).length < minCalls) return [];
      return runs(candidates(context, parent), maxPauseMs * 1e6)
        .filter((calls) => calls.length >= minCalls && savedNs(calls) >= leastNs)
        .map((calls) => fanOutFinding(parent, calls));
    });
  },
});

function candidates(context: TraceContext, parent: TraceNode): Call[] {
  const calls = context.callsOf(parent);
  const repeated = new Set(
    context
      .repeatedCallsOf(parent)
      .filter((same) => isNPlusOne(parent, same))
      .flat(),
  );
  return calls.filter(
    (call) =>
      !repeated.has(call) &&
      call.node.span.statusCode !== 'error' &&
      call.node.relation !== 'follows-from',
  );
}

/** Longest runs of calls of which each starts after the one before has ended, and soon. */
function runs(calls: readonly Call[], maxPauseNs: number): Call[][] {
  const found: Call[][] = [];
  let endNs = Number.NEGATIVE_INFINITY;
  for (const call of calls) {
    const pause = call.node.startNs - endNs;
    const run = found.at(-1);
    if (run !== undefined && pause >= 0 && pause <= maxPauseNs) run.push(call);
    else found.push([call]);
    endNs = call.node.endNs;
  }
  return found;
}

function fanOutFinding(parent: TraceNode, calls: readonly Call[]): TraceFinding {
  const saved = savedNs(calls);
  return {
    rule: 'sequential-fan-out',
    severity: 'by-impact',
    confidence: confidenceOf(calls),
    title: `${calls.length} calls one after the other could run at once`,
    node: parent,
    spans: nodesOf(calls),
    count: calls.length,
    impactNs: saved,
    evidence: {
      calls: calls.slice(0, MAX_SPANS).map((call, i) => callEvidence(call, parent, calls[i - 1])),
      totalNs: totalNs(calls),
      longestNs: longestNs(calls),
      savedNs: saved,
      saved: `up to ${milliseconds(saved)}`,
      parentShare: saved / lengthNs(parent),
    },
    signatures: calls.map(({ signature }) => signature),
  };
}

function callEvidence(call: Call, parent: TraceNode, before: Call | undefined): EvidenceValue {
  const { node, text } = call;
  return {
    call: text,
    service: calledService(node) ?? node.service,
    startNs: node.startNs - parent.startNs,
    durationNs: lengthNs(node),
    pauseNs: before ? node.startNs - before.node.endNs : null,
  };
}

function confidenceOf(calls: readonly Call[]): number {
  const accesses = calls.map(accessOf);
  if (accesses.includes('write')) return 0.2;
  if (accesses.every((access) => access === 'read')) return 0.5;
  const services = new Set(calls.map(({ node }) => calledService(node)));
  return !services.has(null) && services.size === calls.length ? 0.5 : 0.3;
}

/** The service on the other side, null when nothing tells. */
function calledService(node: TraceNode): string | null {
  const server = node.children.find(({ service }) => service !== node.service);
  if (server) return server.service;
  if (node.parent !== null && node.parent.service !== node.service) return node.service;
  return conceptText(node.span.attributes, 'calledName');
}
