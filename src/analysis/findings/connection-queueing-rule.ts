import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { at } from '../path-tree.ts';
import { groupId } from '../span-grouping.ts';
import { SIGN } from './attribute-signs.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { bareHost } from './host-class.ts';
import { urlParts } from './parameterised-url.ts';
import type { TraceContext } from './trace-context.ts';

/** A call over HTTP/1 and how long it took until its server began. */
interface HttpCall {
  readonly node: TraceNode;
  readonly delayNs: number;
}

/**
 * HTTP/1 calls that waited for a free connection: so many of one service are open to one host at once that clients (6 in
 * browsers) hold further ones back, and those begin late at their server. On clocks as the critical path corrects them.
 */
export const connectionQueueingRule = traceRule({
  name: 'connection-queueing',
  advice: {
    'connection-queueing':
      'Use HTTP/2, more connections per host, or fewer calls: these wait for each other before they are sent.',
  },
  params: { minConcurrent: 6, minDelayMs: 500 },
  inspect(context, { minConcurrent, minDelayMs }) {
    if (!context.hasSign(SIGN.httpVersion)) return [];
    return Array.from(callsByHost(context).values()).flatMap(({ host, calls }) => {
      const queued = calls.filter(({ delayNs }) => delayNs > minDelayMs * 1e6);
      if (queued.length === 0) return [];
      const concurrent = mostConcurrent(calls);
      return concurrent < minConcurrent ? [] : queueFinding(host, queued, concurrent);
    });
  },
});

interface HostCalls {
  readonly host: string;
  readonly calls: HttpCall[];
}

function callsByHost(context: TraceContext): Map<string, HostCalls> {
  const groups = new Map<string, HostCalls>();
  for (const node of context.trace.nodes) {
    const host = node.span.kind === 'client' ? httpHost(node) : null;
    if (host === null) continue;
    const id = groupId({ service: node.service, host });
    const group = groups.get(id) ?? { host, calls: [] };
    groups.set(id, group);
    group.calls.push({ node, delayNs: delayNs(context, node) });
  }
  return groups;
}

const HTTP_1 = /^(?:http\/)?1(?:\.[01])?$/i;

/** The host of a call that says it is HTTP/1; null otherwise: HTTP/2 and later do not queue. */
function httpHost({ span: { attributes } }: TraceNode): string | null {
  const version = attributes.get('network.protocol.version') ?? attributes.get('http.flavor');
  if (typeof version !== 'string' || !HTTP_1.test(version)) return null;
  const host = urlParts(attributes)?.host || conceptText(attributes, 'urlHost');
  return host ? bareHost(host) : null;
}

/** From the client's start to its first server's; 0 where no server answers. */
function delayNs({ path }: TraceContext, client: TraceNode): number {
  const server = client.children.find(({ span }) => span.kind === 'server');
  if (server === undefined) return 0;
  const { start } = path.basis.times;
  return at(start, server.index) - at(start, client.index);
}

/** How many calls are open at once at most. One that ends as another starts has left its connection. */
function mostConcurrent(calls: readonly HttpCall[]): number {
  const starts = Float64Array.from(calls, ({ node }) => node.startNs).sort();
  const ends = Float64Array.from(calls, ({ node }) => node.endNs).sort();
  let most = 0;
  let ended = 0;
  for (const [started, start] of starts.entries()) {
    while ((ends[ended] ?? Infinity) <= start) ended++;
    most = Math.max(most, started + 1 - ended);
  }
  return most;
}

function queueFinding(
  host: string,
  queued: readonly HttpCall[],
  concurrent: number,
): TraceFinding[] {
  const [first] = queued;
  if (first === undefined) return [];
  const longestNs = queued.reduce((most, { delayNs: delay }) => Math.max(most, delay), 0);
  return [
    {
      rule: 'connection-queueing',
      severity: 'by-impact',
      confidence: 0.5,
      title: `${queued.length} HTTP/1 calls to ${host} waited up to ${Math.round(longestNs / 1e6)} ms before they were served`,
      node: first.node,
      spans: queued.map(({ node }) => node),
      count: queued.length,
      impactNs: nanos(longestNs),
      evidence: { host, concurrent, longestDelayNs: longestNs },
      signatures: [host],
    },
  ];
}
