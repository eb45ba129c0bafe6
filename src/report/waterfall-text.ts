import type { ChalkInstance } from 'chalk';
import { nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';
import { cellWidth } from './cell-width.ts';
import { narrowText } from './clean-text.ts';
import { formatCount } from './format-count.ts';
import { formatDuration } from './format-duration.ts';
import { fitted } from './render-table.ts';
import {
  type FoldRow,
  type SpanRow,
  type WaterfallChoice,
  type WaterfallRow,
  waterfallRows,
} from './waterfall-rows.ts';

/** An interval of a trace, as offsets from its start in nanoseconds. */
export interface Interval {
  readonly startNs: number;
  readonly endNs: number;
}

/** What to mark in a waterfall, by node index. */
export interface WaterfallMarks {
  /** The parts of each span that are on the critical path. */
  readonly critical: ReadonlyMap<number, readonly Interval[]>;
  /** Error spans that no other error explains. */
  readonly errorOrigins: ReadonlySet<number>;
  /** Numbers of the findings that a span shows. */
  readonly findings: ReadonlyMap<number, readonly number[]>;
  /** Where a span's duration stands among those of its operation, in a few cells; null where nobody can tell. */
  readonly ranks: readonly (string | null)[];
}

export interface WaterfallOptions extends WaterfallChoice {
  readonly width: number;
  readonly paint: ChalkInstance;
}

/**
 * A trace as one line per span: the tree, the span's time in the trace, its duration and rank. A service is named where it takes over.
 *
 *     web: GET /checkout          ▒▒▒▒██████████████████████▒▒▒  1.20s  p99
 *     ├─ cart: GET /cart ⚑1       ░░░▒▒▒                          110ms  p50
 *     ├─ ⋯ 13 × cart: GET /item         ▒▒▒▒▒▒                    95ms
 *     └─ pay: POST /charge ✖          ████████████████████████    1.00s  max
 */
export function waterfallText(
  trace: Trace,
  marks: WaterfallMarks,
  options: WaterfallOptions,
): string {
  const { rows, hidden } = waterfallRows(trace, marks, options);
  const hasRanks = marks.ranks.some((rank) => rank !== null);
  const columns = columnsFor(options.width, hasRanks);
  const context = { trace, marks, columns, paint: options.paint };
  const guides = treeGuides(rows);
  const lines = rows.map((row, i) => {
    const guide = guides[i] ?? '';
    return row.node === null ? foldLine(row, guide, context) : spanLine(row, guide, context);
  });
  if (hidden > 0) lines.push(options.paint.dim(`… ${formatCount(hidden, 'span')} not drawn`));
  return `${lines.join('\n')}\n`;
}

interface Columns {
  readonly label: number;
  readonly bar: number;
}

const DURATION_CELLS = 7;
const RANK_CELLS = 5;

function columnsFor(width: number, hasRanks: boolean): Columns {
  const label = Math.max(24, Math.floor(width * 0.45));
  const rank = hasRanks ? RANK_CELLS + 1 : 0;
  return { label, bar: Math.max(10, width - label - DURATION_CELLS - 4 - rank) };
}

interface LineContext {
  readonly trace: Trace;
  readonly marks: WaterfallMarks;
  readonly columns: Columns;
  readonly paint: ChalkInstance;
}

function spanLine({ node, hidden }: SpanRow, guide: string, context: LineContext): string {
  const { marks, paint } = context;
  const isError = node.span.statusCode === 'error';
  const label = labelOf(node, context.columns.label - cellWidth(guide), [
    isError ? (marks.errorOrigins.has(node.index) ? ' ✖' : ' ×') : '',
    findingMark(marks.findings.get(node.index) ?? []),
    hidden > 0 ? ` +${hidden.toLocaleString('en')}` : '',
  ]);
  const cells = barCells(context);
  fillBar(cells, node, context);
  fillCritical(cells, [node], context);
  return lineOf(context, {
    guide,
    label,
    style: isError ? paint.red : (text) => text,
    cells,
    duration: formatDuration(node.span.durationNs),
    rank: marks.ranks[node.index] ?? '',
  });
}

const MAX_NUMBERS = 3;

/** `⚑1,2`, the first of many. */
function findingMark(numbers: readonly number[]): string {
  if (numbers.length === 0) return '';
  const more = numbers.length > MAX_NUMBERS ? '…' : '';
  return ` ⚑${numbers.slice(0, MAX_NUMBERS).join(',')}${more}`;
}

function labelOf(node: TraceNode, cells: number, marks: readonly string[]): string {
  const mark = marks.join('');
  const orphan = node.missingParent === null ? '' : '⤹ ';
  const room = cells - cellWidth(mark) - cellWidth(orphan);
  return `${orphan}${fitted(narrowText(nameOf(node)), Math.max(1, room))}${mark}`;
}

function nameOf({ span, service, parent }: TraceNode): string {
  const operation = span.name || '(unnamed)';
  return parent?.service === service ? operation : `${service}: ${operation}`;
}

function foldLine({ folded, spans, errors }: FoldRow, guide: string, context: LineContext): string {
  const [first] = folded;
  const below = spans - folded.length;
  const findings = new Set(folded.flatMap(({ index }) => context.marks.findings.get(index) ?? []));
  const mark = [
    findingMark([...findings].sort((a, b) => a - b)),
    errors > 0 ? ` ✖${errors.toLocaleString('en')}` : '',
    below > 0 ? ` +${below.toLocaleString('en')}` : '',
  ].join('');
  const room = context.columns.label - cellWidth(guide) - cellWidth(mark);
  const text = `⋯ ${folded.length.toLocaleString('en')} × ${first ? nameOf(first) : ''}`;
  const cells = barCells(context);
  for (const node of folded) fillBar(cells, node, context);
  fillCritical(cells, folded, context);
  const total = folded.reduce((sum, { span }) => sum + span.durationNs, 0);
  return lineOf(context, {
    guide,
    label: `${fitted(narrowText(text), Math.max(1, room))}${mark}`,
    style: errors > 0 ? context.paint.red : context.paint.dim,
    cells,
    duration: formatDuration(nanos(total)),
    rank: 'sum',
  });
}

interface LineParts {
  readonly guide: string;
  readonly label: string;
  readonly style: (text: string) => string;
  readonly cells: readonly string[];
  readonly duration: string;
  readonly rank: string;
}

function lineOf({ columns, paint }: LineContext, parts: LineParts): string {
  const { guide, label, style, cells } = parts;
  const space = ' '.repeat(Math.max(0, columns.label - cellWidth(guide) - cellWidth(label)));
  const bar = cells.join('').replace(/█+/g, (run) => paint.yellow(run));
  const duration = parts.duration.padStart(DURATION_CELLS);
  const rank = parts.rank === '' ? '' : paint.dim(` ${parts.rank.padStart(RANK_CELLS)}`);
  return `${paint.dim(guide)}${style(label)}${space}  ${bar}  ${duration}${rank}`.trimEnd();
}

function barCells({ columns }: LineContext): string[] {
  return Array.from({ length: columns.bar }, () => ' ');
}

function cellAt(ns: number, { columns, trace }: LineContext): number {
  const scale = columns.bar / Math.max(1, trace.durationNs);
  return Math.min(columns.bar - 1, Math.max(0, Math.floor(ns * scale)));
}

/** `▒` where the span is; one shorter than a cell still gets one. */
function fillBar(cells: string[], { startNs, endNs }: TraceNode, context: LineContext): void {
  const from = cellAt(startNs, context);
  const to = Math.max(from, cellAt(Math.max(startNs, endNs - 1), context));
  cells.fill('▒', from, to + 1);
}

/** `█` where the spans are on the critical path. */
function fillCritical(cells: string[], nodes: readonly TraceNode[], context: LineContext): void {
  for (const { index } of nodes) {
    for (const { startNs, endNs } of context.marks.critical.get(index) ?? []) {
      const to = cellAt(Math.max(startNs, endNs - 1), context);
      cells.fill('█', cellAt(startNs, context), to + 1);
    }
  }
}

/** Levels of the tree drawn in front of a label; deeper ones are counted, or a deep trace would be all guides. */
const MAX_GUIDES = 8;

/** The lines of the tree in front of each row, in depth-first order: `│  ├─ `, or `»12 ` for twelve levels more. */
function treeGuides(rows: readonly WaterfallRow[]): string[] {
  const guides: string[] = Array.from({ length: rows.length });
  // From below: whether a later line continues each level's vertical rule.
  const continues: boolean[] = [];
  for (let row = rows.length - 1; row >= 0; row--) {
    const depth = rows[row]?.depth ?? 0;
    continues.length = Math.min(continues.length, depth + 1);
    guides[row] = treeGuide(depth, continues);
    while (continues.length < depth) continues.push(false);
    continues[depth] = true;
  }
  return guides;
}

function treeGuide(depth: number, continues: readonly boolean[]): string {
  if (depth === 0) return '';
  const first = Math.max(1, depth - MAX_GUIDES);
  let guide = first > 1 ? `»${first - 1} ` : '';
  for (let level = first; level < depth; level++) guide += continues[level] ? '│  ' : '   ';
  return guide + (continues[depth] ? '├─ ' : '└─ ');
}
