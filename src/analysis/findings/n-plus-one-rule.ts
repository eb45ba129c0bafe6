import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import {
  coveredNs,
  lengthNs,
  longestNs,
  milliseconds,
  nodesOf,
  savedNs,
  sequentialPairs,
  totalNs,
} from './call-groups.ts';
import type { Call } from './call-signature.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { patternFindings } from './repeated-pattern.ts';
import { REPETITION_LIMITS, repetition } from './repetition.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * One caller makes the same call again and again with other values, where one call for all would do: a query for each row of a
 * result, a request for each item of a list. Also repeated sequences of up to `maxPattern` calls with a
 * database among them, made by the caller or up to two levels further down. Equal values are another matter (`duplicate-call`), as are retries.
 */
export const nPlusOneRule = traceRule({
  name: 'n-plus-one',
  advice: {
    'n-plus-one':
      'Fetch all items with one call (a join, an IN list, a batch or bulk endpoint), or keep what was fetched.',
    'n-plus-one-concurrent':
      'Fetch all items with one call: running them at once hides the latency, not the load.',
  },
  params: { ...REPETITION_LIMITS, minConcurrentCalls: 20, minRepetitions: 3, maxPattern: 8 },
  inspect(context, params) {
    const found: TraceFinding[] = [];
    const reported = new Set<TraceNode>();
    for (const parent of context.trace.nodes) {
      if (parent.children.length < params.minCalls) continue;
      for (const calls of context.repeatedCallsOf(parent)) {
        const kind = repetition(parent, calls, params, params.minConcurrentCalls);
        if (kind === null) continue;
        for (const { node } of calls) reported.add(node);
        found.push(repetitionFinding(context, parent, calls, kind));
      }
    }
    return [...found, ...patternFindings(context, reported, params)];
  },
});

function repetitionFinding(
  context: TraceContext,
  parent: TraceNode,
  calls: readonly Call[],
  rule: 'n-plus-one' | 'n-plus-one-concurrent',
): TraceFinding {
  const [first] = calls;
  const isSequential = rule === 'n-plus-one';
  const source = first ? sourceOf(context.callsOf(parent), first) : null;
  const values = new Set(calls.map(({ raw }) => raw));
  return {
    rule,
    severity: isSequential ? 'by-impact' : 'one-below-impact',
    confidence: confidenceOf(values.size > 1, source !== null),
    title: `${calls.length} × ${first?.text}, ${isSequential ? 'one after the other' : 'many at once'}`,
    node: parent,
    spans: nodesOf(calls),
    count: calls.length,
    impactNs: isSequential
      ? savedNs(calls)
      : nanos(Math.max(0, coveredNs(calls) - longestNs(calls))),
    evidence: {
      call: first?.text ?? '',
      class: first?.class ?? 'other',
      totalNs: totalNs(calls),
      total: milliseconds(totalNs(calls)),
      parentShare: lengthNs(parent) === 0 ? null : coveredNs(calls) / lengthNs(parent),
      sequentialPairs: sequentialPairs(calls),
      pairs: calls.length - 1,
      firstSpanId: first?.node.span.spanId ?? null,
      lastSpanId: calls.at(-1)?.node.span.spanId ?? null,
      sourceSpanId: source?.node.span.spanId ?? null,
      source: source?.text ?? null,
      distinctValues: values.has(null) ? null : values.size,
    },
    signatures: first ? [first.signature] : [],
  };
}

function confidenceOf(hasVaryingValues: boolean, hasSource: boolean): number {
  if (hasVaryingValues) return 0.9;
  return hasSource ? 0.8 : 0.6;
}

/** The call right before the first of them that may have brought the items: to a database or over HTTP, and another one. */
function sourceOf(calls: readonly Call[], first: Call): Call | null {
  const source = calls[calls.indexOf(first) - 1];
  if (source === undefined || source.node.endNs > first.node.startNs) return null;
  return source.class === 'db' || source.class === 'http' ? source : null;
}
