import type { AttributeValue } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';
import type { TraceNode } from '../../model/trace.ts';
import { haveAny } from '../shape-facts.ts';
import { isRetry, lengthNs } from './call-groups.ts';

/** A call that was attempted at least twice. */
export interface RetriedCall {
  /** In the order of their starts; all but the last failed. */
  readonly attempts: readonly TraceNode[];
  readonly failed: readonly TraceNode[];
  /** From the end of each failed attempt to the start of the next. */
  readonly waitsNs: readonly number[];
  /** The failed attempts and the waits after them; a last attempt that failed is not a waste of the retries. */
  readonly wastedNs: number;
  /** Whether the last attempt succeeded. */
  readonly isRecovered: boolean;
}

/** The calls among equal ones, in the order of their starts, that were attempted again: runs in which each one failed before the next. */
export function retriedCalls(nodes: readonly TraceNode[]): RetriedCall[] {
  const found: RetriedCall[] = [];
  let run: TraceNode[] = [];
  for (const node of nodes) {
    const last = run.at(-1);
    if (last !== undefined && isRetry(last, node)) run.push(node);
    else {
      if (run.length > 1) found.push(retriedCall(run));
      run = [node];
    }
  }
  if (run.length > 1) found.push(retriedCall(run));
  return found;
}

function retriedCall(attempts: readonly TraceNode[]): RetriedCall {
  const waitsNs = attempts
    .slice(1)
    .map(({ startNs }, i) => startNs - (attempts[i]?.endNs ?? startNs));
  const before = attempts.slice(0, -1);
  const isRecovered = attempts.at(-1)?.span.statusCode !== 'error';
  return {
    attempts,
    failed: isRecovered ? before : attempts,
    waitsNs,
    wastedNs: before.reduce((sum, node, i) => sum + lengthNs(node) + (waitsNs[i] ?? 0), 0),
    isRecovered,
  };
}

/** Waits shorter than this are no back-off. */
const NO_WAIT_NS = 1_000_000;
const SAME_RATIO = 1.5;

/** How the waits between attempts grow: `exponential` if each is at least 1.5 times the one before, `constant` within 1.5 times. */
export function backOff(
  waitsNs: readonly number[],
): 'none' | 'one wait' | 'constant' | 'exponential' | 'irregular' {
  const longest = waitsNs.reduce((a, b) => Math.max(a, b), 0);
  if (longest < NO_WAIT_NS) return 'none';
  if (waitsNs.length === 1) return 'one wait';
  if (longest <= SAME_RATIO * waitsNs.reduce((a, b) => Math.min(a, b), longest)) return 'constant';
  const grows = waitsNs.every((wait, i) => i === 0 || wait >= SAME_RATIO * (waitsNs[i - 1] ?? 0));
  return grows ? 'exponential' : 'irregular';
}

/** Attributes that count earlier attempts, and how many of them are in the count of a first attempt. */
const RESENDS: readonly (readonly [key: string, ofFirst: number])[] = [
  ['http.request.resend_count', 0],
  ['http.resend_count', 0],
  ['grpc.previous_rpc_attempts', 0],
  ['messaging.servicebus.message.delivery_count', 1],
  ['messaging.gcp_pubsub.message.delivery_attempt', 1],
];

const REDELIVERED = 'messaging.message.redelivered';

const sayResends = haveAny([...RESENDS.map(([key]) => key), REDELIVERED]);

/** How many attempts a span says went before it; 0 where it says nothing. */
export function resendsOf({ attributes }: Span): number {
  if (!sayResends(attributes)) return 0;
  for (const [key, ofFirst] of RESENDS) {
    const count = numberOf(attributes.get(key));
    if (count > ofFirst) return count - ofFirst;
  }
  return attributes.get(REDELIVERED) === true ? 1 : 0;
}

function numberOf(value: AttributeValue | undefined): number {
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value);
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : 0;
}
