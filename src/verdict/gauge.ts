import { ApdexGauge } from './apdex-gauge.ts';
import type { Check } from './check.ts';
import { CountGauge } from './count-gauge.ts';
import type { SpanEvidence } from './evidence.ts';
import { MatchGauge } from './match-gauge.ts';
import type { MeasureSample } from './measure-sample.ts';
import { QualityGauge } from './quality-gauge.ts';
import { type CompileQueries, scopeReader } from './scoped-items.ts';
import { StatisticGauge } from './statistic-gauge.ts';
import type { TraceView } from './trace-view.ts';

/** What a check measured. */
export interface Measured {
  readonly sample: MeasureSample;
  /** How many spans, calls or traces it was measured of. */
  readonly n: number;
  /** Whether the scope held anything at all. */
  readonly matched: boolean;
  readonly evidence: readonly SpanEvidence[];
}

/** Measures one thing over all traces; each is added once. */
export interface Gauge {
  add(view: TraceView): void;
  result(): Measured;
}

/** The gauge of a check; null for findings, which are found elsewhere. */
export function gaugeOf(
  { measure, scope, comparator }: Check,
  compile: CompileQueries,
): Gauge | null {
  const read = scopeReader(scope, compile);
  switch (measure.kind) {
    case 'statistic':
      return new StatisticGauge(measure, { read, comparator });
    case 'count':
      return new CountGauge(measure.count, read);
    case 'apdex':
      return new ApdexGauge(measure.targetNs, read);
    case 'quality':
      return new QualityGauge(measure.quality);
    case 'matches':
      return new MatchGauge(measure.condition, { read, compile });
    case 'findings':
      return null;
  }
}
