import fc from 'fast-check';
import type { Span, SpanLink } from '../../src/model/span.ts';
import { SPAN_KINDS } from '../../src/model/span.ts';
import { spanIdOf, spanOf, traceIdOf } from './span-of.ts';

const START = 1_700_000_000_000_000_000n;

/** One arbitrary span: `parent` may be missing, circular or itself; times in microseconds and some nanoseconds. */
const messySpan = fc.record({
  parent: fc.option(fc.nat(30), { freq: 8 }),
  follows: fc.boolean(),
  start: fc.nat(200),
  length: fc.oneof(fc.nat(200), fc.constant(0)),
  extraNs: fc.constantFrom(0, 0, 0, 1, 999),
  kind: fc.constantFrom(...SPAN_KINDS),
  service: fc.constantFrom('a', 'b', 'c', ''),
  host: fc.constantFrom('', '', 'h1', 'h2'),
  isError: fc.boolean(),
});

type MessySpan = typeof messySpan extends fc.Arbitrary<infer T> ? T : never;

/** Spans with unique ids and everything else as bad as a dump can have it. */
export const messySpans: fc.Arbitrary<Span[]> = fc
  .array(messySpan, { minLength: 1, maxLength: 24 })
  .map((all) => all.map(toSpan));

/** Spans, and the same spans in another order. */
export const shuffledSpans: fc.Arbitrary<[Span[], Span[]]> = messySpans.chain((spans) =>
  fc.tuple(fc.constant(spans), fc.shuffledSubarray(spans, { minLength: spans.length })),
);

function toSpan(messy: MessySpan, index: number): Span {
  const parent = messy.parent === null || messy.parent === index ? null : idAt(messy.parent);
  const host = messy.host === '' ? [] : [['host.name', messy.host] as const];
  return spanOf({
    spanId: idAt(index),
    parentSpanId: parent,
    name: `op${index % 4}`,
    kind: messy.kind,
    startUnixNano: START + BigInt(messy.start * 1000 + messy.extraNs),
    durationNs: messy.length * 1000,
    statusCode: messy.isError ? 'error' : 'unset',
    links: parent !== null && messy.follows && index % 3 === 0 ? [followsFrom(parent)] : [],
    resource: {
      attributes: new Map([['service.name', messy.service] as const, ...host]),
      schemaUrl: '',
    },
  });
}

function idAt(index: number): string {
  return spanIdOf((index + 1).toString(16));
}

function followsFrom(parent: string): SpanLink {
  return {
    traceId: traceIdOf('1'),
    spanId: spanIdOf(parent),
    traceState: '',
    attributes: new Map([['opentracing.ref_type', 'follows_from']]),
    flags: 0,
    droppedAttributes: 0,
  };
}
