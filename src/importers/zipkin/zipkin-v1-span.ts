import type { AttributeValue } from '../../model/attributes.ts';
import type { SpanKind } from '../../model/span.ts';
import type { Halves } from './zipkin-halves.ts';
import type { ZipkinAnnotation, ZipkinEndpoint } from './zipkin-record.ts';

/** What one Zipkin v1 span says, apart from its ids and name. Times in nanoseconds, 0n when absent. */
export interface ZipkinV1Span {
  readonly startNs: bigint;
  /** Whether the span has a timestamp that is none. */
  readonly hasBadStart: boolean;
  readonly durationNs: bigint;
  readonly annotations: readonly ZipkinV1Annotation[];
  readonly binaryAnnotations: readonly ZipkinV1BinaryAnnotation[];
}

/** An annotation and the endpoint that recorded it. */
interface ZipkinV1Annotation extends ZipkinAnnotation {
  readonly endpoint: ZipkinEndpoint | null;
}

/** A tag, or under the keys `sa`, `ca` and `ma` the address of a peer. */
export interface ZipkinV1BinaryAnnotation {
  readonly key: string;
  readonly value: AttributeValue;
  readonly endpoint: ZipkinEndpoint | null;
}

/** The annotations that v1 uses for what v2 calls kind, timestamp and duration. */
const CORE_KINDS = {
  cs: 'client',
  cr: 'client',
  sr: 'server',
  ss: 'server',
  ms: 'producer',
  mr: 'consumer',
  ws: null,
  wr: null,
} as const satisfies Record<string, SpanKind | null>;

type CoreValue = keyof typeof CORE_KINDS;

/** A core annotation counts only with an endpoint. */
export interface CoreAnnotation extends ZipkinV1Annotation {
  readonly endpoint: ZipkinEndpoint;
}

/** The core annotations of a span; of one that occurs twice the last. */
export type CoreAnnotations = Partial<Record<CoreValue, CoreAnnotation>>;

/** Gives every annotation to its half, except the core ones, which are returned; they set the half's kind. */
export function sortAnnotations(halves: Halves, source: ZipkinV1Span): CoreAnnotations {
  const core: CoreAnnotations = {};
  for (const { timeNs, value, endpoint } of source.annotations) {
    const half = halves.of(endpoint);
    if (endpoint === null || !isCoreValue(value)) {
      half.annotations.push({ timeNs, value });
      continue;
    }
    half.kind = CORE_KINDS[value] ?? half.kind;
    core[value] = { timeNs, value, endpoint };
  }
  return core;
}

function isCoreValue(value: string): value is CoreValue {
  return Object.hasOwn(CORE_KINDS, value);
}

/** An end annotation at timestamp + duration means that the begin annotation was at the timestamp. */
export function implyStart(
  core: CoreAnnotations,
  { startNs, durationNs }: ZipkinV1Span,
  begin: 'cs' | 'sr',
  end: 'cr' | 'ss',
): void {
  const last = core[end];
  if (core[begin] !== undefined || last === undefined || startNs === 0n || durationNs === 0n)
    return;
  if (startNs + durationNs !== last.timeNs) return;
  core[begin] = { timeNs: startNs, value: begin, endpoint: last.endpoint };
}

/** The time between two annotations in nanoseconds, negative when they are reversed; 0n when either annotation has no time. */
export function elapsed(begin: CoreAnnotation, end: CoreAnnotation): bigint {
  return begin.timeNs === 0n || end.timeNs === 0n ? 0n : end.timeNs - begin.timeNs;
}
