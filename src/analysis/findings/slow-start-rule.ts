import type { SpanId, TraceId } from '../../model/ids.ts';
import { type Nanos, nanos, type UnixNano } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { PERCENTILES } from '../duration-statistics.ts';
import { nearestRank } from '../nearest-rank.ts';
import { OperationMap } from '../operation-map.ts';
import { haveAny } from '../shape-facts.ts';
import { groupId } from '../span-grouping.ts';
import { BoundedDurations } from './bounded-durations.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { isTimed } from './server-pair.ts';
import { serviceInstance } from './service-instance.ts';

/** Groups that are kept, at most: 10 kB each, 20 MB together. Further ones are not looked at. */
const MAX_GROUPS = 2_000;
/** How many of the first calls the warm-up is looked for in. */
const FIRST_CALLS = 32;

interface FirstCall {
  readonly start: UnixNano;
  readonly durationNs: Nanos;
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

/** The calls of one operation that one process answered. */
interface OperationCalls {
  readonly service: string;
  readonly operation: string;
  readonly instance: string | null;
  readonly durations: BoundedDurations;
  /** By start, then span id. */
  readonly first: FirstCall[];
  coldStarts: number;
}

/** The first call of an operation at a process takes far longer than the rest: caches, pools and code have to warm up first. */
export const slowStartRule = dataRule({
  name: 'slow-start',
  advice: {
    'slow-start':
      'Warm the process up before it gets traffic (connections, caches, compiled code), or keep one warm.',
  },
  params: { minCalls: 10, minRatio: 5, minExcessMs: 100 },
  accumulate: (params) => new SlowStarts(params),
});

interface SlowStartParams {
  readonly minCalls: number;
  readonly minRatio: number;
  readonly minExcessMs: number;
}

const tellColdStart = haveAny(['faas.coldstart']);

class SlowStarts implements DataRuleAccumulator {
  readonly #groups = new OperationMap<OperationCalls>();
  readonly #params: SlowStartParams;

  constructor(params: SlowStartParams) {
    this.#params = params;
  }

  add({ trace }: { readonly trace: { readonly nodes: readonly TraceNode[] } }): void {
    for (const node of trace.nodes) {
      const { kind } = node.span;
      if ((kind === 'server' || kind === 'consumer') && isTimed(node)) this.#addCall(node);
    }
  }

  #addCall({ service, span }: TraceNode): void {
    const instance = serviceInstance(span.resource);
    let group = this.#groups.get(service, span.name, instance);
    if (group === undefined) {
      if (this.#groups.size === MAX_GROUPS) return;
      const durations = new BoundedDurations();
      group = { service, operation: span.name, instance, durations, first: [], coldStarts: 0 };
      this.#groups.add(service, span.name, instance, group);
    }
    group.durations.add(span.durationNs);
    if (tellColdStart(span.attributes) && span.attributes.get('faas.coldstart') === true) {
      group.coldStarts += 1;
    }
    const last = group.first[FIRST_CALLS - 1];
    if (last !== undefined && span.startUnixNano > last.start) return;
    addFirst(group, {
      start: span.startUnixNano,
      durationNs: span.durationNs,
      traceId: span.traceId,
      spanId: span.spanId,
    });
  }

  result(): DataFinding[] {
    const worst = new Map<string, DataFinding>();
    for (const group of this.#groups.values()) {
      for (const finding of slowStart(group, this.#params)) addInstance(worst, finding);
    }
    return [...worst.values()];
  }
}

/** One finding an operation: that of the instance that lost most time, and how many instances there are. */
function addInstance(worst: Map<string, DataFinding>, finding: DataFinding): void {
  const id = groupId({ service: finding.service, operation: finding.operation });
  const known = worst.get(id);
  const isWorse = known === undefined || finding.impactNs > known.impactNs;
  const count = (known?.count ?? 0) + 1;
  worst.set(id, { ...(isWorse ? finding : known), count, traces: count });
}

function addFirst(group: OperationCalls, call: FirstCall): void {
  const last = group.first[FIRST_CALLS - 1];
  if (last !== undefined && compareCalls(last, call) <= 0) return;
  let at = group.first.length;
  for (let before = group.first[at - 1]; before && compareCalls(call, before) < 0; ) {
    before = group.first[--at - 1];
  }
  group.first.splice(at, 0, call);
  if (group.first.length > FIRST_CALLS) group.first.pop();
}

function compareCalls(a: FirstCall, b: FirstCall): number {
  if (a.start !== b.start) return a.start < b.start ? -1 : 1;
  return a.traceId + a.spanId < b.traceId + b.spanId ? -1 : 1;
}

function slowStart(group: OperationCalls, params: SlowStartParams): DataFinding[] {
  const [first] = group.first;
  const { durations, coldStarts } = group;
  if (first === undefined || durations.count < 2) return [];
  // Of all but the first, which is above the median if it is slow at all: leaving it out moves the rank and nothing else.
  const medianNs = durations.valueAt(nearestRank(PERCENTILES.p50, durations.count - 1)) ?? 0;
  const excessNs = first.durationNs - medianNs;
  const isSlow =
    first.durationNs >= params.minRatio * medianNs && excessNs >= params.minExcessMs * 1e6;
  const isCold = coldStarts > 0;
  if (!isSlow || (durations.count < params.minCalls && !isCold)) return [];
  return [
    {
      rule: 'slow-start',
      severity: excessNs >= 1e9 ? 'medium' : 'low',
      confidence: isCold ? 1 : 0.7,
      title: `the first call took ${Math.round(first.durationNs / 1e6)} ms, half of the others at most ${Math.round(medianNs / 1e6)} ms`,
      service: group.service,
      operation: group.operation,
      count: 1,
      evidence: {
        instance: group.instance,
        firstNs: first.durationNs,
        medianNs,
        calls: durations.count,
        warmUpCalls: warmUpCalls(group.first, medianNs),
        coldStarts,
        firstStartUnixNano: first.start.toString(),
      },
      traces: 1,
      exemplars: [{ traceId: first.traceId, spanIds: [first.spanId] }],
      impactNs: nanos(excessNs),
      signatures: [],
    },
  ];
}

/** After how many of the first calls their median is down to twice the median of all. */
function warmUpCalls(first: readonly FirstCall[], medianNs: number): number {
  let warmUp = 0;
  const sorted: number[] = [];
  for (const [index, { durationNs }] of first.entries()) {
    sorted.push(durationNs);
    sorted.sort((a, b) => a - b);
    const running = sorted[nearestRank(PERCENTILES.p50, sorted.length) - 1] ?? 0;
    if (running > 2 * medianNs) warmUp = index + 1;
  }
  return warmUp;
}
