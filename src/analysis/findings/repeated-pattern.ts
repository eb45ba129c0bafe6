import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { SIGN } from './attribute-signs.ts';
import {
  callsBySignature,
  countPairs,
  isRetry,
  milliseconds,
  nodesOf,
  savedNs,
  sequentialPairs,
  totalNs,
} from './call-groups.ts';
import type { Call } from './call-signature.ts';
import type { TraceFinding } from './finding.ts';
import { hasEqualValues, isLong, type RepetitionLimits } from './repetition.ts';
import type { TraceContext } from './trace-context.ts';

interface PatternLimits extends RepetitionLimits {
  readonly minRepetitions: number;
  readonly maxPattern: number;
}

/** Calls are looked for so many levels below their common ancestor: its own, those of its children and of theirs. */
const LEVELS = 3;

const SHORTEST_PERIOD = 2;

/** Neighbouring calls that repeat the same sequence of signatures. */
interface Repeat {
  readonly calls: readonly Call[];
  readonly period: number;
}

/**
 * Sequences of calls that repeat below one span, where the calls are its own or those of local spans between:
 *
 *     P   [--------------------------------)
 *       item [------)   [------)   [------)         order + stock, three times
 *         order [-)      [-)        [-)
 *         stock    [-)      [-)        [-)
 *
 * A call belongs to the nearest ancestor below which it repeats, and to one repetition. Calls in `reported` have been dealt with.
 */
export function patternFindings(
  context: TraceContext,
  reported: ReadonlySet<TraceNode>,
  limits: PatternLimits,
): TraceFinding[] {
  const { nodes } = context.trace;
  const least = SHORTEST_PERIOD * limits.minRepetitions;
  if (nodes.length <= least || !context.hasSign(SIGN.database)) return [];
  const below = countsBelow(context);
  const done = new Set(reported);
  const found: TraceFinding[] = [];
  for (let i = nodes.length - 1; i >= 0; i--) {
    const parent = nodes[i];
    if (parent === undefined || (below[i] ?? 0) < least) continue;
    const sequence = callsBelow(context, parent).filter(({ node }) => !done.has(node));
    for (const repeat of repeats(sequence, limits)) {
      if (!isWorthIt(parent, repeat, limits)) continue;
      for (const { node } of repeat.calls) done.add(node);
      found.push(patternFinding(parent, repeat));
    }
  }
  return found.reverse();
}

/** For every span as many as `callsBelow` gives, or more. Children come after their parents. */
function countsBelow(context: TraceContext): Uint32Array {
  const { nodes } = context.trace;
  /** The calls of a span, and with those of its local children. */
  const own = Uint32Array.from(nodes, (node) => context.callsOf(node).length);
  const oneDown = own.slice();
  const twoDown = own.slice();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i];
    if (!node?.parent || !isLocal(node)) continue;
    const { index } = node.parent;
    oneDown[index] = (oneDown[index] ?? 0) + (own[i] ?? 0);
    twoDown[index] = (twoDown[index] ?? 0) + (oneDown[i] ?? 0);
  }
  return twoDown;
}

/** The calls of a span and of the local spans of its service below it, in the order of their starts. */
function callsBelow(context: TraceContext, parent: TraceNode): Call[] {
  const calls: Call[] = [...context.callsOf(parent)];
  let level: readonly TraceNode[] = [parent];
  for (let depth = 1; depth < LEVELS && level.length > 0; depth++) {
    level = level.flatMap((node) =>
      node.children.filter((child) => isLocal(child) && child.service === parent.service),
    );
    for (const node of level) for (const call of context.callsOf(node)) calls.push(call);
  }
  return calls.sort((a, b) => a.node.startNs - b.node.startNs || a.node.index - b.node.index);
}

function isLocal({ span }: TraceNode): boolean {
  return span.kind === 'internal' || span.kind === 'unspecified';
}

/** The longest repetitions, those of short sequences first. Linear but for the factor `maxPattern`. */
function repeats(calls: readonly Call[], limits: PatternLimits): Repeat[] {
  const found: Repeat[] = [];
  const taken = new Uint8Array(calls.length);
  for (let period = SHORTEST_PERIOD; period <= limits.maxPattern; period++) {
    const least = period * limits.minRepetitions;
    if (calls.length < least) break;
    for (let from = 0; from < calls.length; ) {
      const to = endOfRepeat(calls, taken, from, period);
      const length = to - from - ((to - from) % period);
      if (length >= least && isPattern(calls.slice(from, from + period))) {
        taken.fill(1, from, from + length);
        found.push({ calls: calls.slice(from, from + length), period });
      }
      from = Math.max(from + 1, to - period + 1);
    }
  }
  return found;
}

/** Different calls, a database among them: loops over services alone are how gateways work, and loops over one call another rule. */
function isPattern(calls: readonly Call[]): boolean {
  return (
    calls.some((call) => call.class === 'db') &&
    new Set(calls.map(({ signature }) => signature)).size > 1
  );
}

/** Where calls stop to repeat those `period` before them, from `from` on. */
function endOfRepeat(
  calls: readonly Call[],
  taken: Uint8Array,
  from: number,
  period: number,
): number {
  let to = from;
  while (to < calls.length && taken[to] === 0) {
    if (to >= from + period && calls[to]?.signature !== calls[to - period]?.signature) break;
    to += 1;
  }
  return to;
}

function isWorthIt(parent: TraceNode, { calls }: Repeat, limits: PatternLimits): boolean {
  const pairs = calls.length - 1;
  return (
    isLong(totalNs(calls), parent, limits) &&
    sequentialPairs(calls) >= limits.minSequentialShare * pairs &&
    countPairs(calls, isRetry) * 2 < pairs &&
    !callsBySignature(calls).every(hasEqualValues)
  );
}

function patternFinding(parent: TraceNode, { calls, period }: Repeat): TraceFinding {
  const pattern = calls.slice(0, period);
  const repetitions = calls.length / period;
  const names = pattern.map(({ text }) => text).join(' + ');
  const saved = callsBySignature(calls).reduce((sum, same) => sum + savedNs(same), 0);
  return {
    rule: 'n-plus-one',
    severity: 'by-impact',
    confidence: 0.6,
    title: `${repetitions} × ${names}, one after the other`,
    node: parent,
    spans: nodesOf(calls),
    count: calls.length,
    impactNs: nanos(saved),
    evidence: {
      call: names,
      pattern: pattern.map(({ text }) => text),
      repetitions,
      totalNs: totalNs(calls),
      total: milliseconds(totalNs(calls)),
      sequentialPairs: sequentialPairs(calls),
      pairs: calls.length - 1,
      firstSpanId: calls[0]?.node.span.spanId ?? null,
      lastSpanId: calls.at(-1)?.node.span.spanId ?? null,
    },
    signatures: pattern.map(({ signature }) => signature),
  };
}
