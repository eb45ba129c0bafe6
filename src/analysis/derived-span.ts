import { type SpanId, spanId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';

/**
 * A copy of `span` with `changes`. Every field is read by name: a span may come with getters that a spread would lose.
 */
export function derivedSpan(span: Span, changes: Partial<Span>): Span {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    startUnixNano: span.startUnixNano,
    endUnixNano: span.endUnixNano,
    durationNs: span.durationNs,
    timeFlags: span.timeFlags,
    statusCode: span.statusCode,
    statusMessage: span.statusMessage,
    traceState: span.traceState,
    flags: span.flags,
    attributes: span.attributes,
    events: span.events,
    links: span.links,
    dropped: span.dropped,
    resource: span.resource,
    scope: span.scope,
    origin: span.origin,
    ...changes,
  };
}

/**
 * A span id computed from `seed`: its 64-bit FNV-1a hash over UTF-16 code units, 16 hex digits. The same seed gives the same id
 * on every machine. Of the seeds `seed`, `seed|1`, `seed|2`, … the first whose hash is not all zero and not in `taken` counts.
 *
 * FNV-1a and not SHA-256, because analyses use no packages and no `node:` modules; nothing here needs to resist an attacker,
 * who could as well write any id into the dump.
 */
export function derivedSpanId(seed: string, taken: ReadonlySet<string>): SpanId {
  let candidate = spanId(fnv1a64(seed));
  for (let n = 1; candidate === null || taken.has(candidate); n++) {
    candidate = spanId(fnv1a64(`${seed}|${n}`));
  }
  return candidate;
}

/** Low word of the FNV prime 2^40 + 0x1b3; the 2^40 becomes a shift of the low word into the high one. */
const PRIME_LOW = 0x1b3;
const WORD = 2 ** 32;

/** http://www.isthe.com/chongo/tech/comp/fnv: xor each unit in, multiply by the prime, modulo 2^64, kept as two 32-bit words. */
function fnv1a64(text: string): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (let i = 0; i < text.length; i++) {
    low = (low ^ text.charCodeAt(i)) >>> 0;
    const product = low * PRIME_LOW;
    const carry = Math.floor(product / WORD);
    high = (high * PRIME_LOW + carry + ((low << 8) >>> 0)) % WORD;
    low = product % WORD;
  }
  return hex(high) + hex(low);
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0');
}
