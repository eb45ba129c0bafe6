import type { SpanKind } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { OperationMap } from '../operation-map.ts';
import { BestExemplars } from './best-exemplars.ts';
import type { DataFinding } from './finding.ts';
import { type DataRuleAccumulator, dataRule } from './finding-rule.ts';
import { isTimed } from './server-pair.ts';
import type { TraceContext } from './trace-context.ts';

/** Operations that are kept, at most: 1.5 kB each, 3 MB together. Further ones are not looked at. */
const MAX_OPERATIONS = 2_000;

/** Durations are counted in bins of a quarter of a power of two, from 1 ns to 104 days. */
const BINS_PER_DOUBLING = 4;
const BINS = 53 * BINS_PER_DOUBLING;

interface OperationDurations {
  readonly service: string;
  readonly operation: string;
  readonly kind: SpanKind;
  readonly bins: Uint32Array;
  count: number;
  traces: number;
  lastTrace: string;
  readonly slowest: BestExemplars;
}

/** Two groups of durations with hardly anything between them. */
interface Modes {
  readonly fastNs: number;
  readonly slowNs: number;
  readonly slowCount: number;
}

/** Operations with two kinds of calls, fast and slow ones: a cache hit and a miss, say. An average describes neither. */
export const latencyModeRule = dataRule({
  name: 'latency-mode',
  advice: {
    'latency-mode':
      'Compare the slow calls with the fast ones: an attribute that separates them names the cause (cache, tenant, region, size).',
  },
  params: { minCalls: 100, minRatio: 4, minShare: 0.05 },
  accumulate: (params) => new Operations(params),
});

interface ModeParams {
  readonly minCalls: number;
  readonly minRatio: number;
  readonly minShare: number;
}

class Operations implements DataRuleAccumulator {
  readonly #operations = new OperationMap<OperationDurations>();
  readonly #params: ModeParams;

  constructor(params: ModeParams) {
    this.#params = params;
  }

  add({ trace }: TraceContext): void {
    for (const node of trace.nodes) if (isTimed(node)) this.#addSpan(node);
  }

  #addSpan({ service, span }: TraceNode): void {
    let operation = this.#operations.get(service, span.name, span.kind);
    if (operation === undefined) {
      if (this.#operations.size === MAX_OPERATIONS) return;
      operation = {
        service,
        operation: span.name,
        kind: span.kind,
        bins: new Uint32Array(BINS),
        count: 0,
        traces: 0,
        lastTrace: '',
        slowest: new BestExemplars(),
      };
      this.#operations.add(service, span.name, span.kind, operation);
    }
    const bin = binOf(span.durationNs);
    operation.bins[bin] = (operation.bins[bin] ?? 0) + 1;
    operation.count += 1;
    if (operation.slowest.isWanted(span.durationNs)) {
      operation.slowest.add(span.durationNs, span.traceId, [span]);
    }
    if (operation.lastTrace === span.traceId) return;
    operation.lastTrace = span.traceId;
    operation.traces += 1;
  }

  result(): DataFinding[] {
    return this.#operations.values().flatMap((operation) => {
      const modes =
        operation.count < this.#params.minCalls ? null : modesOf(operation, this.#params);
      return modes === null ? [] : [modeFinding(operation, modes)];
    });
  }
}

function binOf(durationNs: number): number {
  return durationNs < 1
    ? 0
    : Math.min(BINS - 1, Math.floor(Math.log2(durationNs) * BINS_PER_DOUBLING));
}

/** The middle of a bin. */
function binNs(bin: number): number {
  return Math.round(2 ** ((bin + 0.5) / BINS_PER_DOUBLING));
}

/** A valley this much lower than the lower of its two hills is one. */
const VALLEY_DEPTH = 0.25;

/**
 * The hills on both sides of the deepest valley, as far as they satisfy the thresholds; null where there are none. One pass
 * over the bins for each side.
 */
function modesOf({ bins, count }: OperationDurations, params: ModeParams): Modes | null {
  const left = highestSoFar(bins);
  const right = highestSoFar(bins.toReversed())
    .reverse()
    .map((bin) => BINS - 1 - bin);
  let below = 0;
  let best: { readonly depth: number; readonly modes: Modes } | null = null;
  for (const [valley, spans] of bins.entries()) {
    const fast = left[valley] ?? 0;
    const slow = right[valley] ?? 0;
    const hill = Math.min(bins[fast] ?? 0, bins[slow] ?? 0);
    const above = count - below - spans;
    const depth = hill - spans;
    const isApart = slow - fast >= Math.log2(params.minRatio) * BINS_PER_DOUBLING;
    const isShared = Math.min(below, above) >= params.minShare * count;
    below += spans;
    if (!isApart || !isShared || spans > VALLEY_DEPTH * hill) continue;
    if (best === null || depth > best.depth) {
      best = { depth, modes: { fastNs: binNs(fast), slowNs: binNs(slow), slowCount: above } };
    }
  }
  return best?.modes ?? null;
}

/** For every bin the fullest one up to it, the first of several. */
function highestSoFar(bins: Uint32Array): number[] {
  const highest: number[] = [];
  let best = 0;
  for (const [bin, count] of bins.entries()) {
    if (count > (bins[best] ?? 0)) best = bin;
    highest.push(best);
  }
  return highest;
}

function modeFinding(operation: OperationDurations, modes: Modes): DataFinding {
  const { fastNs, slowNs, slowCount } = modes;
  const ratio = slowNs / fastNs;
  return {
    rule: 'latency-mode',
    severity: 'low',
    confidence: 0.6,
    title: `two kinds of calls, one ${ratio.toPrecision(2)} times as slow`,
    service: operation.service,
    operation: operation.operation,
    count: slowCount,
    evidence: {
      calls: operation.count,
      fastNs,
      slowNs,
      slowCalls: slowCount,
      slowShare: slowCount / operation.count,
    },
    traces: operation.traces,
    exemplars: operation.slowest.list(),
    impactNs: nanos(slowNs - fastNs),
    signatures: [operation.kind],
  };
}
