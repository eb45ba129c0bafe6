import type { AttributeValue } from '../../model/attributes.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { haveAny } from '../shape-facts.ts';
import { lengthNs } from './call-groups.ts';
import type { TraceFinding } from './finding.ts';
import { traceRule } from './finding-rule.ts';
import { operationFindings } from './operation-findings.ts';
import type { TraceContext } from './trace-context.ts';

/** Where the sizes of bodies stand, old spellings and recorded headers included. */
const HTTP_SIZES = [
  ['response', 'http.response.body.size'],
  ['response', 'http.response_content_length'],
  ['response', 'http.response.header.content-length'],
  ['request', 'http.request.body.size'],
  ['request', 'http.request_content_length'],
  ['request', 'http.request.header.content-length'],
] as const;
const MESSAGE_SIZES = [
  ['message', 'messaging.message.body.size'],
  ['message', 'messaging.message.payload_size_bytes'],
  ['message', 'messaging.message_payload_size_bytes'],
] as const;

interface Payload {
  readonly what: 'response' | 'request' | 'message';
  readonly bytes: number;
}

/** Large bodies in calls that take a while, and large messages. A server's side is left to its client where that tells the size too. */
export const largePayloadRule = traceRule({
  name: 'large-payload',
  advice: {
    'large-payload':
      'Send less: choose fields, page, compress, or store the body elsewhere and send where it is.',
  },
  params: { minBytes: 300_000, minDurationMs: 100, minMessageBytes: 1_000_000 },
  inspect(context, params) {
    const payloads = new Map<TraceNode, Payload>();
    for (const node of context.trace.nodes) {
      const payload = payloadOf(node, params);
      const isToldAbove = node.parent !== null && payloads.has(node.parent);
      if (payload && !(isToldAbove && node.span.kind === 'server')) payloads.set(node, payload);
    }
    return findingsOf(context, payloads);
  },
});

const tellSizes = haveAny([...MESSAGE_SIZES, ...HTTP_SIZES].map(([, key]) => key));

function payloadOf(
  node: TraceNode,
  limits: { minBytes: number; minDurationMs: number; minMessageBytes: number },
): Payload | null {
  const { attributes } = node.span;
  if (!tellSizes(attributes)) return null;
  for (const [what, key] of MESSAGE_SIZES) {
    const bytes = bytesOf(attributes.get(key));
    if (bytes > limits.minMessageBytes) return { what, bytes };
  }
  if (lengthNs(node) < limits.minDurationMs * 1e6) return null;
  for (const [what, key] of HTTP_SIZES) {
    const bytes = bytesOf(attributes.get(key));
    if (bytes > limits.minBytes) return { what, bytes };
  }
  return null;
}

/** A header is recorded as a list of texts. */
function bytesOf(value: AttributeValue | undefined): number {
  const [first] = Array.isArray(value) ? value : [value];
  if (typeof first === 'bigint' || typeof first === 'number') return Number(first);
  return typeof first === 'string' && /^\d{1,15}$/.test(first) ? Number(first) : 0;
}

/** What could be saved is at most the span's own time: transfer, and turning bytes into objects and back. */
function findingsOf(
  context: TraceContext,
  payloads: ReadonlyMap<TraceNode, Payload>,
): TraceFinding[] {
  return operationFindings([...payloads.keys()], (spans, first) => {
    const largest = spans.reduce(
      (a, b) => ((payloads.get(b)?.bytes ?? 0) > (payloads.get(a)?.bytes ?? 0) ? b : a),
      first,
    );
    const { what = 'message', bytes = 0 } = payloads.get(largest) ?? {};
    const own = spans.reduce((sum, { index }) => sum + (context.selfTimes[index] ?? 0), 0);
    return {
      rule: 'large-payload',
      severity: 'by-impact',
      confidence: 0.7,
      title: `a ${what} of ${bytes.toLocaleString('en')} bytes`,
      impactNs: nanos(own),
      evidence: { what, bytes, durationNs: lengthNs(largest), selfNs: own },
      signatures: [what],
    };
  });
}
