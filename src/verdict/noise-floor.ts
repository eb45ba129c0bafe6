import { groupId } from '../analysis/span-grouping.ts';
import { compareRuns } from './compare-runs.ts';
import type { CompareOptions, OperationChange } from './comparison.ts';
import type { OperationName, RunProfile } from './run-profile.ts';

/** How far runs that should be equal lie apart. */
export interface NoiseFloor {
  readonly runs: readonly { readonly traces: number; readonly spans: number }[];
  /** How many pairs of runs were compared, and in how many of them anything regressed or improved. */
  readonly pairs: number;
  readonly pairsThatDiffer: number;
  /** Requests first, then operations; each largest difference first, then by name. */
  readonly operations: readonly OperationNoise[];
  /** The least `--min-effect`, in whole percents, that no request's typical duration exceeds between any two runs. Null without requests. */
  readonly suggestedMinEffect: number | null;
}

export interface OperationNoise extends OperationName {
  /** Null for a request. */
  readonly kind: OperationChange['kind'];
  /** The largest relative difference between two runs, of the shift of all durations and of the 95th percentile; null without data. */
  readonly typical: number | null;
  readonly p95: number | null;
}

/** Compares each of at least two runs with every other: what differs is noise, if nothing changed between them. */
export function noiseFloor(runs: readonly RunProfile[], options: CompareOptions): NoiseFloor {
  const noises = new Map<string, OperationNoise>();
  let pairs = 0;
  let pairsThatDiffer = 0;
  for (const [index, base] of runs.entries())
    for (const current of runs.slice(index + 1)) {
      const { operations, status } = compareRuns([base], [current], options);
      pairs += 1;
      pairsThatDiffer += Number(status === 'regressed' || status === 'improved');
      for (const change of operations) {
        const { service, name, kind } = change;
        const id = groupId({ service, name, kind });
        noises.set(id, widened(noises.get(id), change));
      }
    }
  const operations = [...noises.values()].sort(byNoise);
  const requests = operations.flatMap(({ kind, typical }) =>
    kind === null && typical !== null ? [typical] : [],
  );
  return {
    runs: runs.map(({ traces, spans }) => ({ traces, spans })),
    pairs,
    pairsThatDiffer,
    operations,
    suggestedMinEffect: requests.length === 0 ? null : Math.ceil(Math.max(...requests) * 100) / 100,
  };
}

function widened(known: OperationNoise | undefined, change: OperationChange): OperationNoise {
  const { service, name, kind } = change;
  const largest = (metric: 'typical' | 'p95') => {
    const effect = change.changes.find((figure) => figure.metric === metric)?.effect ?? null;
    const values = [known?.[metric] ?? null, effect && distance(effect)];
    const found = values.filter((value) => value !== null);
    return found.length === 0 ? null : Math.max(...found);
  };
  return { service, name, kind, typical: largest('typical'), p95: largest('p95') };
}

/** The difference as if the slower run were the later one: runs that should be equal have no order. */
function distance(effect: number): number {
  return effect >= 0 ? effect : 1 / (1 + effect) - 1;
}

function byNoise(a: OperationNoise, b: OperationNoise): number {
  return (
    Number(a.kind !== null) - Number(b.kind !== null) ||
    (b.typical ?? 0) - (a.typical ?? 0) ||
    (idOf(a) < idOf(b) ? -1 : 1)
  );
}

function idOf({ service, name, kind }: OperationNoise): string {
  return groupId({ service, name, kind });
}
