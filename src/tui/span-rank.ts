import type { LatencyPercentiles } from '../analysis/latency-percentiles.ts';
import type { OperationKey } from '../analysis/span-grouping.ts';
import type { TraceNode } from '../model/trace.ts';
import { formatDuration } from '../report/format-duration.ts';

const STEPS = [
  ['p999', '99.9 %'],
  ['p99', '99 %'],
  ['p95', '95 %'],
  ['p90', '90 %'],
  ['p75', '75 %'],
  ['p50', '50 %'],
] as const;

/** Where a span's duration stands among those of its operation, in words; null when the operation is not known. */
export function spanRank(
  node: TraceNode,
  latency: LatencyPercentiles<OperationKey>,
): string | null {
  const { service, span } = node;
  const group = latency.groups.find(
    ({ key }) => key.service === service && key.name === span.name && key.kind === span.kind,
  );
  const statistics = group?.durationNs;
  if (!group || !statistics || group.count < 2) return null;
  const many = `${group.count.toLocaleString('en')} of its kind`;
  const usual = `p50 ${formatDuration(statistics.p50)}, p95 ${formatDuration(statistics.p95)}`;
  if (span.durationNs >= statistics.max) return `the slowest of ${many} (${usual})`;
  const step = STEPS.find(([name]) => span.durationNs > statistics[name]);
  const place = step ? `slower than ${step[1]} of ${many}` : `in the faster half of ${many}`;
  return `${place} (${usual})`;
}
