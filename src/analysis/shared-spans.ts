import type { SpanId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { serviceName, TIME_FLAGS } from '../model/span.ts';
import { derivedSpan, derivedSpanId } from './derived-span.ts';
import { spanFingerprint } from './span-fingerprint.ts';
import { mergeFragments } from './zipkin-fragments.ts';

/** One span of the trace to be built, and what it took to get it from the records of its id. */
export interface TraceEntry {
  readonly span: Span;
  /** 0 for the span that carries its id, 1, 2, … for others that collide with it. */
  readonly seq: number;
  /** For the server half of a shared id: position in `entries` of the client half, its parent; else null. */
  readonly clientHalf: number | null;
  /** Further records that said exactly the same. */
  readonly copies: number;
  /** Further records merged into this one. */
  readonly fragments: number;
}

/** The spans of a trace with unique ids as far as they can be told apart. */
export interface SharedSpans {
  /** Every span once. Ids that occur once first, in the order given; then the others, id by id. */
  readonly entries: readonly TraceEntry[];
  /**
   * Position in `entries` of the span that `id` means as the parent of a span of `childService`; null when the trace has no
   * such span. Children of an id that two halves share belong to the server half if they are of its service or not of the
   * client's, else to the client half. Where ids collide, the first.
   */
  readonly find: (id: SpanId, childService: string) => number | null;
}

/** The two sides of a span id that client and server share: positions in `entries`. */
interface Halves {
  readonly client: number;
  readonly servers: readonly number[];
}

/**
 * Resolves span ids that several records of a trace carry: exact copies become one; Zipkin's fragments are merged; a client and
 * a server half with one id (B3 tracers, also in dumps that Jaeger took from Zipkin) become parent and child, the server with
 * an id of its own and `origin.shared`; what is left keeps its id with a `seq`. The outcome does not depend on their order.
 */
export function resolveSharedIds(spans: readonly Span[]): SharedSpans {
  const repeated = repeatedIds(spans);
  const first = new Map<SpanId, number>();
  const entries: TraceEntry[] = [];
  for (const span of spans) {
    if (repeated.has(span.spanId)) continue;
    first.set(span.spanId, entries.length);
    entries.push({ span, seq: 0, clientHalf: null, copies: 0, fragments: 0 });
  }
  if (repeated.size === 0) return { entries, find: (id) => first.get(id) ?? null };
  const taken = new Set<string>([...first.keys(), ...repeated.keys()]);
  const halvesOf = new Map<SpanId, Halves>();
  for (const [id, records] of repeated) {
    const base = entries.length;
    const group = splitHalves(joinRecords(records), base, taken);
    first.set(id, base);
    if (group.servers.length > 0) {
      halvesOf.set(id, { client: base, servers: group.servers.map((_, i) => base + 1 + i) });
    }
    for (const half of [...group.carrier, ...group.servers, ...group.others]) entries.push(half);
  }
  return {
    entries,
    find: (id, childService) => {
      const halves = halvesOf.get(id);
      return halves ? halfFor(childService, halves, entries) : (first.get(id) ?? null);
    },
  };
}

/** The records of the ids that occur more than once. Most traces have none, so that ids which occur once must cost little. */
function repeatedIds(spans: readonly Span[]): Map<SpanId, Span[]> {
  const repeated = new Map<SpanId, Span[]>();
  const seen = new Set<SpanId>();
  for (const { spanId } of spans) {
    if (seen.has(spanId)) repeated.set(spanId, []);
    else seen.add(spanId);
  }
  if (repeated.size > 0) for (const span of spans) repeated.get(span.spanId)?.push(span);
  return repeated;
}

type Joined = Pick<TraceEntry, 'span' | 'copies' | 'fragments'>;

/** The different spans among the records of one id, the most complete first. */
function joinRecords(records: readonly Span[]): Joined[] {
  const copies = new Map<string, { span: Span; count: number }>();
  for (const span of records) {
    const fingerprint = spanFingerprint(span);
    const seen = copies.get(fingerprint);
    if (seen) seen.count += 1;
    else copies.set(fingerprint, { span, count: 0 });
  }
  const ordered = [...copies].sort(
    ([a, { span: x }], [b, { span: y }]) => byCompleteness(x, y) || (a < b ? -1 : 1),
  );
  const repeated = new Map(ordered.map(([, { span, count }]) => [span, count]));
  return mergeFragments(ordered.map(([, { span }]) => span)).map(({ span, fragments }) => ({
    span,
    fragments,
    copies: repeated.get(span) ?? 0,
  }));
}

/** With start, with end, with kind; then earliest start, longest. */
function byCompleteness(a: Span, b: Span): number {
  const missing = ({ timeFlags, kind }: Span) =>
    (timeFlags & TIME_FLAGS.noStart ? 4 : 0) +
    (timeFlags & TIME_FLAGS.noEnd ? 2 : 0) +
    (kind === 'unspecified' ? 1 : 0);
  return (
    missing(a) - missing(b) ||
    Number(a.startUnixNano - b.startUnixNano) ||
    b.durationNs - a.durationNs
  );
}

interface HalfGroup {
  /** The one that keeps the id: the client of a shared call, else the first. */
  readonly carrier: readonly TraceEntry[];
  readonly servers: readonly TraceEntry[];
  readonly others: readonly TraceEntry[];
}

/** `base` is where the carrier will stand in the entries. */
function splitHalves(joined: readonly Joined[], base: number, taken: Set<string>): HalfGroup {
  const client = joined.find(({ span }) => span.kind === 'client' || span.kind === 'producer');
  const carrier = client ?? joined[0];
  const isServer = ({ span }: Joined) =>
    client !== undefined && (span.kind === 'server' || span.kind === 'consumer');
  const servers = joined.filter(isServer).map((half, n) => ({
    ...half,
    span: serverHalf(half.span, n, taken),
    seq: 0,
    clientHalf: base,
  }));
  const others = joined.filter((half) => half !== carrier && !isServer(half));
  const entry = (half: Joined, seq: number): TraceEntry => ({ ...half, seq, clientHalf: null });
  return {
    carrier: carrier ? [entry(carrier, 0)] : [],
    servers,
    others: others.map((half, i) => entry(half, i + 1)),
  };
}

/** The half under its client: id derived from trace, span, service and its number among several servers of one call. */
function serverHalf(span: Span, n: number, taken: Set<string>): Span {
  const seed = `${span.traceId}|${span.spanId}|server|${serviceName(span.resource)}|${n}`;
  const id = derivedSpanId(seed, taken);
  taken.add(id);
  return derivedSpan(span, {
    spanId: id,
    parentSpanId: span.spanId,
    origin: {
      ...span.origin,
      shared: true,
      spanIdRaw: span.origin.spanIdRaw ?? span.spanId,
    },
  });
}

function halfFor(childService: string, halves: Halves, entries: readonly TraceEntry[]): number {
  const service = (at: number) => {
    const entry = entries[at];
    return entry ? serviceName(entry.span.resource) : '';
  };
  const own = halves.servers.find((at) => service(at) === childService);
  if (own !== undefined) return own;
  const [firstServer] = halves.servers;
  return childService === service(halves.client) || firstServer === undefined
    ? halves.client
    : firstServer;
}
