import { isIP } from 'node:net';
import type { SpanId, TraceId } from '../../model/ids.ts';
import type { Resource, Scope, Span, SpanEvent } from '../../model/span.ts';
import { unixNano } from '../../model/time.ts';
import { type Tags, takeDropped, takeScope, takeString } from '../otlp/otel-tags.ts';
import type { Report } from '../read-field.ts';
import type { ReadId } from '../read-id.ts';
import type { SharedObjects } from '../shared-objects.ts';
import { buildSpan, NO_RESOURCE, NO_SCOPE, timesFrom } from '../span-builder.ts';
import type { ZipkinAnnotation, ZipkinEndpoint, ZipkinSpan } from './zipkin-record.ts';
import { decodeEvent, kindOf, takeLinks, takeStatus } from './zipkin-tags.ts';

/** What the spans out of one record share. */
export interface ZipkinIdentity {
  readonly format: 'zipkin-v1' | 'zipkin-v2';
  readonly traceId: ReadId<TraceId>;
  readonly spanId: ReadId<SpanId>;
  readonly parent: ReadId<SpanId> | null;
  readonly name: string | null;
  readonly debug: boolean;
}

/** Spans of one service, and of one library, share what says so. */
export interface ZipkinShared {
  readonly resources: SharedObjects<Resource>;
  readonly scopes: SharedObjects<Scope>;
}

/** Where an endpoint's fields go. Both versions of an address are kept; OpenTelemetry has room for one. */
interface EndpointKeys {
  readonly address: string;
  readonly otherAddress: string;
  readonly port: string;
}

const LOCAL_KEYS: EndpointKeys = {
  address: 'network.local.address',
  otherAddress: 'net.host.ip',
  port: 'network.local.port',
};

const PEER_KEYS: EndpointKeys = {
  address: 'network.peer.address',
  otherAddress: 'net.peer.ip',
  port: 'network.peer.port',
};

/** W3C's sampled bit: a span recorded for debugging was sampled. */
const SAMPLED = 1;

/**
 * A Zipkin span in OpenTelemetry's terms.
 *
 * Tags become string attributes, except those that have a field of their own (kind, status, links, scope, trace state, dropped
 * counts), and those that look like a resource's stay on the span, since the spans of one service may come from several hosts.
 * Endpoints become attributes of the span, never in place of a tag of that name, and the local service name the resource.
 * The server's half of a shared id keeps its id and parent; telling halves apart takes the whole trace.
 */
export function zipkinSpan(
  identity: ZipkinIdentity,
  span: ZipkinSpan,
  shared: ZipkinShared,
  report: Report,
): Span {
  const { tags } = span;
  const kind = kindOf(span.kind, tags);
  const status = takeStatus(tags);
  const links = takeLinks(tags, (text) => report('link-id-missing', text));
  const traceState = takeString(tags, 'w3c.tracestate');
  const dropped = takeDropped(tags);
  const scope = scopeOf(takeScope(tags), shared);
  const source = takeString(tags, 'otlp.service.name.source');
  const resource = serviceResource(span.local?.serviceName ?? '', source, shared);
  addEndpoints(tags, span, report);
  return buildSpan({
    format: identity.format,
    traceId: identity.traceId,
    spanId: identity.spanId,
    parent: identity.parent,
    name: identity.name,
    debug: identity.debug,
    kind,
    times: timesFrom(span.start, span.durationNs === 0n ? null : span.durationNs, report),
    statusCode: status.code,
    statusMessage: status.message,
    traceState,
    flags: identity.debug ? SAMPLED : 0,
    attributes: tags,
    events: span.annotations.map(eventOf),
    links,
    dropped,
    resource,
    scope,
    // Zipkin ignores the flag on a client, which never joins another span.
    shared: span.shared && kind !== 'client',
  });
}

/** The scope of that name; none for "". */
export function scopeOf(
  { name, version }: Pick<Scope, 'name' | 'version'>,
  { scopes }: ZipkinShared,
): Scope {
  if (name === '') return NO_SCOPE;
  return scopes.get(JSON.stringify([name, version]), () => ({ ...NO_SCOPE, name, version }));
}

function eventOf({ timeNs, value }: ZipkinAnnotation): SpanEvent {
  return { timeUnixNano: unixNano(timeNs), ...decodeEvent(value) };
}

function addEndpoints(tags: Tags, { local, remote }: ZipkinSpan, report: Report): void {
  if (local !== null) addAddress(tags, local, LOCAL_KEYS, report);
  if (remote === null) return;
  if (remote.serviceName !== '') addMissing(tags, 'service.peer.name', remote.serviceName);
  addAddress(tags, remote, PEER_KEYS, report);
}

function addAddress(
  tags: Tags,
  { ipv4, ipv6, port }: ZipkinEndpoint,
  keys: EndpointKeys,
  report: Report,
): void {
  const [address, other] = ipv6 === '' ? [ipv4, ''] : [ipv6, ipv4];
  addIp(tags, keys.address, address, report);
  addIp(tags, keys.otherAddress, other, report);
  if (port !== 0) addMissing(tags, keys.port, BigInt(port));
}

function addIp(tags: Tags, key: string, address: string, report: Report): void {
  if (address === '') return;
  if (isIP(address) === 0) report('bad-address', address);
  addMissing(tags, key, address);
}

function addMissing(tags: Tags, key: string, value: string | bigint): void {
  if (!tags.has(key)) tags.set(key, value);
}

/**
 * The resource of the spans of a service; none for "". `source` is the attribute that the exporter made the service name of when it had
 * no `service.name`; it is restored beside the name, which is what Zipkin shows.
 */
export function serviceResource(
  name: string,
  source: string | null,
  { resources }: ZipkinShared,
): Resource {
  if (name === '') return NO_RESOURCE;
  return resources.get(JSON.stringify([name, source]), () => {
    const attributes = new Map([['service.name', name]]);
    if (source !== null) attributes.set(source, name);
    return { attributes, schemaUrl: '' };
  });
}
