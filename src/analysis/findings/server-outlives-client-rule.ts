import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { distanceToZero } from './clock-interval.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { serverPairInterval } from './server-pair.ts';
import { saysTimeout } from './timeout-text.ts';

/** Servers that go on working after their client has gone: no clock explains a server that took longer than its client. */
export const serverOutlivesClientRule = traceRule({
  name: 'server-outlives-client',
  advice: {
    'server-outlives-client':
      'Hand the deadline on to the server and have it stop when its caller is gone; or give the client more time than the work takes.',
  },
  params: { minOverhangUs: 2 },
  inspect({ trace }, { minOverhangUs }) {
    return trace.nodes.flatMap((server) => {
      const client = server.parent;
      const interval = serverPairInterval(server);
      if (client === null || interval === null) return [];
      const isLonger = interval.low > interval.high;
      const overhangNs = -interval.high;
      if (!isLonger || overhangNs < minOverhangUs * 1000) return [];
      return [outlivingFinding(client, server, overhangNs, distanceToZero(interval))];
    });
  },
});

function outlivingFinding(
  client: TraceNode,
  server: TraceNode,
  overhangNs: number,
  skewNs: number,
): TraceFinding {
  const isDeadline = client.span.statusCode === 'error' && saysTimeout(client.span);
  return {
    rule: 'server-outlives-client',
    severity: isDeadline ? 'medium' : 'low',
    confidence: isDeadline ? 0.9 : 0.6,
    title: `the server ended ${formatMs(overhangNs)} ms after its client`,
    node: server,
    spans: [client, server],
    count: 1,
    impactNs: nanos(0),
    evidence: {
      endsAfterNs: overhangNs,
      longerByNs: server.span.durationNs - client.span.durationNs,
      clockDoubtNs: Math.min(skewNs, overhangNs),
      clientFailed: client.span.statusCode === 'error',
      clientTimedOut: isDeadline,
      serverSucceeded: server.span.statusCode !== 'error',
    },
    signatures: [`${client.service} ${client.span.name}`],
  };
}

/** Three digits are enough to tell a hair's breadth from a minute. */
function formatMs(ns: number): string {
  return String(Number((ns / 1e6).toPrecision(3)));
}
