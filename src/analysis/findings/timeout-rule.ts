import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { TraceFinding } from './finding.ts';
import type { FindingRule } from './finding-rule.ts';
import { saysTimeout } from './timeout-text.ts';
import type { TraceContext } from './trace-context.ts';

/** Time limits that people configure, in milliseconds. */
const ROUND_MS = [
  500, 600, 750, 800, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10_000, 12_000, 15_000,
  20_000, 25_000, 30_000, 45_000, 60_000, 90_000, 120_000,
] as const;

/** How much longer than its limit a call may take: the timer fires late, and the error has to be handled. */
const SLACK_NS = 5e6;
const SLACK_SHARE = 0.01;

/** Operations whose round durations are counted over all traces. The first this many, at some 100 bytes each. */
const MAX_COUNTED = 10_000;

/** A client that waited until its time was up. */
interface Timeout {
  readonly node: TraceNode;
  /** The limit that it seems to have, in milliseconds; null when it says so itself and no round limit fits. */
  readonly roundMs: number | null;
  readonly saysSo: boolean;
}

/**
 * Client spans that failed because their time ran out: they say so, or they took as long as people's time limits are. Of the
 * latter a single one may be chance, `minRepeats` of one operation with one limit are not. And callers that gave up before
 * the call below them did, so that the inner limit never had a chance.
 */
export const timeoutRule: FindingRule = {
  name: 'timeout',
  advice: {
    timeout:
      'Look below this call for what was slow; a timeout tells only who was impatient. Then check whether its limit fits the work.',
    'nested-deadlines':
      'Give the inner call less time than the outer one, or hand the remaining time down: else the outer one gives up first.',
  },
  params: { minRepeats: 3 },
  start: (overrides) => {
    const { minRepeats } = { minRepeats: 3, ...overrides };
    const repeats = new Repeats();
    return {
      inspect: (context) => inspect(context, repeats, Number(minRepeats)),
      result: () => [],
    };
  },
};

/** How often failed calls of an operation took about as long as a round limit. */
class Repeats {
  readonly #counts = new Map<string, number>();

  add({ node, roundMs }: Timeout): number {
    if (roundMs === null) return 0;
    const key = `${node.service}\n${node.span.name}\n${roundMs}`;
    const count = (this.#counts.get(key) ?? 0) + 1;
    if (count > 1 || this.#counts.size < MAX_COUNTED) this.#counts.set(key, count);
    return count;
  }
}

function inspect({ trace }: TraceContext, repeats: Repeats, minRepeats: number): TraceFinding[] {
  const timeouts = new Map<TraceNode, Timeout>();
  for (const node of trace.nodes) {
    const timeout = timeoutOf(node);
    if (timeout) timeouts.set(node, timeout);
  }
  const counted = Array.from(timeouts.values(), (timeout) => ({
    timeout,
    isRepeated: repeats.add(timeout) >= minRepeats,
  }));
  const inner = innermostTimeouts(trace.nodes, timeouts);
  return [
    ...counted.map(({ timeout, isRepeated }) => timeoutFinding(timeout, isRepeated)),
    ...inner.flatMap(([node, outer]) => invertedFinding(node, outer)),
  ];
}

function timeoutOf(node: TraceNode): Timeout | null {
  const { span } = node;
  if (span.kind !== 'client' || span.statusCode !== 'error') return null;
  const saysSo = saysTimeout(span);
  const roundMs = roundLimitMs(span.durationNs);
  return saysSo || roundMs !== null ? { node, roundMs, saysSo } : null;
}

/** The round limit that a duration is at or just above; null when there is none. */
function roundLimitMs(durationNs: number): number | null {
  const limit = ROUND_MS.findLast((ms) => ms * 1e6 <= durationNs);
  if (limit === undefined) return null;
  const slackNs = Math.max(SLACK_NS, limit * 1e6 * SLACK_SHARE);
  return durationNs <= limit * 1e6 + slackNs ? limit : null;
}

function timeoutFinding({ node, roundMs, saysSo }: Timeout, isRepeated: boolean): TraceFinding {
  const limit = roundMs === null ? null : `${roundMs / 1000} s`;
  return {
    rule: 'timeout',
    severity: 'by-impact',
    confidence: saysSo ? 0.9 : isRepeated ? 0.8 : 0.4,
    title: saysSo
      ? `gave up after ${Math.round(node.span.durationNs / 1e6)} ms`
      : `failed after ${limit ?? ''}, as if that were its time limit`,
    node,
    spans: [node],
    count: 1,
    impactNs: node.span.durationNs,
    evidence: {
      durationNs: node.span.durationNs,
      saysSo,
      limitNs: roundMs === null ? null : roundMs * 1e6,
    },
    signatures: saysSo ? ['says so'] : [`limit ${limit ?? ''}`],
  };
}

/** Timed-out calls below other timed-out calls: each with the nearest one above. Parents precede their children. */
function innermostTimeouts(
  nodes: readonly TraceNode[],
  timeouts: ReadonlyMap<TraceNode, Timeout>,
): [TraceNode, TraceNode][] {
  if (timeouts.size < 2) return [];
  const nearest: (TraceNode | null)[] = [];
  const pairs: [TraceNode, TraceNode][] = [];
  for (const node of nodes) {
    const above = node.parent === null ? null : (nearest[node.parent.index] ?? null);
    const isTimeout = timeouts.has(node);
    if (isTimeout && above !== null) pairs.push([node, above]);
    nearest.push(isTimeout ? node : above);
  }
  return pairs;
}

function invertedFinding(inner: TraceNode, outer: TraceNode): TraceFinding[] {
  if (inner.span.durationNs < outer.span.durationNs) return [];
  return [
    {
      rule: 'nested-deadlines',
      severity: 'high',
      confidence: 0.8,
      title: 'the call inside has a longer time limit than the one around it',
      node: inner,
      spans: [outer, inner],
      count: 1,
      impactNs: nanos(0),
      evidence: { innerNs: inner.span.durationNs, outerNs: outer.span.durationNs },
      signatures: [`${outer.service} ${outer.span.name}`],
    },
  ];
}
