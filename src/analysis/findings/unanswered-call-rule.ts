import { nanos } from '../../model/time.ts';
import type { Trace } from '../../model/trace.ts';
import { nodeName } from '../dependency-names.ts';
import type { ServiceCall } from '../service-calls.ts';
import { BestExemplars } from './best-exemplars.ts';
import { contextCalls } from './context-calls.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

/** Pairs of services and services with roots that are kept, at most: half a kilobyte each, 5 MB together. */
const MAX_KEPT = 10_000;

/** Calls from one service to another. */
interface Pair {
  readonly source: string;
  readonly target: string;
  /** With a client span and a server span. */
  complete: number;
  /** With a client span that names the target, and no server span. */
  readonly noServer: Half;
  /** With a server span whose caller is in the trace and has no client span. */
  readonly noClient: Half;
}

/** What all calls to a service, or the traces that begin in it, amount to. */
interface Service {
  complete: number;
  /** Traces whose root is a local or client span of it. */
  readonly oddRoots: Half;
}

class Half {
  count = 0;
  traces = 0;
  readonly exemplars = new BestExemplars();
  #lastTrace = '';

  add({ traceId }: Trace, span: ServiceCall['witness']): void {
    this.count += 1;
    if (this.#lastTrace !== traceId) {
      this.#lastTrace = traceId;
      this.traces += 1;
    }
    this.exemplars.add(0, traceId, [span]);
  }
}

/** Calls of which one side is missing although it is there for nearly all others, and roots where calls should come in. */
export const unansweredCallRule = dataRule({
  name: 'client-without-server',
  advice: {
    'client-without-server':
      'Look for lost or unsampled spans of the called service, or for instances of it that are not instrumented.',
    'server-without-client': 'Instrument the client that makes these calls as its others are.',
    'root-not-entry':
      'Check that the context is handed on: the service is called by others, but here a trace begins inside it.',
  },
  params: { minAnsweredShare: 0.9 },
  accumulate: ({ minAnsweredShare }) => new Calls(minAnsweredShare),
});

class Calls implements DataRuleAccumulator {
  readonly #minShare: number;
  readonly #pairs: Pair[] = [];
  readonly #bySource = new Map<string, Map<string, Pair>>();
  readonly #services = new Map<string, Service>();

  constructor(minShare: number) {
    this.#minShare = minShare;
  }

  add(context: TraceContext): void {
    const { trace } = context;
    for (const call of contextCalls(context)) this.#addCall(call, trace);
    for (const { span, service, missingParent } of trace.roots) {
      if (missingParent !== null || (span.kind !== 'internal' && span.kind !== 'client')) continue;
      this.#serviceOf(service)?.oddRoots.add(trace, span);
    }
  }

  #addCall({ source, target, type, client, server, witness, inferred }: ServiceCall, trace: Trace) {
    if (type !== 'rpc' && type !== 'external') return;
    const pair = this.#pairOf(nodeName(source), nodeName(target));
    if (pair === null) return;
    if (type === 'external') pair.noServer.add(trace, witness);
    else if (inferred === 'no-client-span') pair.noClient.add(trace, witness);
    else if (client !== null && server !== null) {
      pair.complete += 1;
      const service = this.#serviceOf(pair.target);
      if (service !== null) service.complete += 1;
    }
  }

  #pairOf(source: string, target: string): Pair | null {
    let ofSource = this.#bySource.get(source);
    const known = ofSource?.get(target);
    if (known !== undefined) return known;
    if (this.#pairs.length === MAX_KEPT) return null;
    const pair = { source, target, complete: 0, noServer: new Half(), noClient: new Half() };
    if (ofSource === undefined) {
      ofSource = new Map();
      this.#bySource.set(source, ofSource);
    }
    ofSource.set(target, pair);
    this.#pairs.push(pair);
    return pair;
  }

  #serviceOf(name: string): Service | null {
    const known = this.#services.get(name);
    if (known !== undefined) return known;
    if (this.#services.size === MAX_KEPT) return null;
    const service = { complete: 0, oddRoots: new Half() };
    this.#services.set(name, service);
    return service;
  }

  result(): DataFinding[] {
    const unanswered = new Map<string, number>();
    for (const { target, noServer } of this.#pairs) {
      unanswered.set(target, (unanswered.get(target) ?? 0) + noServer.count);
    }
    return [
      ...this.#pairs.flatMap((pair) => this.#pairFindings(pair, unanswered.get(pair.target) ?? 0)),
      ...[...this.#services].flatMap(([name, service]) => oddRoots(name, service)),
    ];
  }

  #pairFindings(pair: Pair, unanswered: number): DataFinding[] {
    const { source, target, complete, noServer, noClient } = pair;
    const answered = this.#services.get(target)?.complete ?? 0;
    const findings: DataFinding[] = [];
    const serverShare = answered / (answered + unanswered);
    if (noServer.count > 0 && answered > 0 && serverShare >= this.#minShare) {
      findings.push({
        ...halfFinding('client-without-server', pair, noServer, serverShare),
        title: `${noServer.count} calls to ${target} have no server span`,
        service: source,
      });
    }
    const clientShare = complete / (complete + noClient.count);
    if (noClient.count > 0 && clientShare >= this.#minShare) {
      findings.push({
        ...halfFinding('server-without-client', pair, noClient, clientShare),
        title: `${noClient.count} calls from ${source} have no client span`,
        service: target,
      });
    }
    return findings;
  }
}

function halfFinding(
  rule: string,
  { source, target }: Pair,
  half: Half,
  usualShare: number,
): Omit<DataFinding, 'title' | 'service'> {
  return {
    rule,
    severity: 'low',
    confidence: 0.6,
    operation: '',
    count: half.count,
    evidence: { source, target, calls: half.count, usualShare },
    traces: half.traces,
    exemplars: half.exemplars.list(),
    impactNs: nanos(0),
    signatures: [source, target],
  };
}

function oddRoots(name: string, { complete, oddRoots: roots }: Service): DataFinding[] {
  if (complete === 0 || roots.count === 0) return [];
  return [
    {
      rule: 'root-not-entry',
      severity: 'info',
      confidence: 0.4,
      title: `${roots.count} traces begin inside ${name}, which others call`,
      service: name,
      operation: '',
      count: roots.count,
      evidence: { roots: roots.count, callsReceived: complete },
      traces: roots.traces,
      exemplars: roots.exemplars.list(),
      impactNs: nanos(0),
      signatures: [],
    },
  ];
}
