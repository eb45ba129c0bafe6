import type { TraceId } from '../model/ids.ts';
import { nanos } from '../model/time.ts';
import type { CriticalPath } from './critical-path.ts';
import { type PotentialSaving, savingOf } from './critical-path-saving.ts';
import { KeyNumbers } from './group-numbers.ts';
import type { PathGrouping } from './path-grouping.ts';
import { PathReplay } from './path-replay.ts';
import type { GroupKey } from './span-grouping.ts';

/** Collects critical paths; each trace must be added once. The result does not depend on their order. */
export interface AggregatedSavingAccumulator<K extends GroupKey> {
  /** Replays the trace for all groups that own time in it, or puts it off where there are many. */
  add(path: CriticalPath): void;
  /** The traces that were put off, in the order in which they came. */
  readonly postponed: readonly TraceId[];
  /** Replays a trace that was put off, for some groups alone. */
  addPostponed(path: CriticalPath, keys: readonly K[]): void;
  /** Of the traces so far, in the order of the keys: what all of them together would be shorter by. */
  result(keys: readonly K[]): readonly PotentialSaving[];
}

/** Replaying a trace for more groups than these costs more than reading it again for those that turn out to matter. */
const MAX_GROUPS = 32;

/**
 * What would be saved if all spans of a group took no time of their own. Which groups matter shows when all traces have been added:
 * `add` works it out for every group that a trace has, as long as they are few, so that most traces need not be looked at again.
 */
export function aggregatedSaving<K extends GroupKey>(
  grouping: PathGrouping<K>,
  maxGroups = MAX_GROUPS,
): AggregatedSavingAccumulator<K> {
  const numbers = new KeyNumbers(grouping);
  const replayed = new GroupReplay();
  const replayNs: number[] = [];
  const exclusiveNs: number[] = [];
  const postponed: TraceId[] = [];
  const replay = (path: CriticalPath, owned: ReadonlyMap<number, number>) => {
    replayed.restart(path, numbers);
    for (const [group, ns] of owned) {
      const saving = savingOf(path, replayed.lengthWithout(group), nanos(ns));
      replayNs[group] = (replayNs[group] ?? 0) + saving.replayNs;
      exclusiveNs[group] = (exclusiveNs[group] ?? 0) + saving.exclusiveNs;
    }
  };
  return {
    postponed,
    add(path) {
      const owned = ownedByGroup(path, numbers);
      if (owned.size > maxGroups) postponed.push(path.traceId);
      else if (owned.size > 0) replay(path, owned);
    },
    addPostponed(path, keys) {
      const owned = ownedByGroup(path, numbers);
      const wanted = new Set(keys.map((key) => numbers.find(key)));
      replay(path, new Map([...owned].filter(([group]) => wanted.has(group))));
    },
    result: (keys) =>
      keys.map((key) => {
        const group = numbers.find(key) ?? -1;
        return {
          replayNs: nanos(replayNs[group] ?? 0),
          exclusiveNs: nanos(exclusiveNs[group] ?? 0),
        };
      }),
  };
}

/** How much of the path each group owns. */
function ownedByGroup<K extends GroupKey>(
  { basis }: CriticalPath,
  numbers: KeyNumbers<K>,
): ReadonlyMap<number, number> {
  const { owned, trace } = basis;
  const found = new Map<number, number>();
  for (let i = 0; i < owned.count; i++) {
    const owner = owned.owner[i] ?? 0;
    const group = numbers.numberOf(trace, owner);
    if (group === -1) continue;
    found.set(group, (found.get(group) ?? 0) + (owned.to[i] ?? 0) - (owned.from[i] ?? 0));
  }
  return found;
}

/** Replays traces without the own time of one group after the other, in the same memory. */
class GroupReplay {
  #replay: PathReplay | null = null;
  #size = 0;
  /** By span: its group, −1 for none. */
  #groupOf = new Int32Array(0);
  #factor = new Float64Array(0);

  restart<K extends GroupKey>({ basis }: CriticalPath, numbers: KeyNumbers<K>): void {
    if (this.#replay === null) this.#replay = new PathReplay(basis);
    else this.#replay.restart(basis);
    this.#size = basis.tree.size;
    if (this.#groupOf.length < this.#size) {
      this.#groupOf = new Int32Array(this.#size * 2);
      this.#factor = new Float64Array(this.#size * 2);
    }
    for (let span = 0; span < this.#size; span++) {
      this.#groupOf[span] = numbers.numberOf(basis.trace, span);
    }
  }

  /** How long the primary root takes if the spans of a group take no time of their own. */
  lengthWithout(group: number): number {
    for (let span = 0; span < this.#size; span++) {
      this.#factor[span] = this.#groupOf[span] === group ? 0 : 1;
    }
    return this.#replay?.rootLength(this.#factor) ?? 0;
  }
}
