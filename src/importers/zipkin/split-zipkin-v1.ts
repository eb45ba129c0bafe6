import type { SpanKind } from '../../model/span.ts';
import { unixNano } from '../../model/time.ts';
import type { TimeField } from '../read-field.ts';
import { type Half, Halves } from './zipkin-halves.ts';
import {
  hasSameService,
  isSameEndpoint,
  type ZipkinEndpoint,
  type ZipkinSpan,
} from './zipkin-record.ts';
import {
  type CoreAnnotation,
  type CoreAnnotations,
  elapsed,
  implyStart,
  sortAnnotations,
  type ZipkinV1Span,
} from './zipkin-v1-span.ts';

/**
 * The v2 spans that a v1 span stands for: usually one; two when it holds the client's and the server's half of a call
 * (`cs` and `sr`), or the producer's and the consumer's of a message.
 *
 *     cs ----------------------- cr      client, owns the span's timestamp and duration
 *           sr ------------ ss           server, shared, timed by its annotations
 *
 * The rules are those of `zipkin2.v1.V1SpanConverter`: everything goes to the half with the same service name as its endpoint.
 * Two differences keep data that Zipkin drops: a duration without a timestamp, and tags that are not strings.
 */
export function splitZipkinV1(source: ZipkinV1Span): readonly ZipkinSpan[] {
  const halves = new Halves();
  const core = sortAnnotations(halves, source);
  implyStart(core, source, 'cs', 'cr');
  implyStart(core, source, 'sr', 'ss');
  timeCall(halves, core, source);
  timeMessage(halves, core, source);
  const addresses = sortTags(halves, source);
  placeAddresses(halves, core, addresses);
  keepDuration(halves, source);
  return halves.all.map((half) => ({ ...half, start: startOf(half, source) }));
}

type Address = 'sa' | 'ca' | 'ma';
type Addresses = Partial<Record<Address, ZipkinEndpoint>>;

function timeCall(halves: Halves, core: CoreAnnotations, source: ZipkinV1Span): void {
  const { cs, cr, sr, ss } = core;
  if (cs !== undefined && sr !== undefined) timeBothHalves(halves, source, { cs, cr, sr, ss });
  else if (cs !== undefined && cr !== undefined) timeHalf(halves, source, cs, cr);
  else if (sr !== undefined && ss !== undefined) timeHalf(halves, source, sr, ss);
  else revertIncomplete(halves, core, source);

  // v1 has no shared flag. A server that joins its client's span leaves out the timestamp, or the duration.
  const isJoined = source.startNs === 0n || (ss !== undefined && source.durationNs === 0n);
  if (cs === undefined && sr !== undefined && isJoined) halves.of(sr.endpoint).shared = true;
}

/** Reverts the special meaning of annotations that lack their counterpart. */
function revertIncomplete(halves: Halves, core: CoreAnnotations, source: ZipkinV1Span): void {
  for (const half of halves.all) {
    if (half.kind === 'client') revertHalf(half, core.cs, core.cr);
    else if (half.kind === 'server') revertHalf(half, core.sr, core.ss);
  }
  if (source.startNs === 0n) return;
  halves.first.startNs = source.startNs;
  halves.first.durationNs = source.durationNs;
}

function revertHalf(half: Half, begin?: CoreAnnotation, end?: CoreAnnotation): void {
  if (begin !== undefined) half.startNs = begin.timeNs;
  if (end !== undefined) half.annotations.push({ timeNs: end.timeNs, value: end.value });
}

/** Zipkin drops the duration of a span without timestamp; a span that is not split can keep it. */
function keepDuration(halves: Halves, source: ZipkinV1Span): void {
  const { first, all } = halves;
  if (source.startNs === 0n && all.length === 1 && first.durationNs === 0n) {
    first.durationNs = source.durationNs;
  }
}

function startOf({ startNs }: Half, { hasBadStart }: ZipkinV1Span): TimeField {
  if (startNs === 0n) return hasBadStart ? 'bad' : 'absent';
  return unixNano(startNs);
}

/** A span that holds both halves: the client owns the span's own timestamp and duration, the server has its annotations. */
function timeBothHalves(
  halves: Halves,
  source: ZipkinV1Span,
  {
    cs,
    cr,
    sr,
    ss,
  }: Required<Pick<CoreAnnotations, 'cs' | 'sr'>> & {
    cr: CoreAnnotation | undefined;
    ss: CoreAnnotation | undefined;
  },
): void {
  timeHalf(halves, source, cs, cr);
  const client = halves.of(cs.endpoint);
  const server = counterpart(
    halves,
    client,
    { kind: 'client', at: cs },
    { kind: 'server', at: sr },
  );
  server.shared = true;
  server.startNs = sr.timeNs;
  if (ss !== undefined) server.durationNs = elapsed(sr, ss);
  if (cr === undefined && source.durationNs === 0n) client.durationNs = 0n;
}

interface Role {
  readonly kind: SpanKind;
  readonly at: CoreAnnotation;
}

/** The other half, always a span of its own: a service that calls itself would otherwise have one half for both. */
function counterpart(halves: Halves, half: Half, own: Role, other: Role): Half {
  if (!hasSameService(own.at.endpoint, other.at.endpoint)) return halves.of(other.at.endpoint);
  half.kind = own.kind;
  const added = halves.add(other.at.endpoint);
  added.kind = other.kind;
  return added;
}

/** The span's own timestamp and duration where it has both, else the annotations'. */
function timeHalf(
  halves: Halves,
  source: ZipkinV1Span,
  begin: CoreAnnotation,
  end: CoreAnnotation | undefined,
): void {
  const half = halves.of(begin.endpoint);
  if (source.startNs !== 0n && source.durationNs !== 0n) {
    half.startNs = source.startNs;
    half.durationNs = source.durationNs;
    return;
  }
  half.startNs = begin.timeNs;
  if (end !== undefined) half.durationNs = elapsed(begin, end);
}

function timeMessage(halves: Halves, core: CoreAnnotations, source: ZipkinV1Span): void {
  const { ms, mr, ws, wr } = core;
  if (ms !== undefined && mr !== undefined) {
    const producer = halves.of(ms.endpoint);
    const consumer = counterpart(
      halves,
      producer,
      { kind: 'producer', at: ms },
      { kind: 'consumer', at: mr },
    );
    consumer.shared = true;
    consumer.startNs = (wr ?? mr).timeNs;
    if (wr !== undefined) consumer.durationNs = elapsed(wr, mr);
    producer.startNs = ms.timeNs;
    producer.durationNs = ws === undefined ? 0n : elapsed(ms, ws);
  } else if (ms !== undefined) {
    timeHalf(halves, source, ms, ws);
  } else if (mr !== undefined) {
    timeHalf(halves, source, wr ?? mr, wr === undefined ? undefined : mr);
  } else {
    keepAsAnnotation(halves, ws);
    keepAsAnnotation(halves, wr);
  }
}

function keepAsAnnotation(halves: Halves, core: CoreAnnotation | undefined): void {
  if (core === undefined) return;
  halves.of(core.endpoint).annotations.push({ timeNs: core.timeNs, value: core.value });
}

/** Gives every tag to its half, except the addresses of peers, which are returned: known by key, whatever their value. */
function sortTags(halves: Halves, source: ZipkinV1Span): Addresses {
  const addresses: Addresses = {};
  for (const { key, value, endpoint } of source.binaryAnnotations) {
    if (endpoint !== null && isAddress(key)) {
      addresses[key] = endpoint;
      continue;
    }
    const half = halves.of(endpoint);
    // `lc` without a value only says where a local span was recorded.
    if (key !== 'lc' || value !== '') half.tags.set(key, value);
  }
  return addresses;
}

function isAddress(key: string): key is Address {
  return key === 'sa' || key === 'ca' || key === 'ma';
}

function placeAddresses(halves: Halves, core: CoreAnnotations, { sa, ca, ma }: Addresses): void {
  const { cs, cr, sr, ss, ms, mr } = core;
  const client = cs ?? cr;
  const server = sr ?? ss;
  if (client === undefined && server === undefined && (ca !== undefined || sa !== undefined)) {
    placeWithoutCore(halves, sa, ca);
    return;
  }
  if (ca !== undefined && server !== undefined && !isSameEndpoint(ca, server.endpoint)) {
    // Finagle names the server's own service here; keeping the name would make the server its own client.
    const isOwnName = hasSameService(ca, server.endpoint);
    halves.of(server.endpoint).remote = isOwnName ? { ...ca, serviceName: '' } : ca;
  }
  if (sa !== undefined && client !== undefined) halves.of(client.endpoint).remote = sa;
  if (ma !== undefined && ms !== undefined) halves.of(ms.endpoint).remote = ma;
  if (ma !== undefined && mr !== undefined) halves.of(mr.endpoint).remote = ma;
}

/** Addresses alone: `sa` is only a default for a remote address, while `ca` alone tells a server. */
function placeWithoutCore(
  halves: Halves,
  sa: ZipkinEndpoint | undefined,
  ca: ZipkinEndpoint | undefined,
): void {
  if (ca !== undefined && sa !== undefined) {
    halves.of(ca).remote = sa;
  } else if (sa !== undefined) {
    halves.first.remote = sa;
  } else if (ca !== undefined) {
    halves.first.kind = 'server';
    halves.first.remote = ca;
  }
}
