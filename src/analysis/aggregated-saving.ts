import { nanos } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import type { CriticalPath } from './critical-path.ts';
import { type PotentialSaving, potentialSaving } from './critical-path-saving.ts';
import type { PathGrouping } from './path-grouping.ts';
import { type GroupKey, groupId } from './span-grouping.ts';

/** Collects critical paths; each trace must be added once. The result does not depend on their order. */
export interface AggregatedSavingAccumulator {
  add(path: CriticalPath): void;
  /** Of the traces so far, in the order of the keys: what all of them together would be shorter by. */
  result(): readonly PotentialSaving[];
}

/**
 * What would be saved if all spans of a group took no time of their own, for some groups. Every group that owns time in a trace
 * costs a replay of that trace: ask for the few that an `aggregatedCriticalPath` showed to matter, in a second pass.
 */
export function aggregatedSaving<K extends GroupKey>(
  grouping: PathGrouping<K>,
  keys: readonly K[],
): AggregatedSavingAccumulator {
  const numbers = new Map(keys.map((key, i) => [groupId(key), i]));
  const savings = keys.map(() => ({ replayNs: 0, exclusiveNs: 0 }));
  const numberOf = (node: TraceNode | null): number => {
    const key = node ? grouping.keyOf(node) : grouping.lost;
    return key === null ? -1 : (numbers.get(groupId(key)) ?? -1);
  };
  return {
    add(path) {
      const lost = numberOf(null);
      const groupOf = path.basis.tree.nodes.map(numberOf);
      const group = (node: TraceNode | null) => (node ? groupOf[node.index] : lost);
      for (const owner of new Set(path.sections.map(({ node }) => group(node)))) {
        const sums = savings[owner ?? -1];
        if (!sums) continue;
        const saving = potentialSaving(path, (node) => (group(node) === owner ? 0 : 1));
        sums.replayNs += saving.replayNs;
        sums.exclusiveNs += saving.exclusiveNs;
      }
    },
    result: () =>
      savings.map(({ replayNs, exclusiveNs }) => ({
        replayNs: nanos(replayNs),
        exclusiveNs: nanos(exclusiveNs),
      })),
  };
}
