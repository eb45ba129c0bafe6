declare const brand: unique symbol;

/** A trace's id: 32 lower-case hex digits, never all zero. A 64-bit id is padded with zeros on the left. */
export type TraceId = string & { readonly [brand]: 'trace id' };

/** A span's id: 16 lower-case hex digits, never all zero. Unique only within its trace, and not always there. */
export type SpanId = string & { readonly [brand]: 'span id' };

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const ZEROS = /^0+$/;

/** `hex` as a trace id, or null when it is not 32 lower-case hex digits or all zero. */
export function traceId(hex: string): TraceId | null {
  return TRACE_ID.test(hex) && !ZEROS.test(hex) ? (hex as TraceId) : null;
}

/** `hex` as a span id, or null when it is not 16 lower-case hex digits or all zero. */
export function spanId(hex: string): SpanId | null {
  return SPAN_ID.test(hex) && !ZEROS.test(hex) ? (hex as SpanId) : null;
}
