import type { SpanKind } from '../model/span.ts';
import type { SpanEvidence } from './evidence.ts';
import type { OperationName } from './run-profile.ts';

/** What became of a figure. `insufficient-data`: no result could have been significant. */
export const STATUSES = ['regressed', 'improved', 'unchanged', 'insufficient-data'] as const;
export type Status = (typeof STATUSES)[number];

/**
 * `typical`: how long a trace's calls usually take; rank test, with the median as figure. `p95`: the slow ones; quantile test.
 * `errors`: the share of traces in which it fails; Fisher's exact test.
 */
export type Metric = 'typical' | 'p95' | 'errors';

/** One figure in both runs. Durations in nanoseconds, shares from 0 to 1. */
export interface Change {
  readonly metric: Metric;
  readonly base: number | null;
  readonly current: number | null;
  /** Relative for durations (0.1 is 10 % more), a difference of shares for errors. Null without data. */
  readonly effect: number | null;
  /** The true effect lies between these in 95 of 100 comparisons; null where it is not bounded. */
  readonly low: number | null;
  readonly high: number | null;
  /** How likely such a difference is by chance. */
  readonly p: number;
  /** The same, corrected for the number of tests; null where the test could not have become significant. */
  readonly adjustedP: number | null;
  readonly status: Status;
}

/** A request (the operation of traces' roots) or any operation in both runs. */
export interface OperationChange extends OperationName {
  /** Null for a request. */
  readonly kind: SpanKind | null;
  readonly isRequest: boolean;
  /** Traces with a measured duration. */
  readonly baseTraces: number;
  readonly currentTraces: number;
  readonly changes: readonly Change[];
  readonly status: Status;
  /** The smallest relative change of `typical` that these amounts of data show in 4 of 5 comparisons; null when none. */
  readonly detectableEffect: number | null;
  /** Traces a side from which on any change could be significant; null where there are enough. */
  readonly needsTraces: number | null;
  /** For one that became slower: whether its own time did, or only that of what it calls. Null for others. */
  readonly isCause: boolean | null;
  /** The slowest of the current run. */
  readonly exemplar: SpanEvidence | null;
}

/** How the structure of a request's traces changed. */
export type StructureKind =
  | 'new-edge'
  | 'vanished-edge'
  | 'more-calls'
  | 'fewer-calls'
  | 'now-serial'
  | 'new-error'
  | 'new-retry'
  | 'lost-spans';

export interface StructureChange {
  /** Equal for equal changes of other comparisons: 32 hex digits. */
  readonly fingerprint: string;
  readonly kind: StructureKind;
  readonly request: OperationName;
  /** As in `Feature`; of calls the operation that is called. */
  readonly operations: readonly OperationName[];
  readonly detail: string;
  /** Share of the request's traces that have it; of calls their mean number. */
  readonly base: number;
  readonly current: number;
  readonly p: number;
  readonly adjustedP: number;
  readonly status: 'regressed' | 'improved';
}

/** Where a request's change comes from: the change of each operation's time on the critical path; they add up to that of the mean. */
export interface Explanation {
  readonly request: OperationName;
  /** Of ordinary traces (up to the 95th percentile), or of slow ones (above the 90th). */
  readonly traces: 'typical' | 'tail';
  readonly baseMeanNs: number;
  readonly currentMeanNs: number;
  readonly changeNs: number;
  /** Those that surely changed in the direction of the whole first, then by their change in it. */
  readonly parts: readonly PartChange[];
}

export interface PartChange extends OperationName {
  readonly baseNs: number;
  readonly currentNs: number;
  readonly changeNs: number;
  /** 95 % interval of the change. */
  readonly lowNs: number;
  readonly highNs: number;
}

export interface Comparison {
  readonly base: RunFacts;
  readonly current: RunFacts;
  readonly options: CompareOptions;
  /** How many tests could have become significant. */
  readonly tests: number;
  readonly status: Status;
  /** Requests first, then operations; each by status, largest effect first, then by name. */
  readonly operations: readonly OperationChange[];
  readonly structure: readonly StructureChange[];
  readonly explanations: readonly Explanation[];
  /** Requests that only one run has: another workload, no regression. */
  readonly newRequests: readonly OperationName[];
  readonly goneRequests: readonly OperationName[];
}

export interface RunFacts {
  readonly runs: number;
  readonly traces: number;
  readonly spans: number;
}

export interface CompareOptions {
  /** The chance of any false alarm that is accepted. */
  readonly alpha: number;
  /** Relative changes of durations that are surely smaller do not count. */
  readonly minEffect: number;
  /** The same in nanoseconds; null: 1 ms for requests, less for operations that are short themselves. */
  readonly minAbsNs: number | null;
}
