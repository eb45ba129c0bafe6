import type { SpanKind } from '../model/span.ts';
import type { SpanEvidence } from './evidence.ts';
import type { KeptMeasure } from './measure-sample.ts';

/** What a service does under one name pattern. */
export interface OperationName {
  readonly service: string;
  /** `operationPattern` of the span's name. */
  readonly name: string;
}

/**
 * What a comparison needs to know of a run. Traces are the units: spans of one trace depend on each other, so that of an operation that
 * occurs several times in a trace the trace's mean, and its slowest call, is one value.
 */
export interface RunProfile {
  readonly traces: number;
  readonly spans: number;
  /** By service, name and kind. */
  readonly operations: readonly OperationProfile[];
  /** By the operation of the trace's root. */
  readonly requests: readonly RequestProfile[];
  /** Fingerprints of what was found, sorted; null when nobody looked. */
  readonly findings: readonly string[] | null;
  /** What checks measured that refer to a baseline, by text. */
  readonly measures: readonly KeptMeasure[];
}

export interface OperationProfile extends OperationName {
  readonly kind: SpanKind;
  readonly spans: number;
  /** Traces in which it occurs, and those in which it failed. */
  readonly traces: number;
  readonly failedTraces: number;
  /** Traces of which it is the root. */
  readonly asRequest: number;
  /** A trace's mean duration of its calls, ascending. Nanoseconds. */
  readonly durations: Float64Array;
  /** A trace's slowest call, ascending; the same object as `durations` where no trace has several. */
  readonly slowest: Float64Array;
  /** A trace's mean self time of its calls, ascending. */
  readonly selfs: Float64Array;
  /** The slowest call of all. */
  readonly exemplar: SpanEvidence | null;
}

export interface RequestProfile extends OperationName {
  readonly traces: number;
  readonly failedTraces: number;
  /** Durations of the roots, ascending. */
  readonly durations: Float64Array;
  /** The slowest trace. */
  readonly exemplar: SpanEvidence | null;
  /** Where the time of ordinary traces goes: those up to the 95th percentile. */
  readonly typical: PathMeans;
  /** Where that of slow ones goes: those above the 90th. */
  readonly tail: PathMeans;
  /** Calls per trace. By service, name and kind. */
  readonly calls: readonly CallCounts[];
  /** By kind, then by what they are about. */
  readonly features: readonly Feature[];
}

/** The critical paths of some traces, by operation. The operations' totals add up to `totalNs`. */
export interface PathMeans {
  readonly traces: number;
  readonly totalNs: number;
  /** Most time first. */
  readonly parts: readonly PathPart[];
}

export interface PathPart extends OperationName {
  readonly totalNs: number;
  /** Sum of the squares of each trace's part, for the uncertainty of the mean. */
  readonly squares: number;
}

export interface CallCounts extends OperationName {
  readonly kind: SpanKind;
  /** Pairs of a number of calls from 1 and how many traces have just as many, ascending. */
  readonly counts: readonly (readonly [calls: number, traces: number])[];
}

/**
 * Something that a trace has or has not.
 * `edge`: `name` calls `other`. `overlap` and `serial`: below `name` the neighbours `other` and `third` run at once, or one after the other.
 * `error`: `name` fails first, with the signature `detail`. `retry`: `other` is called again below `name` after it failed. `lost`: spans are missing.
 */
export interface Feature {
  readonly kind: FeatureKind;
  readonly operations: readonly OperationName[];
  readonly detail: string;
  readonly traces: number;
}

export const FEATURE_KINDS = ['edge', 'overlap', 'serial', 'error', 'retry', 'lost'] as const;
export type FeatureKind = (typeof FEATURE_KINDS)[number];
