import type { Span } from '../../model/span.ts';
import { nanos, type UnixNano } from '../../model/time.ts';
import type { Trace } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { nodeName } from '../dependency-names.ts';
import type { ServiceCall } from '../service-calls.ts';
import { BestExemplars } from './best-exemplars.ts';
import { contextCalls } from './context-calls.ts';
import type { DataFinding, Severity } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { bareHost, DROP_SITES, hostClass, hostPatterns } from './host-class.ts';
import { urlParts } from './parameterised-url.ts';
import type { TraceContext } from './trace-context.ts';

/** Hosts that are kept, at most: half a kilobyte each, 3 MB together. Further ones are not looked at. */
const MAX_HOSTS = 5_000;
/** Callers and ports that are named of a host. */
const MAX_NAMES = 20;

/** A host outside that is called. */
interface CalledHost {
  readonly host: string;
  readonly callers: Set<string>;
  readonly ports: Set<string>;
  isDatabase: boolean;
  calls: number;
  traces: number;
  lastTrace: string;
  firstSeen: UnixNano;
  readonly exemplars: BestExemplars;
}

const NO_HOSTS: readonly string[] = [];

/**
 * Calls to hosts that nobody should call: not in the allow list nor in the baseline, where one of them is given; and at any
 * time those to which data leaks, or where credentials are to be had.
 */
export const externalHostRule = dataRule({
  name: 'external-host',
  advice: {
    'external-host':
      'Find out who configured this address and what was sent there; block it at the network unless it is meant.',
    'unexpected-external':
      'If the host is meant, add it to the allowed hosts or renew the baseline; else find out which change calls it.',
  },
  params: { allowedHosts: NO_HOSTS, baselineHosts: NO_HOSTS, dropSites: DROP_SITES },
  accumulate: (params) => new CalledHosts(params),
});

interface HostParams {
  readonly allowedHosts: readonly string[];
  readonly baselineHosts: readonly string[];
  readonly dropSites: readonly string[];
}

class CalledHosts implements DataRuleAccumulator {
  readonly #hosts = new Map<string, CalledHost>();
  readonly #services = new Set<string>();
  readonly #params: HostParams;

  constructor(params: HostParams) {
    this.#params = params;
  }

  add(context: TraceContext): void {
    const { trace } = context;
    for (const { service } of trace.nodes) this.#services.add(service);
    for (const call of contextCalls(context)) {
      const host = hostOf(call);
      if (host !== null) this.#addCall(host, call, trace);
    }
  }

  #addCall(host: string, { source, type, witness }: ServiceCall, { traceId }: Trace): void {
    let called = this.#hosts.get(host);
    if (called === undefined) {
      if (this.#hosts.size === MAX_HOSTS) return;
      called = newHost(host, witness);
      this.#hosts.set(host, called);
    }
    called.calls += 1;
    if (type === 'database') called.isDatabase = true;
    if (called.callers.size < MAX_NAMES) called.callers.add(nodeName(source));
    const port = conceptText(witness.attributes, 'peerPort');
    if (port !== null && called.ports.size < MAX_NAMES) called.ports.add(port);
    if (witness.startUnixNano < called.firstSeen) called.firstSeen = witness.startUnixNano;
    if (called.lastTrace === traceId) return;
    called.lastTrace = traceId;
    called.traces += 1;
    called.exemplars.add(0, traceId, [witness]);
  }

  result(): DataFinding[] {
    const { allowedHosts, baselineHosts, dropSites } = this.#params;
    const isAllowed = hostPatterns(allowedHosts);
    const isInBaseline = hostPatterns(baselineHosts);
    const isJudged = allowedHosts.length + baselineHosts.length > 0;
    return Array.from(this.#hosts.values()).flatMap((called) => {
      const { host } = called;
      if (this.#services.has(host) || isAllowed(host) || isInBaseline(host)) return [];
      const reasons = suspicions(host, dropSites);
      if (isJudged) return [hostFinding('unexpected-external', called, reasons)];
      return reasons.length === 0 ? [] : [hostFinding('external-host', called, reasons)];
    });
  }
}

function newHost(host: string, { startUnixNano }: Span): CalledHost {
  return {
    host,
    callers: new Set(),
    ports: new Set(),
    isDatabase: false,
    calls: 0,
    traces: 0,
    lastTrace: '',
    firstSeen: startUnixNano,
    exemplars: new BestExemplars(),
  };
}

/** The host that a call outside goes to; null for a call to a service, and to a database without an address. */
function hostOf({ type, target, witness: { attributes } }: ServiceCall): string | null {
  if (type !== 'external' && type !== 'database') return null;
  const named = urlParts(attributes)?.host || conceptText(attributes, 'urlHost');
  const host = named || (type === 'external' ? nodeName(target) : null);
  return host === null ? null : bareHost(host);
}

/** What makes a host suspicious wherever it is called; an address needs no name to be looked up, nor leaves one in a log. */
function suspicions(host: string, dropSites: readonly string[]): string[] {
  const { isAddress, isDropSite, isMetadata, isPrivate, isPunycode } = hostClass(host, dropSites);
  const reasons: string[] = [];
  if (isMetadata) reasons.push('metadata address of a cloud');
  if (isDropSite) reasons.push('paste or tunnel service');
  if (isPunycode) reasons.push('name in another script');
  if (isAddress && !isPrivate) reasons.push('public address without a name');
  return reasons;
}

function hostFinding(rule: string, called: CalledHost, reasons: readonly string[]): DataFinding {
  const { host, calls, traces } = called;
  const callers = [...called.callers].sort();
  return {
    rule,
    severity: severityOf(rule, called, reasons),
    confidence: rule === 'unexpected-external' ? 0.9 : 0.6,
    title: `${calls === 1 ? '1 call' : `${calls} calls`} to ${host}${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}`,
    service: callers[0] ?? '',
    operation: '',
    count: calls,
    evidence: {
      host,
      reasons,
      callers,
      calls,
      ports: [...called.ports].sort(),
      isDatabase: called.isDatabase,
      firstSeenUnixNano: called.firstSeen.toString(),
    },
    traces,
    exemplars: called.exemplars.list(),
    impactNs: nanos(0),
    signatures: [host],
  };
}

/** A lone public address is common where nobody drew up a list of hosts. */
function severityOf(rule: string, called: CalledHost, reasons: readonly string[]): Severity {
  if (rule === 'unexpected-external') {
    return reasons.length > 0 || called.isDatabase ? 'high' : 'medium';
  }
  const isOnlyAddress = reasons.length === 1 && reasons[0]?.startsWith('public address') === true;
  return isOnlyAddress ? 'info' : 'medium';
}
