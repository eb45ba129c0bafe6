import type { Findings } from '../analysis/findings/detect.ts';
import { type Finding, SEVERITIES, type Severity } from '../analysis/findings/finding.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, type Column, cell, type Section, type Tone } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** `findings` of the analysis document, most severe first. */
export function findingsDocument({ findings }: Findings): JsonDocument[] {
  return findings.map(({ exemplars, evidence, impactNs, ...finding }) => ({
    ...finding,
    impactNs: { ...impactNs },
    evidence: { ...evidence },
    exemplars: exemplars.map(({ traceId, spanIds }) => ({ traceId, spanIds: [...spanIds] })),
  }));
}

const COLUMNS: readonly Column[] = [
  { header: 'SEVERITY', align: 'left' },
  { header: 'RULE', align: 'left' },
  { header: 'WHERE', align: 'left', shrinks: true },
  { header: 'WHAT', align: 'left', shrinks: true },
  { header: 'TRACES', align: 'right' },
  { header: 'UP TO', align: 'right' },
  { header: 'EXAMPLE', align: 'left' },
];

const NOTE = 'UP TO: what the trace that has most of it would save at the very most.';

/** What looks wrong, most severe first, and what to do about it. */
export function findingsSection({ findings }: Findings, top: number): Section {
  if (findings.length === 0) {
    return { title: 'Findings', lines: [cell('no rule found anything')], tables: [] };
  }
  const shown = findings.slice(0, top);
  return {
    title: 'Findings, most severe first',
    lines: [cell(countsBySeverity(findings)), ...adviceLines(shown)],
    tables: [
      { columns: COLUMNS, rows: shown.map(findingRow), omitted: findings.length - shown.length },
    ],
    note: NOTE,
  };
}

function countsBySeverity(findings: readonly Finding[]): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${severity}`];
  });
  return `${formatCount(findings.length, 'finding')}: ${counts.join(', ')}`;
}

/** What to do, once for each rule in the order of its first finding. */
function adviceLines(findings: readonly Finding[]): Cell[] {
  const advice = new Map(findings.map((finding) => [finding.rule, finding.advice]));
  return Array.from(advice, ([rule, text]) => cell(`  ${rule}: ${text}`, 'dim'));
}

const TONES: Readonly<Record<Severity, Tone>> = {
  high: 'error',
  medium: 'warning',
  low: 'plain',
  info: 'dim',
};

function findingRow(finding: Finding): Cell[] {
  const { severity, rule, service, operation, title, traces, impactNs, exemplars } = finding;
  const [exemplar] = exemplars;
  return [
    cell(severity, TONES[severity]),
    cell(rule, 'strong'),
    cell(operation === '' ? service : `${service}: ${operation}`),
    cell(title),
    cell(traces.toLocaleString('en')),
    cell(impactNs.max > 0 ? formatDuration(impactNs.max) : ''),
    cell(exemplar ? shortTraceId(exemplar.traceId) : '', 'accent'),
  ];
}
