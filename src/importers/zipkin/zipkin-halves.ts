import type { AttributeValue } from '../../model/attributes.ts';
import type { SpanKind } from '../../model/span.ts';
import {
  hasSameService,
  isEmptyEndpoint,
  type ZipkinAnnotation,
  type ZipkinEndpoint,
} from './zipkin-record.ts';

/** A v2 span being put together. */
export interface Half {
  kind: SpanKind;
  startNs: bigint;
  durationNs: bigint;
  local: ZipkinEndpoint | null;
  remote: ZipkinEndpoint | null;
  readonly annotations: ZipkinAnnotation[];
  readonly tags: Map<string, AttributeValue>;
  shared: boolean;
}

/** The v2 spans that one v1 span becomes, so far; the first takes whatever names no endpoint. */
export class Halves {
  readonly first: Half = emptyHalf(null);
  readonly all: Half[] = [this.first];

  /** The half of the endpoint's service; the first half belongs to the first endpoint that is asked for. */
  of(endpoint: ZipkinEndpoint | null): Half {
    if (endpoint === null) return this.first;
    for (const half of this.all) {
      if (half.local === null) {
        if (!isEmptyEndpoint(endpoint)) half.local = endpoint;
        return half;
      }
      if (hasSameService(half.local, endpoint)) return half;
    }
    return this.add(endpoint);
  }

  add(endpoint: ZipkinEndpoint): Half {
    const half = emptyHalf(endpoint);
    this.all.push(half);
    return half;
  }
}

function emptyHalf(local: ZipkinEndpoint | null): Half {
  return {
    kind: 'unspecified',
    startNs: 0n,
    durationNs: 0n,
    local,
    remote: null,
    annotations: [],
    tags: new Map(),
    shared: false,
  };
}
