import type { CriticalPath } from '../analysis/critical-path.ts';
import { PERCENTILES } from '../analysis/duration-statistics.ts';
import { nearestRank } from '../analysis/nearest-rank.ts';
import { LOST } from '../analysis/path-grouping.ts';
import { compareGroups, groupId } from '../analysis/span-grouping.ts';
import type { Trace } from '../model/trace.ts';
import type { OperationNumbers } from './operation-numbers.ts';
import type { PathMeans, PathPart } from './run-profile.ts';

interface TracePath {
  /** A number of its trace, of which every value is as likely as any other. */
  readonly lot: number;
  readonly durationNs: number;
  /** By operation; −1 is time of lost parents. */
  readonly parts: ReadonlyMap<number, number>;
}

/**
 * From twice as many traces of a request on only every second, fourth, … is looked at: a mean needs no more. Ids decide which, so that
 * the order in which traces come does not.
 */
const MAX_PATHS = 2000;

/** Ids that are all alike in their last bits are taken as they are. */
const MAX_STRIDE = 2 ** 16;

/** Trace ids are random in their last bytes, or count. */
function lotOf(traceId: string): number {
  return Number.parseInt(traceId.slice(-8), 16);
}

/** The critical paths of one request's traces, of very many an even choice. */
export class PathLedger {
  readonly #numbers: OperationNumbers;
  #paths: TracePath[] = [];
  #stride = 1;

  constructor(numbers: OperationNumbers) {
    this.#numbers = numbers;
  }

  /** Whether the path of a trace is wanted. */
  wants({ traceId }: Trace): boolean {
    return lotOf(traceId) % this.#stride === 0;
  }

  add({ traceId, tree }: Trace, path: CriticalPath, operations: Int32Array): void {
    const { ownNs } = path.onPath;
    const parts = new Map<number, number>();
    // Behind the spans stand the lost parents.
    for (let span = 0; span < path.basis.tree.size; span++) {
      const own = ownNs[span] ?? 0;
      if (own === 0) continue;
      const owner = span < tree.size ? (operations[span] ?? -1) : -1;
      parts.set(owner, (parts.get(owner) ?? 0) + own);
    }
    this.#paths.push({ lot: lotOf(traceId), durationNs: path.endNs - path.startNs, parts });
    while (this.#paths.length >= 2 * MAX_PATHS && this.#stride < MAX_STRIDE) {
      this.#stride *= 2;
      this.#paths = this.#paths.filter(({ lot }) => lot % this.#stride === 0);
    }
  }

  /** The paths up to the 95th percentile by duration, and those above the 90th. */
  result(): { readonly typical: PathMeans; readonly tail: PathMeans } {
    const sorted = this.#paths.toSorted((a, b) => a.durationNs - b.durationNs || a.lot - b.lot);
    return {
      typical: this.#means(sorted.slice(0, nearestRank(PERCENTILES.p95, sorted.length))),
      tail: this.#means(sorted.slice(nearestRank(PERCENTILES.p90, sorted.length) - 1)),
    };
  }

  #means(paths: readonly TracePath[]): PathMeans {
    const sums = new Map<string, { -readonly [K in keyof PathPart]: PathPart[K] }>();
    for (const { parts } of paths) {
      // Kinds of one name are one operation here, so that a call and its answer are told apart by their services alone.
      for (const [operation, ns] of parts) {
        const { service, name } =
          operation === -1 ? { service: LOST, name: LOST } : this.#numbers.keyOf(operation);
        const id = groupId({ service, name });
        const sum = sums.get(id) ?? { service, name, totalNs: 0, squares: 0 };
        sums.set(id, sum);
        sum.totalNs += ns;
        sum.squares += ns * ns;
      }
    }
    return {
      traces: paths.length,
      totalNs: paths.reduce((sum, { durationNs }) => sum + durationNs, 0),
      parts: [...sums.values()].sort(
        (a, b) =>
          b.totalNs - a.totalNs ||
          compareGroups({ service: a.service, name: a.name }, { service: b.service, name: b.name }),
      ),
    };
  }
}
