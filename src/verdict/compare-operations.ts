import { PERCENTILES } from '../analysis/duration-statistics.ts';
import { percentile, type Quantile } from '../analysis/nearest-rank.ts';
import { groupId } from '../analysis/span-grouping.ts';
import type { Change, CompareOptions, OperationChange, Status } from './comparison.ts';
import { hodgesLehmann } from './hodges-lehmann.ts';
import {
  errorHypothesis,
  type Hypothesis,
  tailHypothesis,
  typicalHypothesis,
} from './hypothesis.ts';
import { judge } from './judge.ts';
import { leastMannWhitneyP } from './mann-whitney.ts';
import { normalQuantile } from './normal-distribution.ts';
import { nameKey } from './pool-profiles.ts';
import type { OperationName, OperationProfile, RequestProfile, RunProfile } from './run-profile.ts';
import { testFamily } from './test-family.ts';

/** One side of what is compared, a request or an operation. */
interface Side {
  readonly durations: Float64Array;
  readonly slowest: Float64Array;
  readonly failed: number;
  readonly traces: number;
}

/** A request or an operation that both runs have. */
interface Candidate {
  readonly name: OperationName;
  readonly kind: OperationChange['kind'];
  readonly base: Side;
  readonly current: Side;
  /** Own times, of operations alone. */
  readonly selfs: { readonly base: Float64Array; readonly current: Float64Array } | null;
  readonly exemplar: OperationChange['exemplar'];
  /** The same in each of several baseline runs. */
  readonly runs: readonly Side[];
  readonly hypotheses: readonly Hypothesis[];
}

/** Both runs, and the baseline's runs one by one. */
export interface ComparedRuns {
  readonly base: RunProfile;
  readonly current: RunProfile;
  readonly runs: readonly RunProfile[];
}

/** What became of the requests that both runs have. */
export function compareRequests(
  { base, current, runs }: ComparedRuns,
  options: CompareOptions,
): { readonly changes: OperationChange[]; readonly tests: number } {
  const currentById = new Map(current.requests.map((item) => [groupId(nameKey(item)), item]));
  const runsById = runs.map(
    (run) => new Map(run.requests.map((item) => [groupId(nameKey(item)), item])),
  );
  const candidates = base.requests.flatMap((item): Candidate[] => {
    const id = groupId(nameKey(item));
    const other = currentById.get(id);
    if (other === undefined) return [];
    return [
      candidate({
        name: { service: item.service, name: item.name },
        kind: null,
        base: requestSide(item),
        current: requestSide(other),
        selfs: null,
        exemplar: other.exemplar,
        runs: runsById.flatMap((run) => sideIn(run.get(id), requestSide)),
      }),
    ];
  });
  return judgeAll(candidates, options);
}

/** What became of the operations that both runs have and that are more than a request's root. */
export function compareOperations(
  { base, current, runs }: ComparedRuns,
  options: CompareOptions,
): { readonly changes: OperationChange[]; readonly tests: number } {
  const currentById = new Map(current.operations.map((item) => [operationId(item), item]));
  const runsById = runs.map(
    (run) => new Map(run.operations.map((item) => [operationId(item), item])),
  );
  const candidates = base.operations.flatMap((item): Candidate[] => {
    const id = operationId(item);
    const other = currentById.get(id);
    const isRootAlone = item.spans === item.asRequest && other?.spans === other?.asRequest;
    if (other === undefined || isRootAlone) return [];
    return [
      candidate({
        name: { service: item.service, name: item.name },
        kind: item.kind,
        base: operationSide(item),
        current: operationSide(other),
        selfs: { base: item.selfs, current: other.selfs },
        exemplar: other.exemplar,
        runs: runsById.flatMap((run) => sideIn(run.get(id), operationSide)),
      }),
    ];
  });
  return judgeAll(candidates, options);
}

function operationId({ service, name, kind }: OperationProfile): string {
  return groupId({ service, name, kind });
}

function sideIn<Item>(item: Item | undefined, sideOf: (item: Item) => Side): Side[] {
  return item === undefined ? [] : [sideOf(item)];
}

function requestSide({ durations, failedTraces, traces }: RequestProfile): Side {
  return { durations, slowest: durations, failed: failedTraces, traces };
}

function operationSide({ durations, slowest, failedTraces, traces }: OperationProfile): Side {
  return { durations, slowest, failed: failedTraces, traces };
}

function candidate(facts: Omit<Candidate, 'hypotheses'>): Candidate {
  const { base, current } = facts;
  return {
    ...facts,
    hypotheses: [
      typicalHypothesis(base.durations, current.durations),
      tailHypothesis(base.slowest, current.slowest),
      errorHypothesis(
        { count: base.failed, all: base.traces },
        { count: current.failed, all: current.traces },
      ),
    ],
  };
}

/** All hypotheses are one family: the more there are, the more each has to show. */
function judgeAll(
  candidates: readonly Candidate[],
  options: CompareOptions,
): { readonly changes: OperationChange[]; readonly tests: number } {
  const family = testFamily(
    candidates.flatMap(({ hypotheses }) => hypotheses),
    options.alpha,
  );
  let next = 0;
  const changes = candidates.map((item) => {
    const judged = item.hypotheses.map((hypothesis) =>
      judge(hypothesis, family.adjusted[next++] ?? null, {
        ...options,
        isRequest: item.kind === null,
        baselineRuns: item.runs.flatMap((side) => figureOf(side, hypothesis)),
      }),
    );
    return changeOf(item, judged, family.firstLimit);
  });
  return { changes, tests: family.adjusted.filter((p) => p !== null).length };
}

function figureOf({ durations, slowest, failed, traces }: Side, { metric }: Hypothesis): number[] {
  const quantile = (sorted: Float64Array, q: Quantile) => {
    const value = percentile(sorted, q);
    return value === null ? [] : [value];
  };
  if (metric === 'errors') return traces === 0 ? [] : [failed / traces];
  return metric === 'typical'
    ? quantile(durations, PERCENTILES.p50)
    : quantile(slowest, PERCENTILES.p95);
}

function changeOf(item: Candidate, changes: readonly Change[], limit: number): OperationChange {
  const { name, kind, base, current, selfs, exemplar } = item;
  const status = worstOf(
    // That nothing failed on either side is no sign of enough data.
    changes
      .filter((change) => change.metric !== 'errors' || change.status !== 'unchanged')
      .map((change) => change.status),
  );
  const [typical] = changes;
  const isSlower = changes.some(
    (change) => change.status === 'regressed' && change.metric !== 'errors',
  );
  return {
    ...name,
    kind,
    isRequest: kind === null,
    baseTraces: base.durations.length,
    currentTraces: current.durations.length,
    changes,
    status,
    detectableEffect: typical ? detectableEffect(typical, limit) : null,
    needsTraces: needsTraces(base.durations.length, current.durations.length, limit),
    isCause: selfs !== null && isSlower ? isOwnTime(item, selfs) : null,
    exemplar,
  };
}

const RANKS: readonly Status[] = ['regressed', 'improved', 'unchanged', 'insufficient-data'];

/** The status that says most: a regression before anything else; lack of data only where no figure had enough. */
export function worstOf(statuses: readonly Status[]): Status {
  return RANKS.find((status) => statuses.includes(status)) ?? 'insufficient-data';
}

/** Whether at least half of what an operation became slower is its own time. */
function isOwnTime(
  { base, current }: Candidate,
  selfs: { readonly base: Float64Array; readonly current: Float64Array },
): boolean {
  const whole = hodgesLehmann(base.durations, current.durations)?.shift ?? 0;
  const own = hodgesLehmann(selfs.base, selfs.current)?.shift ?? 0;
  return whole > 0 && own >= whole / 2;
}

/** A power of 80 %. */
const POWER_Z = 0.8416212335729143;
const INTERVAL_Z = 1.959963984540054;

/** The width of the interval tells how much the data scatter. */
function detectableEffect({ low, high }: Change, limit: number): number | null {
  if (low === null || high === null || low <= -1) return null;
  const deviation = (Math.log1p(high) - Math.log1p(low)) / (2 * INTERVAL_Z);
  return Math.expm1((normalQuantile(limit / 2) + POWER_Z) * deviation);
}

const MAX_NEEDED = 1000;

/** How many traces a side would be enough for the rank test to become significant at all; null if there are. */
function needsTraces(base: number, current: number, limit: number): number | null {
  if (base > 0 && current > 0 && leastMannWhitneyP(base, current) <= limit) return null;
  for (let n = 1; n < MAX_NEEDED; n++) if (leastMannWhitneyP(n, n) <= limit) return n;
  return MAX_NEEDED;
}
