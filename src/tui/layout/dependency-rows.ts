import type { DependencyNodeType } from '../../analysis/dependency-names.ts';
import { type Nanos, nanos } from '../../model/time.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { callsOf, type ForestRow } from '../dependency-forest.ts';
import type { Theme } from '../theme.ts';
import { barExtent, drawBar } from './bars.ts';
import { fitRight, fitText } from './fit-text.ts';
import { joinParts, type Part } from './styled-parts.ts';
import { guideSpace, treeGuide } from './tree-guide.ts';

/** What the rows depend on besides the calls. */
export interface DependencyLook {
  readonly columns: number;
  readonly deepest: number;
  /** Where the bars' scale begins and ends. */
  readonly shortestNs: number;
  readonly longestNs: number;
}

type NumberColumn = 'calls' | 'errors' | 'failed' | 'p50' | 'p95' | 'p99';

const NUMBER_WIDTHS: Readonly<Record<NumberColumn, number>> = {
  calls: 9,
  errors: 8,
  failed: 7,
  p50: 8,
  p95: 8,
  p99: 8,
};
const GUTTER = 2;
const GUIDE_SHARE = 0.6;
/** Names are rarely longer; the bars gain by the rest. */
const WIDEST_NAME = 64;

interface Columns {
  readonly name: number;
  readonly numbers: readonly NumberColumn[];
  /** 0 where there is no room. */
  readonly bar: number;
}

function columnsFor(columns: number): Columns {
  const isWide = columns >= 110;
  const numbers: NumberColumn[] = ['calls', 'errors'];
  if (columns >= 75) numbers.push('failed');
  numbers.push('p50', 'p95');
  if (isWide) numbers.push('p99');
  const taken = numbers.reduce((sum, id) => sum + NUMBER_WIDTHS[id], GUTTER);
  const rest = columns - taken;
  const bar = isWide ? Math.max(Math.floor(rest * 0.4), rest - WIDEST_NAME) : 0;
  return { name: rest - bar - (isWide ? 2 : 1), numbers, bar };
}

export function dependencyHead(columns: number, { muted }: Theme): string {
  const { name, numbers, bar } = columnsFor(columns);
  const heads = numbers.map((id) => fitRight(id, NUMBER_WIDTHS[id])).join('');
  const barHead = bar > 0 ? `  ${fitText('p50 to p95, logarithmic', bar)}` : '';
  return muted(' '.repeat(GUTTER) + fitText('caller and called', name) + heads + barHead);
}

/** One node with the calls that lead to it. */
export function dependencyRow(
  row: ForestRow,
  isFolded: boolean,
  isSelected: boolean,
  look: DependencyLook,
  theme: Theme,
): string {
  const { name, numbers, bar } = columnsFor(look.columns);
  const { glyphs, accent, error } = theme;
  const { errors } = callsOf(row);
  const gutter =
    (isSelected ? accent(glyphs.cursor) : ' ') + (errors > 0 ? error(glyphs.error) : ' ');
  const parts = nameParts(row, isFolded, look, theme, name);
  const text = joinParts(parts, name, glyphs.ellipsis) + numberCells(row, numbers, theme);
  const drawing = bar > 0 ? `  ${latencyBar(row, look, bar, theme)}` : '';
  return isSelected ? theme.selected(gutter + text, drawing) : gutter + text + drawing;
}

function nameParts(
  row: ForestRow,
  isFolded: boolean,
  look: DependencyLook,
  theme: Theme,
  width: number,
): Part[] {
  const { glyphs, faint, muted } = theme;
  const space = guideSpace(Math.floor(width * GUIDE_SHARE), look.deepest);
  const guide = treeGuide(row, ({ isLast }) => isLast, space, glyphs);
  const fold = row.hasChildren ? (isFolded ? glyphs.collapsed : glyphs.expanded) : ' ';
  return [[guide, faint], [`${fold} `, muted], ...typedName(row, theme), ...notes(row, theme)];
}

const TYPE_NOTES: Readonly<Record<DependencyNodeType, string>> = {
  user: 'from outside',
  external: 'external',
  service: '',
  messaging: 'queue',
  database: 'database',
};

function typedName({ node }: ForestRow, { strong, muted }: Theme): Part[] {
  const name = narrowText(node.name);
  const note = TYPE_NOTES[node.type];
  return note === '' ? [[name, strong]] : [[name], [` ${note}`, muted]];
}

function notes({ edge, state }: ForestRow, { glyphs, muted, warning }: Theme): Part[] {
  const parts: Part[] = [];
  if (edge?.type === 'messaging') parts.push([' message', muted]);
  const inferred = edge ? Object.values(edge.inferred).reduce((sum, n) => sum + n, 0) : 0;
  if (edge && inferred === edge.calls) parts.push([' inferred', muted]);
  if (state === 'cycle') parts.push([' cycle', warning]);
  if (state === 'seen') parts.push([` ${glyphs.ellipsis} see above`, muted]);
  return parts;
}

function numberCells(row: ForestRow, columns: readonly NumberColumn[], theme: Theme): string {
  const { calls, errors, durations } = callsOf(row);
  const { error, faint, muted, glyphs } = theme;
  const isUnmeasured = calls === 0;
  const texts: Readonly<Record<NumberColumn, string | null>> = {
    calls: isUnmeasured ? null : calls.toLocaleString('en'),
    errors: errors === 0 ? null : errors.toLocaleString('en'),
    failed: errors === 0 ? null : `${((errors / calls) * 100).toFixed(1)}%`,
    p50: durationText(durations.p50Ns),
    p95: durationText(durations.p95Ns),
    p99: durationText(durations.p99Ns),
  };
  return columns
    .map((id) => {
      const text = texts[id];
      const cell = fitRight(text ?? glyphs.separator, NUMBER_WIDTHS[id]);
      if (text === null) return faint(cell);
      if (id === 'errors' || id === 'failed') return error(cell);
      return id === 'p99' ? muted(cell) : cell;
    })
    .join('');
}

function durationText(duration: Nanos | null): string | null {
  return duration === null ? null : formatDuration(duration);
}

/** From the median to the 95th percentile, on one logarithmic scale for all rows: a call takes microseconds or minutes. */
function latencyBar(row: ForestRow, look: DependencyLook, width: number, theme: Theme): string {
  const { durations, errors } = callsOf(row);
  const { p50Ns, p95Ns } = durations;
  const window = { startNs: magnitude(look.shortestNs), endNs: magnitude(look.longestNs) };
  const drawing = {
    extent:
      p50Ns === null || p95Ns === null
        ? null
        : barExtent(magnitude(p50Ns), magnitude(p95Ns), window, width),
    critical: [],
    color: errors > 0 ? theme.errorColor : theme.barColor,
    background: theme.glyphs.rule.repeat(width),
    paintBackground: theme.faint,
  };
  return drawBar(drawing, theme.glyphs.bar);
}

/** The logarithm of a duration in millionths, so that it is a whole number as bars want it. */
function magnitude(duration: number): Nanos {
  return nanos(Math.round(Math.log10(Math.max(1, duration)) * 1e6));
}
