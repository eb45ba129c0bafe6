import type { CheckResult } from '../verdict/run-checks.ts';
import { cleanText } from './clean-text.ts';
import type { VerdictFacts } from './verdict-facts.ts';

/** What is told of an operation. */
export interface OperationFigures {
  readonly service: string;
  readonly operation: string;
  readonly kind: string;
  readonly count: number;
  readonly errors: number;
  /** Pairs of a quantile from 0 to 1 and nanoseconds. */
  readonly quantilesNs: readonly (readonly [quantile: number, ns: number])[];
}

interface Family {
  readonly name: string;
  readonly type: 'summary' | 'gauge';
  readonly unit?: string;
  readonly help: string;
  readonly samples: readonly string[];
}

/**
 * A verdict and the figures of operations as OpenMetrics text (https://prometheus.io/docs/specs/om/open_metrics_spec/), which GitLab shows as metrics of a
 * merge request. Times are in seconds; no timestamps.
 */
export function openMetrics(
  { checks, comparison, verdict }: VerdictFacts,
  operations: readonly OperationFigures[],
): string {
  const regressed = [...(comparison?.operations ?? []), ...(comparison?.structure ?? [])].filter(
    ({ status }) => status === 'regressed',
  );
  const families: Family[] = [
    {
      name: 'tracecli_duration_seconds',
      type: 'summary',
      unit: 'seconds',
      help: 'How long spans of an operation took.',
      samples: operations.flatMap(durationSamples),
    },
    {
      name: 'tracecli_error_ratio',
      type: 'gauge',
      unit: 'ratio',
      help: 'The share of them that failed.',
      samples: operations
        .filter(({ count }) => count > 0)
        .map((figures) =>
          sample('tracecli_error_ratio', labelsOf(figures), figures.errors / figures.count),
        ),
    },
    {
      name: 'tracecli_check_kept',
      type: 'gauge',
      help: 'Whether a check is kept.',
      samples: distinct(checks).map(({ id, status }) =>
        sample('tracecli_check_kept', { check: id }, Number(status === 'pass')),
      ),
    },
    {
      name: 'tracecli_regressions',
      type: 'gauge',
      help: 'How many operations and structures are worse than in the baseline.',
      samples: comparison === null ? [] : [sample('tracecli_regressions', {}, regressed.length)],
    },
    {
      name: 'tracecli_verdict_failed',
      type: 'gauge',
      help: 'Whether the verdict is that the pipeline fails.',
      samples: [sample('tracecli_verdict_failed', {}, Number(verdict.status === 'fail'))],
    },
  ];
  const told = families.filter(({ samples }) => samples.length > 0).map(familyText);
  return `${told.join('')}# EOF\n`;
}

/** A metric has one sample for each set of labels. */
function distinct(checks: readonly CheckResult[]): readonly CheckResult[] {
  return [...new Map(checks.map((check) => [check.id, check])).values()];
}

function durationSamples(figures: OperationFigures): string[] {
  const labels = labelsOf(figures);
  const name = 'tracecli_duration_seconds';
  return [
    ...figures.quantilesNs.map(([quantile, ns]) =>
      sample(name, { ...labels, quantile: numberText(quantile) }, ns / 1e9),
    ),
    sample(`${name}_count`, labels, figures.count),
  ];
}

function labelsOf({ service, operation, kind }: OperationFigures) {
  return { service, operation, kind };
}

function familyText({ name, type, unit, help, samples }: Family): string {
  const unitLine = unit === undefined ? '' : `# UNIT ${name} ${unit}\n`;
  return `# TYPE ${name} ${type}\n${unitLine}# HELP ${name} ${help}\n${samples.join('')}`;
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${numberText(value)}\n`;
}

/** What would end a label or its line is escaped. */
function escaped(text: string): string {
  return cleanText(text).replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function numberText(value: number): string {
  return String(Number(value.toPrecision(12)));
}
