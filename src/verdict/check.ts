import type { Severity } from '../analysis/findings/finding.ts';
import type { Nanos } from '../model/time.ts';

/** What a check that is not kept does: fail the pipeline, warn, or be told. */
export const LEVELS = ['error', 'warn', 'info'] as const;
export type Level = (typeof LEVELS)[number];

export const COMPARATORS = ['<=', '>=', '==', '!=', '<', '>'] as const;
export type Comparator = (typeof COMPARATORS)[number];

/** What a number is of; a limit must be of the same. */
export type Unit = 'ns' | 'ratio' | 'count';

/** Statistics of a sample. */
export type Statistic =
  | { readonly kind: 'percentile'; readonly text: string }
  | { readonly kind: 'min' | 'max' | 'avg' | 'sum' | 'stddev' };

/**
 * Of what: a span's duration or self time; per trace the time that the scope owns on the critical path, how often it was called, or how
 * long the trace took.
 */
export const FIELDS = ['duration', 'self', 'critical', 'calls', 'traceDuration'] as const;
export type Field = (typeof FIELDS)[number];

/** Counts and shares that need no field. */
export const COUNTS = {
  count: 'count',
  traces: 'count',
  errors: 'count',
  error_ratio: 'ratio',
  rate: 'count',
  critical_share: 'ratio',
} as const satisfies Record<string, Unit>;
export type Count = keyof typeof COUNTS;

/** How far the data can be trusted: shares of all spans, of the critical path for `lost_share`. */
export const QUALITIES = [
  'orphan_ratio',
  'unfinished_ratio',
  'unnamed_ratio',
  'unknown_service_ratio',
  'clock_skew_ratio',
  'lost_share',
] as const;
export type Quality = (typeof QUALITIES)[number];

export type Measure =
  | { readonly kind: 'statistic'; readonly statistic: Statistic; readonly field: Field }
  | { readonly kind: 'count'; readonly count: Count }
  | { readonly kind: 'apdex'; readonly targetNs: Nanos }
  | {
      readonly kind: 'findings';
      readonly rule: string;
      readonly atLeast: Severity;
      readonly isNew: boolean;
    }
  | { readonly kind: 'quality'; readonly quality: Quality }
  /** How many traces or, with a condition, spans of the scope are wrong; the limit says how many may be. */
  | { readonly kind: 'matches'; readonly condition: Condition | null };

/** What every span of a scope must satisfy. */
export interface Condition {
  readonly field: Exclude<Field, 'calls' | 'critical'> | 'children';
  readonly comparator: Comparator;
  readonly value: number;
}

/** Which spans or calls are measured. */
export type Scope =
  /** Primary roots: whole requests. */
  | { readonly kind: 'requests' }
  /** `[cart]`: spans by which work enters the service. `[cart/GET *]`: its spans of that name. */
  | { readonly kind: 'service'; readonly service: string; readonly name: string | null }
  /** `[web -> cart]`: calls between two nodes of the dependency graph. */
  | { readonly kind: 'edge'; readonly source: string; readonly target: string }
  /** A TraceQL selection. */
  | { readonly kind: 'query'; readonly text: string };

/** What a measure is compared with. */
export type Limit =
  | { readonly kind: 'value'; readonly value: number }
  /** baseline × factor + addend; `isTested`: only a significant difference counts. */
  | {
      readonly kind: 'baseline';
      readonly factor: number;
      readonly addend: number;
      readonly isTested: boolean;
    };

/** One expectation of the data. */
export interface Check {
  readonly id: string;
  /** As written. */
  readonly expr: string;
  readonly level: Level;
  readonly owner: string | null;
  readonly why: string | null;
  readonly measure: Measure;
  readonly scope: Scope;
  readonly comparator: Comparator;
  readonly limit: Limit;
}

/** What the numbers of a measure are of. */
export function unitOf(measure: Measure): Unit {
  switch (measure.kind) {
    case 'statistic':
      return measure.field === 'calls' ? 'count' : 'ns';
    case 'count':
      return COUNTS[measure.count];
    case 'apdex':
    case 'quality':
      return 'ratio';
    case 'findings':
    case 'matches':
      return 'count';
  }
}
