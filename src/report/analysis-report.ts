import type { Dataset } from '../analysis/dataset.ts';
import type { ErrorHotspots } from '../analysis/error-hotspots.ts';
import type { LatencyPercentiles } from '../analysis/latency-percentiles.ts';
import type { ServiceDependencies } from '../analysis/service-dependencies.ts';
import {
  type AggregatedPathFacts,
  aggregatedPathDocument,
  criticalPathSection,
} from './critical-path-report.ts';
import { dependenciesDocument, dependenciesSection } from './dependencies-report.ts';
import { errorsDocument, errorsSection } from './errors-report.ts';
import { formatCount } from './format-count.ts';
import { formatTime, type TimeZone } from './format-time.ts';
import { latencyDocument, latencySection } from './latency-report.ts';
import { documentHead, type JsonDocument } from './render-json.ts';
import { cell, type Report, type Section } from './report.ts';

/** All results; a section that was not asked for is null. */
export interface AnalysisFacts {
  /** The dumps that were analysed; empty when it was a store. */
  readonly inputs: readonly { readonly name: string; readonly format: string | null }[];
  readonly dataset: Dataset;
  readonly criticalPath: AggregatedPathFacts | null;
  readonly errors: ErrorHotspots | null;
  readonly latency: LatencyPercentiles | null;
  readonly dependencies: ServiceDependencies | null;
}

/** `tracecli analyze --json`. Sections that were not asked for are null. */
export function analysisDocument(facts: AnalysisFacts, version: string): JsonDocument {
  const { inputs, dataset, criticalPath, errors, latency, dependencies } = facts;
  return {
    ...documentHead('analyze', version),
    inputs: inputs.map(({ name, format }) => ({ name, format })),
    dataset: { ...dataset },
    criticalPath: criticalPath && aggregatedPathDocument(criticalPath),
    errors: errors && errorsDocument(errors),
    operations: latency && latencyDocument(latency),
    dependencies: dependencies && dependenciesDocument(dependencies),
  };
}

/** The results for reading: `top` rows per table. */
export function analysisReport(
  facts: AnalysisFacts,
  { zone, top }: { zone: TimeZone; top: number },
): Report {
  const { criticalPath, errors, latency, dependencies } = facts;
  const sections: Section[] = [datasetSection(facts.dataset, zone)];
  if (criticalPath) sections.push(criticalPathSection(criticalPath, top));
  if (errors) sections.push(errorsSection(errors, top));
  if (latency) sections.push(latencySection(latency, top));
  if (dependencies) sections.push(dependenciesSection(dependencies, top));
  return { sections };
}

function datasetSection(dataset: Dataset, zone: TimeZone): Section {
  const { traces, spans, services, start, end, errors, orphans } = dataset;
  const counts = [
    formatCount(traces, 'trace'),
    formatCount(spans, 'span'),
    formatCount(services.length, 'service'),
    formatCount(errors, 'error'),
  ].join(', ');
  const lines = [cell(counts, 'strong')];
  if (start !== null && end !== null) {
    lines.push(cell(`from ${formatTime(start, zone)} to ${formatTime(end, zone)}`));
  }
  if (orphans > 0) {
    lines.push(cell(`${formatCount(orphans, 'span')} without their parent in the data`, 'warning'));
  }
  return { title: '', lines, tables: [] };
}
