import {
  bytesField,
  fixed32Field,
  fixed64Field,
  messageField,
  varintField,
  type WireField,
} from './wire-message.ts';

/** The fields of an OTLP Span message, with plain defaults. */
export interface WireSpanParts {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly start?: bigint;
  readonly end?: bigint;
  /** Further fields, at the end. */
  readonly more?: readonly WireField[];
}

/** An encoded Span message, as content of a field. */
export function wireSpan(parts: WireSpanParts = {}): WireField {
  const { start = 1_700_000_000_000_000_001n, end = 1_700_000_000_000_500_003n } = parts;
  return Buffer.concat([
    bytesField(1, Buffer.from(parts.traceId ?? '0af7651916cd43dd8448eb211c80319c', 'hex')),
    bytesField(2, Buffer.from(parts.spanId ?? 'b7ad6b7169203331', 'hex')),
    ...(parts.parentSpanId === undefined
      ? []
      : [bytesField(4, Buffer.from(parts.parentSpanId, 'hex'))]),
    bytesField(5, parts.name ?? 'GET /cart'),
    varintField(6, 2),
    fixed64Field(7, start),
    fixed64Field(8, end),
    ...(parts.more ?? []),
    fixed32Field(16, 257),
  ]);
}

/** A KeyValue in `field` with a string. */
export function stringPair(field: number, key: string, text: string): WireField {
  return messageField(field, bytesField(1, key), messageField(2, bytesField(1, text)));
}

/** ResourceSpans.resource with a service name. */
export function wireResource(service: string): WireField {
  return messageField(1, stringPair(1, 'service.name', service));
}

/** ResourceSpans.scope_spans with a named scope and spans. */
export function wireScopeSpans(scope: string, ...spans: readonly WireField[]): WireField {
  return messageField(
    2,
    messageField(1, bytesField(1, scope)),
    ...spans.map((span) => bytesField(2, span)),
  );
}

/** TracesData with one ResourceSpans that has these fields. */
export function tracesData(...fields: readonly WireField[]): Buffer {
  return messageField(1, ...fields);
}

/** A message with its length before it, as the Collector's file exporter writes it. */
export function framed(message: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length);
  return Buffer.concat([length, message]);
}
