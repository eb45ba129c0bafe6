import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { accessOf } from './call-access.ts';
import { milliseconds, nodesOf, savedNs, totalNs } from './call-groups.ts';
import type { Call } from './call-signature.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { urlParts } from './parameterised-url.ts';
import type { TraceContext } from './trace-context.ts';

/**
 * A service reads the very same thing more than once in a trace: equal statement or URL, whoever makes the call, with no write in
 * between to the same table or path (to anything of that kind where the target is unknown). Failed calls do not count, and a call
 * recorded twice, by a wrapper and what it wraps, is one. Values are compared and never shown.
 */
export const duplicateCallRule = traceRule({
  name: 'duplicate-call',
  advice: {
    'duplicate-call':
      'Ask once and pass the answer on, or keep it for the time of the request (a request-scoped cache).',
  },
  params: { minCalls: 2, minWastedMs: 20, manyCalls: 10 },
  inspect(context, { minCalls, minWastedMs, manyCalls }) {
    return equalReads(context)
      .filter(
        (calls) =>
          calls.length >= minCalls &&
          (savedNs(calls) >= minWastedMs * 1e6 || calls.length >= manyCalls),
      )
      .map(duplicateFinding);
  },
});

/** The calls with known values in the order of their starts; none where all of them differ. */
function comparableCalls(context: TraceContext): Call[] {
  const calls: Call[] = [];
  const values = new Set<string>();
  for (const node of context.trace.nodes) {
    const call = context.callOf(node);
    if (call === null || call.raw === null) continue;
    calls.push(call);
    values.add(call.raw);
  }
  if (values.size === calls.length) return [];
  return calls.sort((a, b) => a.node.startNs - b.node.startNs || a.node.index - b.node.index);
}

/** Reads of one service with equal values between two writes, each group in the order of starts. */
function equalReads(context: TraceContext): Call[][] {
  const calls = comparableCalls(context);
  const groups: Call[][] = [];
  const open = new Map<string, { calls: Call[]; openedAt: number }>();
  const writes = new LastWrites();
  for (const [position, call] of calls.entries()) {
    const access = accessOf(call);
    if (access === 'write') writes.add(call, position);
    if (access !== 'read' || call.node.span.statusCode === 'error' || isWrapped(call, context))
      continue;
    const key = `${call.signature}\n${call.raw}`;
    const group = open.get(key);
    if (group && writes.lastBefore(call) < group.openedAt) {
      group.calls.push(call);
      group.openedAt = position;
      continue;
    }
    const fresh = { calls: [call], openedAt: position };
    open.set(key, fresh);
    groups.push(fresh.calls);
  }
  return groups;
}

/** Whether the parent is the same call, recorded by another instrumentation. */
function isWrapped({ node, raw }: Call, context: TraceContext): boolean {
  return node.parent !== null && context.callOf(node.parent)?.raw === raw;
}

/** When what was last written, as positions in the order of calls. */
class LastWrites {
  readonly #byTarget = new Map<string, number>();

  add(call: Call, position: number): void {
    const target = targetOf(call);
    this.#byTarget.set(target ?? `${call.class}:?`, position);
    this.#byTarget.set(`${call.class}:any`, position);
  }

  /** The last write that may have changed what the call reads; −1 for none. */
  lastBefore(call: Call): number {
    const target = targetOf(call);
    if (target === null) return this.#byTarget.get(`${call.class}:any`) ?? -1;
    return Math.max(this.#byTarget.get(target) ?? -1, this.#byTarget.get(`${call.class}:?`) ?? -1);
  }
}

const TABLE = /\b(?:from|into|update|join|table)\s+["`[]?([\w.]+)/i;

/** The table or the path of a call; null when it does not tell. */
function targetOf({ class: callClass, node, text }: Call): string | null {
  const { attributes } = node.span;
  if (callClass !== 'db') {
    const path = urlParts(attributes)?.path;
    return path === undefined ? null : `path:${path}`;
  }
  const table = conceptText(attributes, 'databaseTable') ?? TABLE.exec(text)?.[1];
  return table === undefined ? null : `table:${table.toLowerCase()}`;
}

function duplicateFinding(calls: readonly Call[]): TraceFinding {
  const [first] = calls;
  if (first === undefined) throw new RangeError('no calls');
  const callers = new Set(calls.map(({ node }) => node.parent));
  return {
    rule: 'duplicate-call',
    severity: 'by-impact',
    confidence: 0.8,
    title: `${calls.length} × the same ${first.text}`,
    node: commonCaller(callers, first.node),
    spans: nodesOf(calls),
    count: calls.length,
    impactNs: savedNs(calls),
    evidence: {
      call: first.text,
      class: first.class,
      callers: callers.size,
      totalNs: totalNs(calls),
      wastedNs: savedNs(calls),
      wasted: `up to ${milliseconds(savedNs(calls))}`,
    },
    signatures: [first.signature],
  };
}

function commonCaller(callers: ReadonlySet<TraceNode | null>, node: TraceNode): TraceNode {
  const [caller] = callers;
  return callers.size === 1 && caller ? caller : node;
}
