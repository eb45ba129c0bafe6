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

/** A number that spans carry, as TraceQL names it: `.http.response.body.size`, `span.…`, `resource.…`. */
export interface NumberAttribute {
  readonly of: 'any' | 'span' | 'resource';
  readonly key: string;
}

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
  | {
      readonly kind: 'statistic';
      readonly statistic: Statistic;
      readonly field: Field | NumberAttribute;
    }
  | { readonly kind: 'count'; readonly count: Count }
  | { readonly kind: 'apdex'; readonly targetNs: Nanos }
  | {
      readonly kind: 'findings';
      readonly rule: string;
      readonly atLeast: Severity;
      readonly isNew: boolean;
    }
  | { readonly kind: 'quality'; readonly quality: Quality }
  /** How many spans, calls or traces of the scope fit the condition; the limit says how many may. All fit null. */
  | { readonly kind: 'matches'; readonly condition: Condition | null };

/** What a span, a call or a trace is asked. */
export interface Condition {
  /** All have to hold. */
  readonly terms: readonly Term[];
  /**
   * Which are counted: those that satisfy it surely (`some`), those that do not surely fail it (`none`, `at most`), or those
   * that do not surely satisfy it (`every`). What has no start or end is sure of nothing.
   */
  readonly counts: 'satisfied' | 'perhaps' | 'unsatisfied';
}

export type Term =
  | {
      readonly kind: 'amount';
      readonly field: 'duration' | 'self' | 'traceDuration' | 'children';
      readonly comparator: Comparator;
      readonly value: number;
    }
  /** A TraceQL selection, `{ … }`, that a span has to be in. */
  | { readonly kind: 'query'; readonly text: string }
  /** A TraceQL pipeline that has to let a trace through. */
  | { readonly kind: 'pipeline'; readonly text: string };

/** Which spans or calls are measured. */
export type Scope =
  /** Primary roots: whole requests. */
  | { readonly kind: 'requests' }
  /** `[cart]`: spans by which work enters the service. `[cart/GET *]`: its spans of that name. */
  | { readonly kind: 'service'; readonly service: string; readonly name: string | null }
  /** `[web -> cart]`: calls between two nodes of the dependency graph. */
  | { readonly kind: 'edge'; readonly source: string; readonly target: string }
  /** A TraceQL selection. */
  | { readonly kind: 'query'; readonly text: string }
  /** Whole traces, each once. */
  | { readonly kind: 'traces' };

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
  /** It refers to the baseline, and is skipped where there is none. */
  readonly isOptional: boolean;
  /** The line of the configuration file where it stands; null for one of the command line or of a preset. */
  readonly line: number | null;
  readonly measure: Measure;
  readonly scope: Scope;
  readonly comparator: Comparator;
  readonly limit: Limit;
}

/** What the numbers of a measure are of. */
export function unitOf(measure: Measure): Unit {
  switch (measure.kind) {
    case 'statistic':
      return measure.field === 'calls' || typeof measure.field === 'object' ? 'count' : 'ns';
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

/** Whether a check cannot be decided without a baseline. */
export function refersToBaseline({ measure, limit }: Pick<Check, 'measure' | 'limit'>): boolean {
  return limit.kind === 'baseline' || (measure.kind === 'findings' && measure.isNew);
}

/** The queries of a check that select spans, and those that judge traces. */
export function queriesOf({ scope, measure }: Pick<Check, 'scope' | 'measure'>): {
  readonly spans: readonly string[];
  readonly pipelines: readonly string[];
} {
  const terms = measure.kind === 'matches' ? (measure.condition?.terms ?? []) : [];
  const textsOf = (kind: 'query' | 'pipeline') =>
    terms.flatMap((term) => (term.kind === kind ? [term.text] : []));
  return {
    spans: [...(scope.kind === 'query' ? [scope.text] : []), ...textsOf('query')],
    pipelines: textsOf('pipeline'),
  };
}
