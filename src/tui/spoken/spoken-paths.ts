import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { type CompareRow, verdictOf } from '../compare-tree.ts';
import { callsOf, type ForestRow } from '../dependency-forest.ts';
import type { FlameTree } from '../flame-tree.ts';
import { flameCells } from '../layout/flame-cells.ts';
import { counted } from './spoken-trace.ts';

/** Paths narrower than this part of the width of a flame graph are not worth a word. */
const FLAME_CELLS = 100;

/** A flame graph, level by level: the paths of each and their parts of the whole. */
export function spokenFlame(tree: FlameTree, root: number): string[] {
  return flameCells(tree, root, FLAME_CELLS).map((level, i) => {
    const paths = level.map(({ at }) => {
      const node = tree.nodes[at];
      const share = Math.round(((node?.totalNs ?? 0) / Math.max(1, tree.totalNs)) * 100);
      return `${narrowText(node?.service ?? '')} ${narrowText(node?.name ?? '')} ${share}%`;
    });
    return `level ${i + 1}: ${paths.join('; ')}`;
  });
}

/** A row of the tree of dependencies. */
export function spokenDependency(row: ForestRow, isFolded: boolean): string {
  const { calls, errors, durations } = callsOf(row);
  const name = narrowText(row.node.name);
  const parts = [
    `level ${row.depth + 1}`,
    row.parent ? `${narrowText(row.parent.node.name)} calls ${name}` : name,
  ];
  if (isFolded) parts.push('folded');
  if (calls > 0) parts.push(counted(calls, 'call'));
  if (errors > 0) parts.push(counted(errors, 'error'));
  const { p50Ns, p95Ns } = durations;
  if (p50Ns !== null && p95Ns !== null) {
    parts.push(`p50 ${formatDuration(p50Ns)}, p95 ${formatDuration(p95Ns)}`);
  }
  return parts.join(', ');
}

const VERDICTS = {
  same: 'the same',
  slower: 'slower',
  faster: 'faster',
  'only-a': 'gone',
  'only-b': 'new',
} as const;

/** A call path on both sides. */
export function spokenComparison(row: CompareRow): string {
  const duration = (ns: number) => formatDuration(nanos(Math.round(ns)));
  const times =
    row.a && row.b
      ? `${duration(row.aNs)} in A, ${duration(row.bNs)} in B`
      : duration(row.a ? row.aNs : row.bNs);
  return [
    `level ${row.depth + 1}`,
    VERDICTS[verdictOf(row)],
    `${narrowText(row.service)} ${narrowText(row.name) || '(unnamed)'}`,
    times,
    `${row.a?.spans ?? 0} to ${counted(row.b?.spans ?? 0, 'span')}`,
  ].join(', ');
}
