import type { Finding } from '../analysis/findings/finding.ts';
import type { TraceId } from '../model/ids.ts';
import type { AnalysisFacts } from './analysis-report.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';
import { groupText } from './group-text.ts';
import { type Cell, cell, type Section, type Table } from './report.ts';
import { shortTraceId } from './trace-id-text.ts';

/** The answer in a few lines, before the tables that support it: what is slow, what is broken, what to look at first. */
export function overviewSection(facts: AnalysisFacts): Section | null {
  const lines = [slowLine(facts), brokenLine(facts), oddLine(facts)].filter(
    (line) => line !== null,
  );
  if (facts.dataset.traces === 0 || lines.length === 0) return null;
  return { title: 'In short', lines, tables: lookTable(facts) };
}

function slowLine({ criticalPath }: AnalysisFacts): Cell | null {
  const [most] = criticalPath?.groups ?? [];
  if (!most) return null;
  const share = `${formatRatio(most.shareOfTotal)} of the time of traces is ${groupText(most.key)}`;
  const spread = `${formatDuration(most.totalNs)} in ${formatCount(most.traces, 'trace')}`;
  return cell(`  slow    ${share} (${spread})`);
}

function brokenLine({ errors }: AnalysisFacts): Cell | null {
  if (errors === null) return null;
  const { traces, failedTraces, tracesWithErrors } = errors.totals;
  const [worst] = errors.groups;
  if (failedTraces === 0 || !worst) {
    const had = tracesWithErrors > 0 ? `; ${tracesWithErrors.toLocaleString('en')} had errors` : '';
    return cell(`  broken  no trace failed at its root${had}`);
  }
  const of = `${failedTraces.toLocaleString('en')} of ${formatCount(traces, 'trace')} failed at their root (${formatRatio(failedTraces / traces)})`;
  const cause = `${worst.primaryTraces.toLocaleString('en')} by ${worst.signature} in ${placeOf(worst)}`;
  return cell(`  broken  ${of}, ${cause}`, 'error');
}

function oddLine({ findings }: AnalysisFacts): Cell | null {
  if (findings === null || findings.findings.length === 0) return null;
  const [worst] = findings.findings;
  const { severity = 'info' } = worst ?? {};
  const worstOnes = findings.findings.filter((finding) => finding.severity === severity).length;
  const counts = `${formatCount(findings.findings.length, 'finding')} (${worstOnes.toLocaleString('en')} ${severity})`;
  return cell(`  odd     ${counts}${worst ? `; first ${worst.rule} in ${placeOf(worst)}` : ''}`);
}

function placeOf({ service, operation }: { service: string; operation: string }): string {
  return operation === '' ? service || 'the data' : `${service}: ${operation}`;
}

const MAX_LOOKS = 5;

/** Traces that show it, each once, with all that it is good for. */
function lookTable(facts: AnalysisFacts): Table[] {
  const reasons = new Map<TraceId, string[]>();
  const look = (traceId: TraceId | undefined, reason: string) => {
    if (traceId === undefined) return;
    const known = reasons.get(traceId);
    if (known) known.push(reason);
    else if (reasons.size < MAX_LOOKS) reasons.set(traceId, [reason]);
  };
  const [worst] = facts.errors?.groups ?? [];
  if (worst && worst.primaryTraces > 0) {
    look(worst.exemplars[0]?.traceId, `failed by ${worst.signature} in ${placeOf(worst)}`);
  }
  const [most] = facts.criticalPath?.groups ?? [];
  if (most)
    look(most.exemplars.max?.traceId, `${formatDuration(most.maxNs)} of it ${groupText(most.key)}`);
  for (const finding of facts.findings?.findings ?? []) {
    if (isWorthALook(finding))
      look(finding.exemplars[0]?.traceId, `${finding.rule} in ${placeOf(finding)}`);
  }
  if (reasons.size === 0) return [];
  return [
    {
      columns: [
        { header: 'LOOK AT', align: 'left' },
        { header: 'BECAUSE', align: 'left', shrinks: true },
      ],
      rows: Array.from(reasons, ([traceId, because]) => [
        cell(shortTraceId(traceId), 'accent'),
        cell(because.join('; ')),
      ]),
      omitted: 0,
    },
  ];
}

function isWorthALook({ severity }: Finding): boolean {
  return severity === 'high' || severity === 'medium';
}
