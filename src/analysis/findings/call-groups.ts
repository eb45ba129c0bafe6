import { type Nanos, nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { Call } from './call-signature.ts';

/** Calls that start this little before the one before has ended still come after it: clocks and callbacks are not exact. */
const OVERLAP_NS = 1_000_000;

/** Calls by their signature, each group in the order of `calls`. */
export function callsBySignature(calls: readonly Call[]): Call[][] {
  const groups = new Map<string, Call[]>();
  for (const call of calls) {
    const group = groups.get(call.signature);
    if (group) group.push(call);
    else groups.set(call.signature, [call]);
  }
  return [...groups.values()];
}

const NONE: readonly (readonly Call[])[] = [];

/** Those of `callsBySignature` with at least two calls. Reads no signature where service and class already differ. */
export function repeatedCalls(calls: readonly Call[]): readonly (readonly Call[])[] {
  if (calls.length < 2) return NONE;
  const [first, second] = calls;
  if (calls.length === 2 && first && second) {
    return isAlike(first, second) && first.signature === second.signature ? [calls] : NONE;
  }
  const alike = withAlike(calls);
  if (alike.length < 2) return NONE;
  return callsBySignature(alike).filter((group) => group.length > 1);
}

/** Compared each with each, calls are as cheap as in a map up to so many. */
const FEW = 12;

/** The calls that have another one of their service and class beside them. */
function withAlike(calls: readonly Call[]): readonly Call[] {
  if (calls.length > FEW) return calls;
  return calls.filter((call) => calls.some((other) => other !== call && isAlike(call, other)));
}

function isAlike(a: Call, b: Call): boolean {
  return a.class === b.class && a.node.service === b.node.service;
}

/** End − start on the trace's offsets. */
export function lengthNs({ startNs, endNs }: TraceNode): number {
  return endNs - startNs;
}

export function totalNs(calls: readonly Call[]): number {
  return calls.reduce((sum, { node }) => sum + lengthNs(node), 0);
}

export function longestNs(calls: readonly Call[]): number {
  return calls.reduce((longest, { node }) => Math.max(longest, lengthNs(node)), 0);
}

/** Time in which at least one of the calls runs; they are in the order of their starts. */
export function coveredNs(calls: readonly Call[]): number {
  let covered = 0;
  let until = Number.NEGATIVE_INFINITY;
  for (const { node } of calls) {
    covered += Math.max(0, node.endNs - Math.max(until, node.startNs));
    until = Math.max(until, node.endNs);
  }
  return covered;
}

/** What is left of the calls' time if the longest alone remains, e.g. because one call does for all. */
export function savedNs(calls: readonly Call[]): Nanos {
  return nanos(totalNs(calls) - longestNs(calls));
}

/** How many neighbours come one after the other, give or take 1 ms or a tenth of the first. */
export function sequentialPairs(calls: readonly Call[]): number {
  return countPairs(
    calls,
    (first, next) =>
      next.startNs >= first.endNs - Math.min(OVERLAP_NS, Math.floor(lengthNs(first) / 10)),
  );
}

/** How many neighbours satisfy `holds`. */
export function countPairs(
  calls: readonly Call[],
  holds: (first: TraceNode, next: TraceNode) => boolean,
): number {
  let pairs = 0;
  for (let i = 1; i < calls.length; i++) {
    const first = calls[i - 1];
    const next = calls[i];
    if (first && next && holds(first.node, next.node)) pairs += 1;
  }
  return pairs;
}

/** The longest that a caller waits between a failed attempt and the next. */
const LONGEST_BACKOFF_NS = 60_000_000_000;

/** Whether a call looks like another attempt at the one before, which failed. */
export function isRetry(first: TraceNode, next: TraceNode): boolean {
  const waitNs = next.startNs - first.endNs;
  return first.span.statusCode === 'error' && waitNs >= 0 && waitNs <= LONGEST_BACKOFF_NS;
}

/** The spans of calls. */
export function nodesOf(calls: readonly Call[]): TraceNode[] {
  return calls.map(({ node }) => node);
}

/** A length for a title: `192 ms`, `0.4 ms`. */
export function milliseconds(ns: number): string {
  const ms = ns / 1e6;
  return `${ms >= 10 || Number.isInteger(ms) ? Math.round(ms) : Number(ms.toPrecision(2))} ms`;
}
