import { type Attributes, type AttributeValue, NO_ATTRIBUTES } from '../../src/model/attributes.ts';
import { type SpanId, spanId, type TraceId, traceId } from '../../src/model/ids.ts';
import { NOTHING_DROPPED, type Resource, type Scope, type Span } from '../../src/model/span.ts';
import { durationBetween, unixNano } from '../../src/model/time.ts';

/** Attributes as a map or as a plain object. */
export type AttributesLike = Attributes | Readonly<Record<string, AttributeValue>>;

type DerivedKey =
  | 'traceId'
  | 'spanId'
  | 'parentSpanId'
  | 'startUnixNano'
  | 'endUnixNano'
  | 'durationNs'
  | 'attributes';

/** What to say about a span; everything else takes a plain default. */
export interface SpanParts extends Partial<Omit<Span, DerivedKey>> {
  /** Hex, padded with zeros on the left: `'1'` will do. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string | null;
  readonly startUnixNano?: bigint;
  /** The end is `startUnixNano + durationNs` unless `endUnixNano` is given. */
  readonly durationNs?: number;
  readonly endUnixNano?: bigint;
  readonly attributes?: AttributesLike;
  /** `service.name` of a resource that has nothing else. Ignored when `resource` is given. */
  readonly service?: string;
}

/** A scope of which the dump says nothing. */
const NO_SCOPE: Scope = {
  name: '',
  version: '',
  attributes: NO_ATTRIBUTES,
  droppedAttributes: 0,
  schemaUrl: '',
};

/** A valid span: trace 1, span 1, a root named `op` of service `svc`, 1 ms long, unless `parts` says otherwise. */
export function spanOf(parts: SpanParts = {}): Span {
  const { service = 'svc', startUnixNano = 1_700_000_000_000_000_000n, ...rest } = parts;
  const start = unixNano(startUnixNano);
  const end = unixNano(parts.endUnixNano ?? start + BigInt(parts.durationNs ?? 1_000_000));
  return {
    name: 'op',
    kind: 'internal',
    timeFlags: 0,
    statusCode: 'unset',
    statusMessage: '',
    traceState: '',
    flags: 0,
    events: [],
    links: [],
    dropped: NOTHING_DROPPED,
    resource: resourceOf(service),
    scope: NO_SCOPE,
    origin: {
      format: 'test',
      traceIdRaw: null,
      spanIdRaw: null,
      parentSpanIdRaw: null,
      shared: false,
      debug: false,
      warnings: [],
    },
    ...rest,
    traceId: traceIdOf(parts.traceId ?? '1'),
    spanId: spanIdOf(parts.spanId ?? '1'),
    parentSpanId: parts.parentSpanId == null ? null : spanIdOf(parts.parentSpanId),
    startUnixNano: start,
    endUnixNano: end,
    durationNs: durationBetween(start, end),
    attributes: attributesOf(parts.attributes),
  };
}

/** The resource of a service without further attributes. */
export function resourceOf(service: string, attributes?: AttributesLike): Resource {
  const all = new Map<string, AttributeValue>([['service.name', service]]);
  for (const [key, value] of attributesOf(attributes)) all.set(key, value);
  return { attributes: all, schemaUrl: '' };
}

/** `hex` padded to a trace id. */
export function traceIdOf(hex: string): TraceId {
  const id = traceId(hex.padStart(32, '0'));
  if (id === null) throw new RangeError(`not a trace id: ${hex}`);
  return id;
}

/** `hex` padded to a span id. */
export function spanIdOf(hex: string): SpanId {
  const id = spanId(hex.padStart(16, '0'));
  if (id === null) throw new RangeError(`not a span id: ${hex}`);
  return id;
}

function attributesOf(attributes: AttributesLike = NO_ATTRIBUTES): Attributes {
  return attributes instanceof Map ? attributes : new Map(Object.entries(attributes));
}
