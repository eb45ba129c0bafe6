import { type AttributeValue, stringAttribute } from '../model/attributes.ts';
import type { Span, SpanKind } from '../model/span.ts';
import { serviceName, TIME_FLAGS, UNKNOWN_SERVICE } from '../model/span.ts';
import { durationBetween, isUnixNano, type UnixNano, unixNano } from '../model/time.ts';
import { derivedSpan } from './derived-span.ts';
import { eventFingerprint, linkFingerprint } from './span-fingerprint.ts';

/** One span, made of `fragments` more records than the one it is based on. */
export interface MergedSpan {
  readonly span: Span;
  readonly fragments: number;
}

/** The records found so far that are one span. */
interface Parts {
  readonly records: Span[];
  kind: SpanKind;
  /** The host that reported them, "" while no record says. */
  endpoint: string;
}

/**
 * The spans of one span id with those that are parts of one span merged. Zipkin's tracers may report a span in several
 * records; they have the same id, the same `shared` flag, the same service (or one does not name it) and the same host (or one
 * does not tell it: several servers may answer one client). Zipkin's server merges them in `Trace.merge`; this does the same
 * except that a client and a server record are never parts of one span.
 *
 *     id 2  CLIENT web |--------------|      →  id 2  CLIENT web
 *     id 2  SERVER api    |--------|         →  id 2  SERVER api, with the attributes of the third
 *     id 2         api    ·
 *
 * The third record of the drawing has no kind, no duration and no `shared` flag; it joins the half of its service, in dumps of
 * any format. Everything else needs a Zipkin dump: in other formats equal ids are a collision, not a protocol.
 *
 * `records` must be ordered with the most complete first; the result is in the order of the first of each.
 */
export function mergeFragments(records: readonly Span[]): MergedSpan[] {
  const found: Parts[] = [];
  const byService = new Map<string, Parts[]>();
  for (const record of [...records.filter((r) => !isStub(r)), ...records.filter(isStub)]) {
    const parts =
      stubTarget(record, byService) ??
      (isZipkin(record) ? fragmentTarget(record, found, byService) : undefined);
    if (parts) {
      parts.records.push(record);
      if (parts.kind === 'unspecified') parts.kind = record.kind;
      if (parts.endpoint === '') parts.endpoint = endpointOf(record);
      continue;
    }
    const fresh: Parts = {
      records: [record],
      kind: record.kind,
      endpoint: endpointOf(record),
    };
    found.push(fresh);
    const key = serviceKey(record.origin.shared, serviceName(record.resource));
    const others = byService.get(key);
    if (others) others.push(fresh);
    else byService.set(key, [fresh]);
  }
  return found.map((parts) => ({
    span: mergeRecords(parts.records),
    fragments: parts.records.length - 1,
  }));
}

function serviceKey(shared: boolean, service: string): string {
  return `${shared ? 'shared' : 'own'} ${service}`;
}

/** A record that says nothing but that its service took part: no kind, no duration. */
function isStub(record: Span): boolean {
  return record.kind === 'unspecified' && record.durationNs === 0;
}

/** The half that a stub belongs to: one with a kind and its service, whatever their `shared` flags. */
function stubTarget(record: Span, byService: ReadonlyMap<string, Parts[]>): Parts | undefined {
  const service = serviceName(record.resource);
  if (!isStub(record) || service === UNKNOWN_SERVICE) return undefined;
  for (const shared of [true, false]) {
    const half = byService
      .get(serviceKey(shared, service))
      ?.find(({ kind }) => kind !== 'unspecified');
    if (half) return half;
  }
  return undefined;
}

function fragmentTarget(
  record: Span,
  found: readonly Parts[],
  byService: ReadonlyMap<string, Parts[]>,
): Parts | undefined {
  const { shared } = record.origin;
  const service = serviceName(record.resource);
  const endpoint = endpointOf(record);
  const fits = (parts: Parts) =>
    (parts.kind === record.kind || parts.kind === 'unspecified' || record.kind === 'unspecified') &&
    (parts.endpoint === endpoint || parts.endpoint === '' || endpoint === '');
  if (service === UNKNOWN_SERVICE) {
    return found.find(
      (parts) => parts.records.some((r) => r.origin.shared === shared) && fits(parts),
    );
  }
  return (
    byService.get(serviceKey(shared, service))?.find(fits) ??
    byService.get(serviceKey(shared, UNKNOWN_SERVICE))?.find(fits)
  );
}

/** Address and port of the host that reported a record; "" when it tells neither. */
function endpointOf({ attributes }: Span): string {
  const address = stringAttribute(attributes, 'network.local.address') ?? '';
  const port = attributes.get('network.local.port');
  return typeof port === 'bigint' ? `${address} ${port}` : address;
}

function isZipkin(record: Span): boolean {
  return record.origin.format.startsWith('zipkin');
}

/**
 * Of every scalar the first that says something; of attributes the last value of a key; events and links of all without
 * repetitions. A start may come from one record and the duration from another.
 */
function mergeRecords(records: readonly Span[]): Span {
  const [first] = records;
  if (first === undefined) throw new RangeError('nothing to merge');
  if (records.length === 1) return first;
  const { noEnd, noStart } = TIME_FLAGS;
  const started = records.find((r) => !(r.timeFlags & noStart)) ?? first;
  const timed = records.find((r) => !(r.timeFlags & noEnd) && r.durationNs > 0) ?? first;
  const judged = records.find((r) => r.statusCode !== 'unset') ?? first;
  const named = records.find((r) => serviceName(r.resource) !== UNKNOWN_SERVICE) ?? first;
  const attributes = new Map<string, AttributeValue>(records.flatMap((r) => [...r.attributes]));
  const endUnixNano = endOf(started.startUnixNano, timed.durationNs);
  return derivedSpan(first, {
    parentSpanId: records.find((r) => r.parentSpanId !== null)?.parentSpanId ?? null,
    name: records.find((r) => r.name !== '')?.name ?? '',
    kind: records.find((r) => r.kind !== 'unspecified')?.kind ?? 'unspecified',
    startUnixNano: started.startUnixNano,
    endUnixNano,
    durationNs: durationBetween(started.startUnixNano, endUnixNano),
    timeFlags: (started.timeFlags & noStart) | (timed.timeFlags & noEnd),
    statusCode: judged.statusCode,
    statusMessage: judged.statusMessage,
    attributes,
    events: distinct(records, (r) => r.events, eventFingerprint),
    links: distinct(records, (r) => r.links, linkFingerprint),
    resource: named.resource,
    origin: { ...first.origin, debug: records.some((r) => r.origin.debug) },
  });
}

/** A start from one record and a duration from another may together leave the range of times; then the span has no length. */
function endOf(start: UnixNano, durationNs: number): UnixNano {
  const end = start + BigInt(durationNs);
  return isUnixNano(end) ? unixNano(end) : start;
}

function distinct<T>(
  records: readonly Span[],
  items: (record: Span) => readonly T[],
  fingerprint: (item: T) => string,
): T[] {
  const all = records.flatMap((record) => items(record));
  return [...new Map(all.map((item) => [fingerprint(item), item])).values()];
}
