import { stringAttribute } from '../../model/attributes.ts';
import type { Span } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { conceptText } from '../attribute-concepts.ts';
import { groupId } from '../span-grouping.ts';
import { SIGN } from './attribute-signs.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { DataFinding, Severity } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { bareHost, hostClass } from './host-class.ts';
import { urlParts } from './parameterised-url.ts';
import type { TraceContext } from './trace-context.ts';

/** Combinations of service, host and reason that are kept, at most: half a kilobyte each, 3 MB together. */
const MAX_KEPT = 5_000;

interface InsecureCalls {
  readonly service: string;
  readonly host: string;
  readonly reason: Reason;
  calls: number;
  traces: number;
  lastTrace: string;
  readonly exemplars: BestExemplars;
}

type Reason = 'no encryption' | 'credentials in the URL' | 'outdated TLS';

const SEVERITY: Readonly<Record<Reason, Severity>> = {
  'no encryption': 'medium',
  'credentials in the URL': 'high',
  'outdated TLS': 'medium',
};

/** Calls that others can read on the way: plain HTTP to a public host, passwords in URLs, TLS before 1.2. */
export const insecureTransportRule = dataRule({
  name: 'insecure-transport',
  advice: {
    'insecure-transport':
      'Use https and TLS 1.2 or later, and send credentials in a header: URLs end up in logs.',
  },
  params: { minCalls: 1 },
  accumulate: ({ minCalls }) => new InsecureTransports(minCalls),
});

class InsecureTransports implements DataRuleAccumulator {
  readonly #minCalls: number;
  readonly #kept = new Map<string, InsecureCalls>();

  constructor(minCalls: number) {
    this.#minCalls = minCalls;
  }

  add(context: TraceContext): void {
    if (!context.hasSign(SIGN.transport)) return;
    for (const node of context.trace.nodes) {
      const isTold = (context.signsOf(node) & SIGN.transport) !== 0;
      if (isTold && node.span.kind === 'client') this.#addCall(node);
    }
  }

  #addCall({ service, span }: TraceNode): void {
    const reasons = reasonsOf(span);
    if (reasons.length === 0) return;
    const host = hostOf(span);
    for (const reason of reasons) {
      const id = groupId({ service, host, reason });
      let calls = this.#kept.get(id);
      if (calls === undefined) {
        if (this.#kept.size === MAX_KEPT) return;
        const exemplars = new BestExemplars();
        calls = { service, host, reason, calls: 0, traces: 0, lastTrace: '', exemplars };
        this.#kept.set(id, calls);
      }
      calls.calls += 1;
      if (calls.lastTrace === span.traceId) continue;
      calls.lastTrace = span.traceId;
      calls.traces += 1;
      calls.exemplars.add(0, span.traceId, [span]);
    }
  }

  result(): DataFinding[] {
    return Array.from(this.#kept.values())
      .filter(({ calls }) => calls >= this.#minCalls)
      .map(({ service, host, reason, calls, traces, exemplars }) => ({
        rule: 'insecure-transport',
        severity: SEVERITY[reason],
        confidence: 0.8,
        title: `${calls} calls to ${host}: ${reason}`,
        service,
        operation: '',
        count: calls,
        evidence: { host, reason, calls },
        traces,
        exemplars: exemplars.list(),
        impactNs: nanos(0),
        signatures: [host, reason],
      }));
  }
}

function hostOf({ attributes }: Span): string {
  return bareHost(urlParts(attributes)?.host || conceptText(attributes, 'urlHost') || '');
}

const PLAIN_HTTP = /^http:/i;
const USERINFO = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@?#]*:[^\s/@?#]+@/i;
const OLD_TLS = /^(?:ssl.*|(?:tls)?v?1(?:\.[01])?)$/i;

function reasonsOf(span: Span): Reason[] {
  const { attributes } = span;
  const reasons: Reason[] = [];
  const url = conceptText(attributes, 'url') ?? '';
  if (isPlainHttp(span, url)) {
    const host = hostOf(span);
    if (host !== '' && !hostClass(host).isPrivate) reasons.push('no encryption');
  }
  if (USERINFO.test(url)) reasons.push('credentials in the URL');
  const tls = stringAttribute(attributes, 'tls.protocol.version');
  if (tls !== null && OLD_TLS.test(tls)) reasons.push('outdated TLS');
  return reasons;
}

/** By the URL's scheme; where there is no URL by the scheme or the port alone, if it is a call over HTTP at all. */
function isPlainHttp({ attributes }: Span, url: string): boolean {
  if (url.includes('://')) return PLAIN_HTTP.test(url);
  const scheme = attributes.get('url.scheme') ?? attributes.get('http.scheme');
  if (typeof scheme === 'string') return scheme.toLowerCase() === 'http';
  return (
    conceptText(attributes, 'httpMethod') !== null && conceptText(attributes, 'peerPort') === '80'
  );
}
