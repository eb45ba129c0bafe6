import { type Finding, SEVERITIES, type Severity } from '../analysis/findings/finding.ts';
import type { UnsuppressedFindings } from '../analysis/findings/suppressed-findings.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import type { JsonDocument } from './render-json.ts';
import { type Cell, cell, type Section, type Tone } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** `findings` of the analysis document, most severe first. */
export function findingsDocument({
  findings,
}: Pick<UnsuppressedFindings, 'findings'>): JsonDocument[] {
  return findings.map(({ exemplars, evidence, impactNs, ...finding }) => ({
    ...finding,
    impactNs: { ...impactNs },
    evidence: { ...evidence },
    exemplars: exemplars.map(({ traceId, spanIds }) => ({ traceId, spanIds: [...spanIds] })),
  }));
}

/** `findingTotals` of the analysis document. */
export function findingTotalsDocument(found: UnsuppressedFindings): JsonDocument {
  const { traces, tracesWithFindings, findings, suppressed } = found;
  return { traces, tracesWithFindings, findings: findings.length, suppressed };
}

/** What looks wrong, most severe first, and what to do about it. */
export function findingsSection(
  { findings, suppressed }: UnsuppressedFindings,
  top: number,
  isDetailed: boolean,
): Section {
  const left = suppressed > 0 ? `${formatCount(suppressed, 'finding')} suppressed` : '';
  if (findings.length === 0) {
    const nothing = ['no rule found anything', left].filter((part) => part !== '').join('; ');
    return { title: 'Findings', lines: [cell(nothing)], tables: [] };
  }
  const shown = findings.slice(0, top);
  const advised = new Set<string>();
  const lines = shown.flatMap((finding) => {
    const isNew = !advised.has(finding.rule);
    advised.add(finding.rule);
    return findingLines(finding, { withAdvice: isNew, withFingerprint: isDetailed });
  });
  const omitted = findings.length - shown.length;
  if (omitted > 0) lines.push(cell(`… ${omitted.toLocaleString('en')} more`, 'dim'));
  const counts = [countsBySeverity(findings), left].filter((part) => part !== '').join('; ');
  return { title: 'Findings, most severe first', lines: [cell(counts), ...lines], tables: [] };
}

function countsBySeverity(findings: readonly Finding[]): string {
  const counts = SEVERITIES.toReversed().flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count.toLocaleString('en')} ${severity}`];
  });
  return `${formatCount(findings.length, 'finding')}: ${counts.join(', ')}`;
}

const TONES: Readonly<Record<Severity, Tone>> = {
  high: 'error',
  medium: 'warning',
  low: 'plain',
  info: 'dim',
};

const SEVERITY_CELLS = Math.max(...SEVERITIES.map((severity) => severity.length));
const INDENT = ' '.repeat(SEVERITY_CELLS + 2);

interface FindingLineOptions {
  /** Once per rule will do. */
  readonly withAdvice: boolean;
  /** For who wants to suppress it. */
  readonly withFingerprint: boolean;
}

/** Sentences rather than columns: what was found does not fit into a cell. */
function findingLines(finding: Finding, options: FindingLineOptions): Cell[] {
  const { severity, rule, title, advice, fingerprint } = finding;
  const lines = [
    cell(
      `${severity.padEnd(SEVERITY_CELLS)}  ${rule}  ${placeOf(finding)}`.trimEnd(),
      TONES[severity],
    ),
    cell(`${INDENT}${title}`),
    cell(`${INDENT}${extentOf(finding)}`),
  ];
  if (options.withFingerprint) lines.push(cell(`${INDENT}fingerprint ${fingerprint}`, 'dim'));
  if (options.withAdvice) lines.push(cell(`${INDENT}${advice}`, 'dim'));
  return lines;
}

function placeOf({ service, operation }: Finding): string {
  return operation === '' ? service : `${service}: ${operation}`;
}

/** How much there is of it, and where to look. */
function extentOf({ traces, tracesShare, impactNs, exemplars }: Finding): string {
  const [exemplar] = exemplars;
  return [
    `in ${formatCount(traces, 'trace')} (${formatRatio(tracesShare)})`,
    impactNs.max > 0 && `costs a trace up to ${formatDuration(impactNs.max)}`,
    exemplar && `see ${shortTraceId(exemplar.traceId)}`,
  ]
    .filter((part) => part !== undefined && part !== false)
    .join('; ');
}
