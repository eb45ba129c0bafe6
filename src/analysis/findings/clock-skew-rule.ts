import { nanos } from '../../model/time.ts';
import type { Trace } from '../../model/trace.ts';
import { groupId } from '../span-grouping.ts';
import { BestExemplars } from './best-exemplars.ts';
import { ClockHosts } from './clock-host.ts';
import { type ClockInterval, distanceToZero, intersection } from './clock-interval.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { serverPairInterval } from './server-pair.ts';
import type { TraceContext } from './trace-context.ts';

/** Pairs of hosts that are kept, at most: half a kilobyte each, 5 MB together. Further ones are not looked at. */
const MAX_HOST_PAIRS = 10_000;

interface HostPair {
  readonly clientHost: string;
  readonly serverHost: string;
  readonly services: readonly [string, string];
  /** What all calls together allow. */
  interval: ClockInterval;
  calls: number;
  skewed: number;
  traces: number;
  /** Whether the producer says that it has moved the spans already. */
  adjusted: boolean;
  lastTrace: number;
  readonly worst: BestExemplars;
}

/** Hosts whose clocks disagree, and by how much: a server cannot start before its client does, nor end after it. */
export const clockSkewRule = dataRule({
  name: 'clock-skew',
  advice: {
    'clock-skew':
      'Synchronise the clocks of these hosts (NTP, chrony); until then, trust durations but not the order of their spans.',
  },
  params: { minSkewMs: 1 },
  accumulate: ({ minSkewMs }) => new HostPairs(minSkewMs * 1e6),
});

class HostPairs implements DataRuleAccumulator {
  readonly #minSkewNs: number;
  readonly #pairs = new Map<string, HostPair>();
  #traces = 0;

  constructor(minSkewNs: number) {
    this.#minSkewNs = minSkewNs;
  }

  add({ trace }: TraceContext): void {
    this.#traces += 1;
    const hosts = new ClockHosts();
    for (const server of trace.nodes) {
      const interval = serverPairInterval(server);
      const client = server.parent;
      // A server that took longer than its client is late or asynchronous: no clock explains it.
      if (interval === null || client === null || interval.low > interval.high) continue;
      if (!hosts.mayDiffer(client, server)) continue;
      const pair = this.#pairOf({
        clientHost: hosts.label(client),
        serverHost: hosts.label(server),
        services: [client.service, server.service],
      });
      if (pair !== null) this.#addCall(pair, interval, trace, [client.span, server.span]);
    }
  }

  #pairOf(facts: Pick<HostPair, 'clientHost' | 'serverHost' | 'services'>): HostPair | null {
    const { clientHost, serverHost, services } = facts;
    const [from, to] = services;
    const id = groupId({ clientHost, serverHost, from, to });
    const known = this.#pairs.get(id);
    if (known !== undefined) return known;
    if (this.#pairs.size === MAX_HOST_PAIRS) return null;
    const pair: HostPair = {
      ...facts,
      interval: { low: -Infinity, high: Infinity },
      calls: 0,
      skewed: 0,
      traces: 0,
      adjusted: false,
      lastTrace: 0,
      worst: new BestExemplars(),
    };
    this.#pairs.set(id, pair);
    return pair;
  }

  #addCall(
    pair: HostPair,
    interval: ClockInterval,
    { traceId }: Trace,
    spans: readonly [HostSpan, HostSpan],
  ): void {
    pair.calls += 1;
    pair.interval = intersection(pair.interval, interval);
    const distanceNs = distanceToZero(interval);
    if (distanceNs <= this.#minSkewNs) return;
    pair.skewed += 1;
    if (pair.lastTrace !== this.#traces) {
      pair.lastTrace = this.#traces;
      pair.traces += 1;
    }
    pair.adjusted ||= spans.some(({ origin }) => origin.warnings.some(saysAdjusted));
    pair.worst.add(distanceNs, traceId, spans);
  }

  result(): DataFinding[] {
    return Array.from(this.#pairs.values())
      .filter(({ skewed }) => skewed > 0)
      .map(skewFinding);
  }
}

type HostSpan = NonNullable<Parameters<typeof serverPairInterval>[0]>['span'];

/** Jaeger's query service may move spans, and says so in their warnings. */
function saysAdjusted(warning: string): boolean {
  return warning.toLowerCase().includes('clock skew adjustment');
}

/** From here on a skew hides what happened first even to the eye. */
const LARGE_SKEW_NS = 100e6;

function skewFinding(pair: HostPair): DataFinding {
  const { low, high } = pair.interval;
  const isSteady = low <= high;
  const offsetNs = isSteady ? Math.floor((low + high) / 2) : null;
  return {
    rule: 'clock-skew',
    severity: Math.abs(offsetNs ?? 0) >= LARGE_SKEW_NS ? 'medium' : 'low',
    confidence: isSteady ? 0.9 : 0.5,
    title: titleOf(pair, offsetNs),
    service: pair.services[1],
    operation: '',
    count: pair.skewed,
    evidence: {
      clientHost: pair.clientHost,
      serverHost: pair.serverHost,
      clientService: pair.services[0],
      calls: pair.calls,
      skewedCalls: pair.skewed,
      steady: isSteady,
      shiftNs: offsetNs,
      errorBoundNs: isSteady ? Math.ceil((high - low) / 2) : null,
      shiftFromNs: isSteady ? low : null,
      shiftToNs: isSteady ? high : null,
      adjustedByProducer: pair.adjusted,
    },
    traces: pair.traces,
    exemplars: pair.worst.list(),
    impactNs: nanos(0),
    signatures: [pair.clientHost, pair.serverHost, pair.services[0]],
  };
}

function titleOf({ clientHost, serverHost }: HostPair, shiftNs: number | null): string {
  if (shiftNs === null) return `the clocks of ${clientHost} and ${serverHost} drift`;
  const ms = Number((Math.abs(shiftNs) / 1e6).toPrecision(3));
  const side = shiftNs > 0 ? 'behind' : 'ahead of';
  return `the clock of ${serverHost} is ${ms} ms ${side} that of ${clientHost}`;
}
