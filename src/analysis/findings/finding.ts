import type { SpanId, TraceId } from '../../model/ids.ts';
import type { Nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';

/** How much a finding matters, from least to most. */
export const SEVERITIES = ['info', 'low', 'medium', 'high'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What supports a finding, as plain data: durations in nanoseconds (`…Ns`), shares from 0 to 1. Never a secret of the dump. */
export type EvidenceValue =
  | string
  | number
  | boolean
  | null
  | readonly EvidenceValue[]
  | { readonly [name: string]: EvidenceValue };
export type Evidence = Readonly<Record<string, EvidenceValue>>;

/** A severity of its own, or the one that follows from the finding's impact (`severityOfShare`), moved by one step. */
export type SeverityRule = Severity | 'by-impact' | 'one-above-impact' | 'one-below-impact';

/** What a rule saw in one trace. */
export interface TraceFinding {
  /** The finding's name, one of the rule's `advice`, e.g. `n-plus-one`. */
  readonly rule: string;
  readonly severity: SeverityRule;
  /** How sure the rule is that it is what its name says, 0–1. */
  readonly confidence: number;
  /** What was seen, in a few words with its numbers, e.g. `13 × GetDriver, one after the other`. Untrusted text. */
  readonly title: string;
  /** The span that the finding is about: its service and operation tell where to look. */
  readonly node: TraceNode;
  /** The spans that show it, in the order to read them; the first `MAX_SPANS` are kept. */
  readonly spans: readonly TraceNode[];
  /** How many there are of what the rule counts: calls, attempts. */
  readonly count: number;
  /** Upper bound of the time that would be saved; 0 for what costs no time. */
  readonly impactNs: Nanos;
  readonly evidence: Evidence;
  /**
   * What is wrong without ids, times and counts: with rule, service and operation it makes the fingerprint. Signatures of the
   * calls, for example; order and repetition do not matter.
   */
  readonly signatures: readonly string[];
}

/** Where to see a finding. */
export interface FindingExemplar {
  readonly traceId: TraceId;
  /** At most `MAX_SPANS`. */
  readonly spanIds: readonly SpanId[];
}

/** One problem, over all traces that have it. */
export interface Finding {
  /** Equal for equal problems in other data: 32 hex digits, from rule, service, operation and signatures alone. */
  readonly fingerprint: string;
  readonly rule: string;
  readonly severity: Severity;
  /** 0–1; the highest of its occurrences. */
  readonly confidence: number;
  /** Of the exemplar with the largest impact, as are `count` and `evidence`. */
  readonly title: string;
  readonly service: string;
  /** The name of the span that it is about; "" where it is about a service or all data. */
  readonly operation: string;
  readonly count: number;
  readonly evidence: Evidence;
  /** What to do about it, one sentence. */
  readonly advice: string;
  /** How often it occurs: a trace may have it several times. */
  readonly occurrences: number;
  /** Traces that have it. */
  readonly traces: number;
  /** traces / all analysed traces. */
  readonly tracesShare: number;
  /** Upper bound of the time that would be saved, per trace that has it: all its occurrences, at most the trace's duration. */
  readonly impactNs: { readonly median: Nanos; readonly max: Nanos; readonly total: Nanos };
  /** Up to `MAX_EXEMPLARS` traces, largest impact first, then by trace id. */
  readonly exemplars: readonly FindingExemplar[];
}

/** What a rule that looks at all traces together found; it has no share of one trace, so that it states its severity. */
export interface DataFinding
  extends Omit<
    Finding,
    'fingerprint' | 'advice' | 'operation' | 'tracesShare' | 'impactNs' | 'occurrences'
  > {
  /** "" where it is about a service or all data. */
  readonly operation: string;
  readonly impactNs: Nanos;
  /** As in `TraceFinding`. */
  readonly signatures: readonly string[];
}

export const MAX_SPANS = 20;
export const MAX_EXEMPLARS = 3;
