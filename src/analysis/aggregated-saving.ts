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
  const replayNs: number[] = [];
  const exclusiveNs: number[] = [];
  const postponed: TraceId[] = [];
  const replay = (path: CriticalPath, owned: ReadonlyMap<number, number>, groupOf: Int32Array) => {
    const replayed = new PathReplay(path.basis);
    const factor = new Float64Array(groupOf.length);
    for (const [group, ns] of owned) {
      for (let span = 0; span < factor.length; span++)
        factor[span] = groupOf[span] === group ? 0 : 1;
      const saving = savingOf(path, replayed.rootLength(factor), nanos(ns));
      replayNs[group] = (replayNs[group] ?? 0) + saving.replayNs;
      exclusiveNs[group] = (exclusiveNs[group] ?? 0) + saving.exclusiveNs;
    }
  };
  return {
    postponed,
    add(path) {
      const groupOf = groupNumbers(path, numbers);
      const owned = ownedByGroup(path, groupOf, numbers);
      if (owned.size > maxGroups) postponed.push(path.traceId);
      else if (owned.size > 0) replay(path, owned, groupOf);
    },
    addPostponed(path, keys) {
      const groupOf = groupNumbers(path, numbers);
      const owned = ownedByGroup(path, groupOf, numbers);
      const wanted = new Set(keys.map((key) => numbers.find(key)));
      replay(path, new Map([...owned].filter(([group]) => wanted.has(group))), groupOf);
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

/** By span number: its group, −1 for none. */
function groupNumbers<K extends GroupKey>(
  { basis: { tree } }: CriticalPath,
  numbers: KeyNumbers<K>,
): Int32Array {
  const groupOf = new Int32Array(tree.size);
  for (let span = 0; span < tree.size; span++) {
    groupOf[span] = numbers.numberOf(tree.nodes[span] ?? null);
  }
  return groupOf;
}

/** How much of the path each group owns. */
function ownedByGroup<K extends GroupKey>(
  { sections }: CriticalPath,
  groupOf: Int32Array,
  numbers: KeyNumbers<K>,
): ReadonlyMap<number, number> {
  const owned = new Map<number, number>();
  for (const { node, startNs, endNs } of sections) {
    const group = node ? (groupOf[node.index] ?? -1) : numbers.numberOf(null);
    if (group !== -1) owned.set(group, (owned.get(group) ?? 0) + endNs - startNs);
  }
  return owned;
}
