import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { nodeName } from '../dependency-names.ts';
import { percentile } from '../nearest-rank.ts';
import type { ServiceCall } from '../service-calls.ts';
import { contextCalls } from './context-calls.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { isNPlusOne } from './repetition.ts';
import type { TraceContext } from './trace-context.ts';

/** All calls of one trace between two nodes of the dependency graph. */
interface Conversation {
  readonly source: string;
  readonly target: string;
  readonly calls: ServiceCall[];
  /** Spans that stand for the calls, the caller's where it has one. */
  readonly nodes: TraceNode[];
  /** Calls of one parent, without those that are an N+1 already. */
  readonly byParent: Map<TraceNode | null, number>;
}

/** Two services that talk very often in one trace: many small calls cost more in transit than in work. */
export const chattyRule = traceRule({
  name: 'chatty',
  advice: {
    chatty:
      'Offer a coarser call that answers what these ask together, or move the two closer to each other.',
  },
  params: { minCallsPerTrace: 20, minCallsPerParent: 10, fastServerMs: 5, minOverheadShare: 0.5 },
  inspect(context, { minCallsPerTrace, minCallsPerParent, fastServerMs, minOverheadShare }) {
    if (context.trace.nodes.length <= Math.min(minCallsPerTrace, minCallsPerParent)) return [];
    if (!isBusy(contextCalls(context), Math.min(minCallsPerTrace, minCallsPerParent))) return [];
    return conversations(context)
      .filter(
        ({ calls, byParent }) =>
          calls.length >= minCallsPerTrace || mostOf(byParent) >= minCallsPerParent,
      )
      .map((talk) => chattyFinding(talk, { fastNs: fastServerMs * 1e6, minOverheadShare }));
  },
});

/** Whether there are at least so many calls between any two. */
function isBusy(calls: readonly ServiceCall[], least: number): boolean {
  if (calls.length < least) return false;
  const counts = new Map<string, Map<string, number>>();
  for (const { source, target } of calls) {
    let ofSource = counts.get(source);
    if (ofSource === undefined) {
      ofSource = new Map();
      counts.set(source, ofSource);
    }
    const count = (ofSource.get(target) ?? 0) + 1;
    if (count >= least) return true;
    ofSource.set(target, count);
  }
  return false;
}

function conversations(context: TraceContext): Conversation[] {
  const nodeOfSpan = new Map(context.trace.nodes.map((node) => [node.span, node]));
  const found = new Map<string, Conversation>();
  const repeated = new Map<TraceNode, ReadonlySet<TraceNode>>();
  for (const call of contextCalls(context)) {
    const node = nodeOfSpan.get(call.client ?? call.witness);
    if (node === undefined || call.source === call.target || call.type === 'entry') continue;
    const key = `${call.source}\n${call.target}`;
    const talk: Conversation = found.get(key) ?? {
      source: nodeName(call.source),
      target: nodeName(call.target),
      calls: [],
      nodes: [],
      byParent: new Map(),
    };
    found.set(key, talk);
    talk.calls.push(call);
    talk.nodes.push(node);
    const { parent } = node;
    if (parent && !repeatedCalls(context, parent, repeated).has(node)) {
      talk.byParent.set(parent, (talk.byParent.get(parent) ?? 0) + 1);
    }
  }
  return [...found.values()];
}

/** The calls of a span that are an N+1, worked out once for each span. */
function repeatedCalls(
  context: TraceContext,
  parent: TraceNode,
  known: Map<TraceNode, ReadonlySet<TraceNode>>,
): ReadonlySet<TraceNode> {
  let nodes = known.get(parent);
  if (nodes === undefined) {
    nodes = new Set(
      context
        .repeatedCallsOf(parent)
        .flatMap((calls) => (isNPlusOne(parent, calls) ? calls.map(({ node }) => node) : [])),
    );
    known.set(parent, nodes);
  }
  return nodes;
}

function mostOf(counts: ReadonlyMap<TraceNode | null, number>): number {
  let most = 0;
  for (const count of counts.values()) most = Math.max(most, count);
  return most;
}

const MEDIAN = { numerator: 1, denominator: 2 };

function chattyFinding(
  { source, target, calls, nodes, byParent }: Conversation,
  limits: { fastNs: number; minOverheadShare: number },
): TraceFinding {
  const servers = Float64Array.from(
    calls.flatMap(({ server }) => (server ? [server.durationNs] : [])),
  ).sort();
  const serverMedianNs = percentile(servers, MEDIAN);
  let clientNs = 0;
  let overheadNs = 0;
  for (const { client, server } of calls) {
    if (client === null || server === null) continue;
    clientNs += client.durationNs;
    overheadNs += Math.max(0, client.durationNs - server.durationNs);
  }
  const overheadShare = clientNs === 0 ? null : overheadNs / clientNs;
  const isOverhead =
    serverMedianNs !== null &&
    serverMedianNs < limits.fastNs &&
    (overheadShare ?? 0) > limits.minOverheadShare;
  const [node] = nodes;
  if (node === undefined) throw new RangeError('no calls');
  return {
    rule: 'chatty',
    severity: isOverhead ? 'one-above-impact' : 'by-impact',
    confidence: 0.6,
    title: `${calls.length} calls from ${source} to ${target}`,
    node: node.parent ?? node,
    spans: nodes,
    count: calls.length,
    impactNs: nanos(overheadNs),
    evidence: {
      source,
      target,
      calls: calls.length,
      mostCallsOfOneSpan: mostOf(byParent),
      serverMedianNs,
      overheadNs,
      overheadShare,
    },
    signatures: [source, target],
  };
}
