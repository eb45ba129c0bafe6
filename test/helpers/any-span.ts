import fc from 'fast-check';
import type { Attributes, AttributeValue } from '../../src/model/attributes.ts';
import type { SpanId, TraceId } from '../../src/model/ids.ts';
import {
  type Resource,
  type Scope,
  SPAN_KINDS,
  type Span,
  type SpanEvent,
  type SpanLink,
  STATUS_CODES,
} from '../../src/model/span.ts';
import { durationBetween, type UnixNano, unixNano } from '../../src/model/time.ts';
import { spanIdOf, traceIdOf } from './span-of.ts';

/** Any string that JSON can hold: lone surrogates, NUL and the names of an object's own properties included. */
const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    '\ud800',
    'a\udc00b',
    '\0',
    '0',
    '12',
    '"\\\n',
    '🦊',
  ),
);

const anyInt64 = fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n);

const anyTime: fc.Arbitrary<UnixNano> = fc
  .oneof(
    fc.bigInt(0n, 2n ** 63n - 1n),
    fc.constantFrom(0n, 1n, 2n ** 63n - 1n, 1755600000123457790n),
  )
  .map(unixNano);

/** Any attribute value, nested up to three levels. */
const { value: anyAttributeValue } = fc.letrec<{ value: AttributeValue; map: Attributes }>(
  (tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      anyText,
      fc.boolean(),
      fc.oneof(anyInt64, fc.bigInt(-20n, 20n), fc.constantFrom(2n ** 53n, -(2n ** 53n) - 1n)),
      fc.oneof(fc.double(), fc.integer(), fc.constantFrom(-0, Number.NaN, 2 ** 53, 1e300, 0.5)),
      fc.constant(null),
      fc.uint8Array({ maxLength: 8 }),
      fc.array(tie('value'), { maxLength: 3 }),
      tie('map'),
    ),
    map: fc.array(fc.tuple(anyText, tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
  }),
);

export const anyAttributes: fc.Arbitrary<Attributes> = fc
  .array(fc.tuple(anyText, anyAttributeValue), { maxLength: 5 })
  .map((pairs) => new Map(pairs));

const anyTraceId: fc.Arbitrary<TraceId> = fc
  .bigInt(1n, 2n ** 128n - 1n)
  .map((id) => traceIdOf(id.toString(16)));

const anySpanId: fc.Arbitrary<SpanId> = fc
  .oneof(fc.bigInt(1n, 2n ** 64n - 1n), fc.constantFrom(1n, 2n ** 63n, 2n ** 64n - 1n))
  .map((id) => spanIdOf(id.toString(16)));

const anyCount = fc.nat(2 ** 32 - 1);

const anyEvent: fc.Arbitrary<SpanEvent> = fc.record({
  timeUnixNano: anyTime,
  name: anyText,
  attributes: anyAttributes,
  droppedAttributes: anyCount,
});

const anyLink: fc.Arbitrary<SpanLink> = fc.record({
  traceId: anyTraceId,
  spanId: anySpanId,
  traceState: anyText,
  attributes: anyAttributes,
  flags: anyCount,
  droppedAttributes: anyCount,
});

const anyResource: fc.Arbitrary<Resource> = fc.record({
  attributes: fc.oneof(
    anyAttributes,
    anyText.map((service) => new Map([['service.name', service]])),
  ),
  schemaUrl: anyText,
});

const anyScope: fc.Arbitrary<Scope> = fc.record({
  name: anyText,
  version: anyText,
  attributes: anyAttributes,
  droppedAttributes: anyCount,
  schemaUrl: anyText,
});

const maybeText = fc.option(anyText, { nil: null });

/** Any span that an importer may hand over. */
export const anySpan: fc.Arbitrary<Span> = fc
  .record({
    traceId: anyTraceId,
    spanId: anySpanId,
    parentSpanId: fc.option(anySpanId, { nil: null }),
    name: anyText,
    kind: fc.constantFrom(...SPAN_KINDS),
    startUnixNano: anyTime,
    endUnixNano: anyTime,
    timeFlags: fc.nat(15),
    statusCode: fc.constantFrom(...STATUS_CODES),
    statusMessage: anyText,
    traceState: anyText,
    flags: anyCount,
    attributes: anyAttributes,
    events: fc.array(anyEvent, { maxLength: 3 }),
    links: fc.array(anyLink, { maxLength: 2 }),
    dropped: fc.record({ attributes: anyCount, events: anyCount, links: anyCount }),
    resource: anyResource,
    scope: anyScope,
    origin: fc.record({
      format: fc.constantFrom('otlp-json', 'zipkin-v2'),
      traceIdRaw: maybeText,
      spanIdRaw: maybeText,
      parentSpanIdRaw: maybeText,
      shared: fc.boolean(),
      debug: fc.boolean(),
      warnings: fc.array(anyText, { maxLength: 2 }),
    }),
  })
  .map((span) => ({ ...span, durationNs: durationBetween(span.startUnixNano, span.endUnixNano) }));
