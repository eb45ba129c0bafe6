import type { Dataset } from '../analysis/dataset.ts';
import type { UnsuppressedFindings } from '../analysis/findings/suppressed-findings.ts';
import type { LatencyPercentiles } from '../analysis/latency-percentiles.ts';
import type { RedOverTime } from '../analysis/red-over-time.ts';
import type { SeparatingAttributes } from '../analysis/separating-attributes.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import type { GroupKey } from '../analysis/span-grouping.ts';
import {
  type AggregatedPathFacts,
  aggregatedPathDocument,
  criticalPathSection,
  slowTailSection,
} from './critical-path-report.ts';
import {
  dependenciesDocument,
  dependenciesSection,
  dependencyTreeSection,
} from './dependencies-report.ts';
import {
  absorptionSection,
  type ErrorFacts,
  errorsDocument,
  errorsSection,
} from './errors-report.ts';
import { findingsDocument, findingsSection, findingTotalsDocument } from './findings-report.ts';
import { formatCount } from './format-count.ts';
import { DOUBTFUL_TIME, formatTime, isDoubtfulTime, type TimeZone } from './format-time.ts';
import { latencyDocument, latencySection } from './latency-report.ts';
import { type LeftOut, leftOutText } from './left-out.ts';
import { overviewSection } from './overview-section.ts';
import { redDocument, redSection } from './red-report.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { cell, type Report, type Section } from './report.ts';
import { separatesDocument, separatesSection } from './separates-report.ts';

/** All results; a section that was not asked for is null. */
export interface AnalysisFacts {
  /** The dumps that were analysed; empty when it was a store. */
  readonly inputs: readonly { readonly name: string; readonly format: string | null }[];
  readonly dataset: Dataset;
  /** Null when every trace was looked at. */
  readonly leftOut: LeftOut | null;
  readonly criticalPath: AggregatedPathFacts | null;
  readonly errors: ErrorFacts | null;
  readonly findings: UnsuppressedFindings | null;
  readonly separates: readonly SeparatingAttributes[] | null;
  readonly latency: LatencyPercentiles<GroupKey> | null;
  readonly red: RedOverTime | null;
  readonly dependencies: ServiceDependencies | null;
}

/** `tracecli analyze --json`. Sections that were not asked for are null; `more` are the fields of a verdict. */
export function analysisDocument(
  facts: AnalysisFacts,
  version: string,
  more: Readonly<Record<string, JsonDocument>> = {},
): JsonDocument {
  const {
    inputs,
    dataset,
    leftOut,
    criticalPath,
    errors,
    findings,
    separates,
    latency,
    red,
    dependencies,
  } = facts;
  return {
    ...documentHead('analyze', version),
    inputs: inputs.map(({ name, format }) => ({ name, format })),
    dataset: { ...dataset, ...(leftOut && { notAnalysed: { ...leftOut } }) },
    criticalPath: criticalPath && aggregatedPathDocument(criticalPath),
    errors: errors && errorsDocument(errors),
    findings: findings && findingsDocument(findings),
    findingTotals: findings && findingTotalsDocument(findings),
    separates: separates && separatesDocument(separates),
    operations: latency && latencyDocument(latency),
    red: red && redDocument(red),
    dependencies: dependencies && dependenciesDocument(dependencies),
    ...more,
  };
}

interface ReportOptions {
  readonly zone: TimeZone;
  /** Rows per table. */
  readonly top: number;
  /** Also the tables that only matter to somebody who asked for their section. */
  readonly isDetailed: boolean;
}

/** The results for reading: what is slow, what is broken, what to look at, then everything else. */
export function analysisReport(
  facts: AnalysisFacts,
  { zone, top, isDetailed }: ReportOptions,
): Report {
  const { criticalPath, errors, findings, separates, latency, red, dependencies } = facts;
  const sections = [
    datasetSection(facts, zone),
    isDetailed ? null : overviewSection(facts),
    criticalPath && criticalPathSection(criticalPath, top),
    criticalPath && isDetailed ? slowTailSection(criticalPath, top) : null,
    errors && errorsSection(errors, top, isDetailed),
    errors && isDetailed ? absorptionSection(errors, top) : null,
    findings && findingsSection(findings, top, isDetailed),
    separates && separatesSection(separates, top),
    latency && latencySection(latency, top),
    red && redSection(red, isDetailed ? top : 0, zone),
    dependencies && dependenciesSection(dependencies, top),
    dependencies && isDetailed ? dependencyTreeSection(dependencies) : null,
  ];
  return { sections: sections.filter((section) => section !== null) };
}

function datasetSection({ dataset, leftOut }: AnalysisFacts, zone: TimeZone): Section {
  const { traces, spans, services, start, end, errors, orphans, sharedIds } = dataset;
  const counts = [
    formatCount(traces, 'trace'),
    formatCount(spans, 'span'),
    formatCount(services.length, 'service'),
    formatCount(errors, 'failed span'),
  ].join(', ');
  const lines = [cell(counts, 'strong')];
  if (start !== null && end !== null) {
    lines.push(cell(`from ${formatTime(start, zone)} to ${formatTime(end, zone)}`));
  }
  if (leftOut) lines.push(cell(leftOutText(leftOut), 'warning'));
  if (traces === 0) lines.push(cell('no trace matches'));
  if (start !== null && isDoubtfulTime(start)) lines.push(cell(DOUBTFUL_TIME, 'warning'));
  if (orphans > 0) {
    lines.push(cell(`${formatCount(orphans, 'span')} without their parent in the data`, 'warning'));
  }
  if (sharedIds > 0) {
    const doubled = `${formatCount(sharedIds, 'span')} with the id of another: a trace imported from two formats is there twice`;
    lines.push(cell(doubled, 'warning'));
  }
  return { title: '', lines, tables: [] };
}
