import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import {
  callsBySignature,
  lengthNs,
  longestNs,
  milliseconds,
  nodesOf,
  totalNs,
} from './call-groups.ts';
import type { Call } from './call-signature.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';

/** Database calls that take long by themselves, those of one statement together. Of a wrapper and what it wraps the inner counts. */
export const slowDbRule = traceRule({
  name: 'slow-db',
  advice: {
    'slow-db':
      'Look at the plan of this statement (index, amount of rows, locks) and at the load of the database at that time.',
  },
  params: { minDurationMs: 500 },
  inspect(context, { minDurationMs }) {
    const leastNs = minDurationMs * 1e6;
    const slow = context.trace.nodes.filter(
      (node) => lengthNs(node) >= leastNs && isDatabaseCall(node),
    );
    if (slow.length === 0) return [];
    const wrappers = new Set(slow.map(({ parent }) => parent));
    const calls = slow.filter((node) => !wrappers.has(node)).map((node) => context.asCall(node));
    return callsBySignature(calls).flatMap(slowFinding);
  },
});

function isDatabaseCall({ span }: TraceNode): boolean {
  return (
    span.kind !== 'server' &&
    span.kind !== 'consumer' &&
    (conceptText(span.attributes, 'databaseSystem') ??
      conceptText(span.attributes, 'databaseStatement')) !== null
  );
}

/** The time is the call's own, whatever part of it could be saved. */
function slowFinding(calls: readonly Call[]): TraceFinding[] {
  const [first] = calls;
  if (first === undefined) return [];
  const slowest = calls.find(({ node }) => lengthNs(node) === longestNs(calls)) ?? first;
  return [
    {
      rule: 'slow-db',
      severity: 'by-impact',
      confidence: 0.9,
      title: `${first.text} takes ${milliseconds(longestNs(calls))}`,
      node: slowest.node,
      spans: nodesOf(calls),
      count: calls.length,
      impactNs: nanos(totalNs(calls)),
      evidence: {
        call: first.text,
        system: conceptText(first.node.span.attributes, 'databaseSystem'),
        longestNs: longestNs(calls),
        totalNs: totalNs(calls),
      },
      signatures: [first.signature],
    },
  ];
}
