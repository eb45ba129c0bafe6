import type { TraceSort, TraceSummary } from '../../model/trace-summary.ts';
import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime, type TimeZone } from '../../report/format-time.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import type { Theme } from '../theme.ts';
import { fitRight, fitText, textWidth } from './fit-text.ts';
import { markMatches } from './mark-matches.ts';
import { joinParts, type Part } from './styled-parts.ts';

export const TRACE_COLUMNS = [
  'start',
  'duration',
  'bar',
  'spans',
  'errors',
  'root',
  'services',
  'id',
] as const;
export type TraceColumnId = (typeof TRACE_COLUMNS)[number];

/** One column of the list: where it stands and what clicking its head sorts by. */
export interface TraceColumn {
  readonly id: TraceColumnId;
  readonly x: number;
  readonly width: number;
  readonly sort: TraceSort | null;
}

/** What the rows of the list depend on besides the traces. */
export interface TracesLook {
  readonly columns: number;
  readonly zone: TimeZone;
  readonly sort: TraceSort;
  readonly descending: boolean;
  /** Marked in the rows. */
  readonly words: readonly string[];
  /** What a full bar means: about the longest trace on the screen. */
  readonly longestNs: number;
  readonly wanted: readonly TraceColumnId[];
}

/** Cursor, error sign, a space. */
const GUTTER = 3;
const ID_CELLS = 12;

type ColumnWidth = readonly [TraceColumn['id'], number, TraceSort | null];

/**
 * The columns that fit: at 80 cells a short start and no id, from 110 the id, from 150 the services' names; of these only the `wanted`
 * ones. The root is always there: it takes the room that is left.
 */
export function traceColumns(
  columns: number,
  wanted: readonly TraceColumnId[] = TRACE_COLUMNS,
): TraceColumn[] {
  const isWide = columns >= 110;
  const before: ColumnWidth[] = [
    ['start', isWide ? 23 : 14, 'start'],
    ['duration', 9, 'duration'],
    ...(columns < 70 ? [] : [['bar', isWide ? 16 : 8, null] as const]),
    ['spans', 7, 'spans'],
    ['errors', 7, 'errors'],
  ];
  const after: ColumnWidth[] = [];
  if (columns >= 150) after.push(['services', Math.floor((columns - 100) / 2), null]);
  if (isWide) after.push(['id', ID_CELLS, null]);
  const isWanted = ([id]: ColumnWidth) => wanted.includes(id);
  const [left, right] = [before.filter(isWanted), after.filter(isWanted)];
  const taken = [...left, ...right].reduce((sum, [, width]) => sum + width + 1, GUTTER);
  const widths: ColumnWidth[] = [...left, ['root', columns - taken, null], ...right];
  let x = GUTTER;
  return widths.map(([id, width, sort]) => {
    const column = { id, x, width, sort };
    x += width + 1;
    return column;
  });
}

const TITLES: Readonly<Record<TraceColumn['id'], string>> = {
  start: 'start',
  duration: 'duration',
  bar: '',
  spans: 'spans',
  errors: 'errors',
  services: 'services',
  root: ' root service and operation',
  id: 'trace id',
};

/** Right-aligned columns. */
const NUMBERS: ReadonlySet<TraceColumn['id']> = new Set(['duration', 'spans', 'errors']);

/** The heads of the columns; the one that the list is sorted by says in which direction. */
export function traceHead(look: TracesLook, { glyphs, muted, accent }: Theme): string {
  const heads = traceColumns(look.columns, look.wanted).map(({ id, width, sort }) => {
    const isSorted = sort === look.sort;
    const arrow = look.descending ? glyphs.descending : glyphs.ascending;
    const zone = id === 'start' && look.zone === 'utc' ? ' (UTC)' : '';
    const title = TITLES[id] + zone;
    const text = isSorted ? (NUMBERS.has(id) ? arrow + title : `${title} ${arrow}`) : title;
    const fitted = NUMBERS.has(id) ? fitRight(text, width, '') : fitText(text, width, '');
    return isSorted ? accent(fitted) : muted(fitted);
  });
  return ' '.repeat(GUTTER) + heads.join(' ');
}

/** One trace as one row. */
export function traceRow(
  trace: TraceSummary,
  look: TracesLook,
  theme: Theme,
  isSelected: boolean,
): string {
  const cells = new Map(
    traceColumns(look.columns, look.wanted).map(({ id, width }) => [
      id,
      cell(id, width, trace, look, theme),
    ]),
  );
  const { glyphs, accent, error } = theme;
  const gutter =
    (isSelected ? accent(glyphs.cursor) : ' ') +
    (trace.errors > 0 ? error(glyphs.error) : ' ') +
    ' ';
  const row = gutter + [...cells.values()].join(' ');
  return isSelected ? theme.selected(row, '') : row;
}

function cell(
  id: TraceColumn['id'],
  width: number,
  trace: TraceSummary,
  look: TracesLook,
  theme: Theme,
): string {
  const { glyphs, muted, faint, error } = theme;
  switch (id) {
    case 'start':
      return muted(fitText(startText(trace, look, width), width, ''));
    case 'duration':
      return fitRight(formatDuration(trace.durationNs), width);
    case 'bar':
      return durationBar(trace, look, width, theme);
    case 'spans':
      return fitRight(trace.spans.toLocaleString('en'), width);
    case 'errors':
      return trace.errors > 0
        ? error(fitRight(trace.errors.toLocaleString('en'), width))
        : faint(fitRight(glyphs.separator, width));
    case 'root':
      return joinParts([[' '], ...rootParts(trace, look, theme)], width, glyphs.ellipsis);
    case 'services':
      return joinParts([[serviceNames(trace), muted]], width, glyphs.ellipsis);
    case 'id':
      return muted(fitText(shortTraceId(trace.traceId), width, ''));
  }
}

/** The whole time where it fits, else without year and milliseconds. */
function startText(trace: TraceSummary, look: TracesLook, width: number): string {
  const text = formatTime(trace.startUnixNano, look.zone);
  return width >= 23 || text.length < 19 ? text.replace('Z', '') : text.slice(5, 19);
}

/** A thin line, because rows of blocks would run into one another. */
function durationBar(trace: TraceSummary, look: TracesLook, width: number, theme: Theme): string {
  const { full, half } = theme.glyphs.line;
  const halves = Math.max(
    1,
    Math.round((trace.durationNs / Math.max(1, look.longestNs)) * width * 2),
  );
  const bar = full.repeat(halves >> 1) + (halves % 2 === 1 ? half : '');
  const style = trace.errors > 0 ? theme.error : theme.bar;
  return style(bar) + ' '.repeat(Math.max(0, width - textWidth(bar)));
}

function rootParts(trace: TraceSummary, look: TracesLook, theme: Theme): Part[] {
  const { warning, match, muted, strong } = theme;
  const mark = (text: string, style?: (text: string) => string) =>
    markMatches(text, longestWordIn(text, look.words), match, style);
  const orphans: Part[] =
    trace.orphans > 0
      ? [
          [
            `  ${theme.glyphs.missing} ${trace.orphans} orphan${trace.orphans === 1 ? '' : 's'}`,
            warning,
          ],
        ]
      : [];
  if (trace.root === null) {
    return [[`(no root) ${trace.services.map(narrowText).join(', ')}`, muted], ...orphans];
  }
  const { service, operation } = trace.root;
  return [
    ...mark(narrowText(service), strong),
    [' '],
    ...mark(narrowText(operation) || '(unnamed)'),
    ...orphans,
  ];
}

/** Of the words that occur in `text` the longest one; one mark per text is enough. */
function longestWordIn(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase();
  const found = words.filter((word) => lower.includes(word.toLowerCase()));
  return found.reduce((longest, word) => (word.length > longest.length ? word : longest), '');
}

function serviceNames({ services, root }: TraceSummary): string {
  const others = services.filter((name) => name !== root?.service).map(narrowText);
  return others.length === 0 ? '' : `${services.length}: ${others.join(', ')}`;
}
