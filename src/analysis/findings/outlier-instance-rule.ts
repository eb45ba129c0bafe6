import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { PERCENTILES } from '../duration-statistics.ts';
import { nearestRank } from '../nearest-rank.ts';
import { OperationMap } from '../operation-map.ts';
import { BestExemplars } from './best-exemplars.ts';
import { BoundedDurations } from './bounded-durations.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { isTimed } from './server-pair.ts';
import { serviceInstance } from './service-instance.ts';
import type { TraceContext } from './trace-context.ts';

/** Instances of operations that are kept, at most: 9 kB each, 18 MB together. Further ones are not looked at. */
const MAX_INSTANCES = 2_000;
/** Slow instances that are named of an operation. */
const MAX_SHOWN = 5;

interface InstanceCalls {
  readonly durations: BoundedDurations;
  readonly slowest: BestExemplars;
}

interface OperationInstances {
  readonly service: string;
  readonly operation: string;
  readonly instances: Map<string, InstanceCalls>;
}

/** One of several equal processes is slow: its p90 is far above the one of the median process for the same operation. */
export const outlierInstanceRule = dataRule({
  name: 'outlier-instance',
  advice: {
    'outlier-instance':
      'Compare this instance with its siblings: host, version, load, neighbours, garbage collection. Restart or replace it.',
  },
  params: { minCalls: 20, minRatio: 3, minInstances: 2 },
  accumulate: (params) => new Instances(params),
});

interface InstanceParams {
  readonly minCalls: number;
  readonly minRatio: number;
  readonly minInstances: number;
}

class Instances implements DataRuleAccumulator {
  readonly #operations = new OperationMap<OperationInstances>();
  readonly #params: InstanceParams;
  #kept = 0;

  constructor(params: InstanceParams) {
    this.#params = params;
  }

  add({ trace }: TraceContext): void {
    for (const node of trace.nodes) {
      const { kind } = node.span;
      if ((kind === 'server' || kind === 'consumer') && isTimed(node)) this.#addCall(node);
    }
  }

  #addCall({ service, span }: TraceNode): void {
    const instance = serviceInstance(span.resource);
    if (instance === null) return;
    let operation = this.#operations.get(service, span.name, span.kind);
    if (operation === undefined) {
      if (this.#kept === MAX_INSTANCES) return;
      operation = { service, operation: span.name, instances: new Map() };
      this.#operations.add(service, span.name, span.kind, operation);
    }
    let calls = operation.instances.get(instance);
    if (calls === undefined) {
      if (this.#kept === MAX_INSTANCES) return;
      this.#kept += 1;
      calls = { durations: new BoundedDurations(), slowest: new BestExemplars() };
      operation.instances.set(instance, calls);
    }
    calls.durations.add(span.durationNs);
    if (calls.slowest.isWanted(span.durationNs)) {
      calls.slowest.add(span.durationNs, span.traceId, [span]);
    }
  }

  result(): DataFinding[] {
    return this.#operations.values().flatMap((operation) => outliers(operation, this.#params));
  }
}

function outliers(
  { service, operation, instances }: OperationInstances,
  { minCalls, minRatio, minInstances }: InstanceParams,
): DataFinding[] {
  const rows = Array.from(instances, ([name, calls]) => ({
    name,
    calls,
    p90: calls.durations.percentile(PERCENTILES.p90) ?? 0,
  })).filter(({ calls }) => calls.durations.count >= minCalls);
  if (rows.length < minInstances) return [];
  const sorted = rows.map(({ p90 }) => p90).sort((a, b) => a - b);
  const medianNs = sorted[nearestRank(PERCENTILES.p50, sorted.length) - 1] ?? 0;
  const slow = rows
    .filter(({ p90 }) => medianNs > 0 && p90 >= minRatio * medianNs)
    .sort((a, b) => b.p90 - a.p90 || (a.name < b.name ? -1 : 1));
  const [slowest] = slow;
  if (slowest === undefined) return [];
  const { name, p90, calls } = slowest;
  return [
    {
      rule: 'outlier-instance',
      severity: 'medium',
      confidence: 0.7,
      title: `instance ${name} is ${(p90 / medianNs).toFixed(1)} times as slow as the median instance`,
      service,
      operation,
      count: slow.length,
      evidence: {
        slowInstances: slow.slice(0, MAX_SHOWN).map((row) => ({
          instance: row.name,
          p90Ns: row.p90,
          calls: row.calls.durations.count,
        })),
        medianInstanceP90Ns: medianNs,
        instances: rows.length,
      },
      traces: calls.durations.countFrom(minRatio * medianNs),
      exemplars: calls.slowest.list(),
      impactNs: nanos(p90 - medianNs),
      signatures: [],
    },
  ];
}
