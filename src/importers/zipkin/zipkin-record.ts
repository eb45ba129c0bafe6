import type { AttributeValue } from '../../model/attributes.ts';
import type { SpanKind } from '../../model/span.ts';
import type { TimeField } from '../read-field.ts';

/** Where a Zipkin span was recorded, or its peer. Every field may be empty: `""`, or 0 for the port. */
export interface ZipkinEndpoint {
  /** As the dump spells it. */
  readonly serviceName: string;
  /** As the dump spells it, not checked. */
  readonly ipv4: string;
  readonly ipv6: string;
  /** 1…65535, 0 when unknown. */
  readonly port: number;
}

/** Something that happened at one moment of a span. */
export interface ZipkinAnnotation {
  /** Nanoseconds since the epoch, 0n when the dump gives none. */
  readonly timeNs: bigint;
  readonly value: string;
}

/**
 * What one Zipkin v2 span says, apart from its ids and name; both wire versions are read into this.
 * Times are nanoseconds. Neither a time nor a duration may be 0 in Zipkin: that is how it says that there is none.
 */
export interface ZipkinSpan {
  readonly kind: SpanKind;
  readonly start: TimeField;
  /** 0n when there is none. Negative when a v1 span's end annotation comes before its begin annotation. */
  readonly durationNs: bigint;
  readonly local: ZipkinEndpoint | null;
  readonly remote: ZipkinEndpoint | null;
  readonly annotations: readonly ZipkinAnnotation[];
  /** The span's own: translating it takes out what has a field of its own. */
  readonly tags: Map<string, AttributeValue>;
  readonly shared: boolean;
}

/** Whether two endpoints carry the same service name; Zipkin compares them in lower case, and two unknown names are the same. */
export function hasSameService(left: ZipkinEndpoint, right: ZipkinEndpoint): boolean {
  return left.serviceName.toLowerCase() === right.serviceName.toLowerCase();
}

/** Whether two endpoints are the same in every field. */
export function isSameEndpoint(left: ZipkinEndpoint, right: ZipkinEndpoint): boolean {
  return (
    hasSameService(left, right) &&
    left.ipv4 === right.ipv4 &&
    left.ipv6 === right.ipv6 &&
    left.port === right.port
  );
}

/** Whether an endpoint says nothing at all. */
export function isEmptyEndpoint(endpoint: ZipkinEndpoint): boolean {
  const { serviceName, ipv4, ipv6, port } = endpoint;
  return serviceName === '' && ipv4 === '' && ipv6 === '' && port === 0;
}
