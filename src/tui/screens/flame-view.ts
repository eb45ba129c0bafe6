import { nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import type { FlameNode, FlameTree } from '../flame-tree.ts';
import { fitText } from '../layout/fit-text.ts';
import { type FlameCell, flameCells } from '../layout/flame-cells.ts';
import { joinParts, type Part } from '../layout/styled-parts.ts';
import { serviceColors } from '../service-colors.ts';
import type { Context, FlameScreen } from '../state/app-state.ts';
import { flameOf } from '../state/flame-commands.ts';
import type { Theme } from '../theme.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

/** Call paths from the top down, each as wide as its time. */
export function flameView(screen: FlameScreen, context: Context): ScreenView {
  const loaded = flameOf(screen.of, context);
  if (loaded.status !== 'ready') return absentView(loaded, 'the call paths', context);
  const tree = loaded.value;
  const { theme, columns, bodyRows } = context;
  if (tree.nodes.length === 0) return emptyView(['no spans'], context, theme.muted);
  const rows = flameCells(tree, screen.root, columns);
  const body = rows
    .slice(screen.top, screen.top + bodyRows)
    .map((row) => flameRow(row, tree, screen.selected, columns, theme));
  const node = tree.nodes[screen.selected];
  return {
    facts: joinParts(factsOf(screen, tree, theme), columns, theme.glyphs.ellipsis),
    head: [joinParts(pathTo(screen, tree, theme), columns, theme.glyphs.ellipsis)],
    body,
    about: node ? aboutNode(node, tree, theme) : [],
    place: [[`level ${(node?.depth ?? 0) + 1} of ${depthOf(tree)} `, theme.muted]],
  };
}

function factsOf(screen: FlameScreen, tree: FlameTree, { strong, muted, warning }: Theme): Part[] {
  const what =
    screen.of.kind === 'trace'
      ? `trace ${shortTraceId(screen.of.traceId)}`
      : `${tree.traces.toLocaleString('en')} traces merged`;
  const parts: Part[] = [
    [` ${what}`, strong],
    [`  ${formatDuration(nanos(tree.totalNs))} in all`],
    [`  ${tree.nodes.length.toLocaleString('en')} call paths`, muted],
  ];
  if (tree.leftOut > 0)
    parts.push([`  ${tree.leftOut.toLocaleString('en')} spans left out`, warning]);
  return parts;
}

/** The way to the selected call path. */
function pathTo({ selected }: FlameScreen, tree: FlameTree, theme: Theme): Part[] {
  const parts: Part[] = [];
  for (let at = selected; at >= 0; at = tree.nodes[at]?.parent ?? -1) {
    const node = tree.nodes[at];
    if (!node) break;
    if (parts.length > 0) parts.unshift([` ${theme.glyphs.crumb} `, theme.faint]);
    parts.unshift([narrowText(node.name) || '(unnamed)', theme.muted]);
    if (parts.length > LONGEST_PATH) break;
  }
  return [['  '], ...parts];
}

const LONGEST_PATH = 24;

function depthOf({ nodes }: FlameTree): number {
  return nodes.reduce((deepest, { depth }) => Math.max(deepest, depth), 0) + 1;
}

function aboutNode(node: FlameNode, tree: FlameTree, theme: Theme): Part[] {
  const { strong, muted, error, glyphs } = theme;
  const share = `${((node.totalNs / Math.max(1, tree.totalNs)) * 100).toFixed(1)}%`;
  const parts: Part[] = [
    [` ${narrowText(node.service)} `, strong],
    [narrowText(node.name) || '(unnamed)'],
    [`  ${formatDuration(nanos(Math.round(node.totalNs)))} (${share})`],
    [`  self ${formatDuration(nanos(Math.round(node.selfNs)))}`, muted],
    [`  ${node.spans.toLocaleString('en')} span${node.spans === 1 ? '' : 's'}`, muted],
  ];
  if (node.errors > 0) parts.push([`  ${glyphs.error} ${node.errors.toLocaleString('en')}`, error]);
  return parts;
}

const colorsMade = new WeakMap<FlameTree, ReadonlyMap<string, number>>();

/** Neighbours of different services differ; kept, because every key asks for it. */
function colorsOf(tree: FlameTree): ReadonlyMap<string, number> {
  const colors = colorsMade.get(tree) ?? serviceColors(tree.nodes.map(({ service }) => service));
  colorsMade.set(tree, colors);
  return colors;
}

function flameRow(
  row: readonly FlameCell[],
  tree: FlameTree,
  selected: number,
  columns: number,
  theme: Theme,
): string {
  const colors = colorsOf(tree);
  let line = '';
  let x = 0;
  for (const { at, from, to } of row) {
    const node = tree.nodes[at];
    if (!node) continue;
    line +=
      ' '.repeat(Math.max(0, from - x)) +
      block(node, to - from, at === selected, colors.get(node.service) ?? 0, theme);
    x = to;
  }
  return line + ' '.repeat(Math.max(0, columns - x));
}

/** A filled box with the name in it; the last cell is the gap to the next. */
function block(
  node: FlameNode,
  width: number,
  isSelected: boolean,
  color: number,
  theme: Theme,
): string {
  const { glyphs } = theme;
  const sign = node.errors > 0 ? `${glyphs.error} ` : '';
  const text = `${isSelected ? glyphs.cursor : ' '}${sign}${narrowText(node.name) || '(unnamed)'}`;
  const room = width > 1 ? width - 1 : 1;
  const shown =
    room < 3
      ? fitText(isSelected ? glyphs.cursor : ' ', room, '')
      : fitText(text, room, glyphs.ellipsis);
  const filled = theme.block(shown, color, isSelected);
  return width > 1 ? `${filled} ` : filled;
}
