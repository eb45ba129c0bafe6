import type { ChalkInstance } from 'chalk';
import stringWidth from 'string-width';
import type { Trace, TraceNode } from '../model/trace.ts';
import { narrowText } from './clean-text.ts';
import { formatDuration } from './format-duration.ts';
import { fitted } from './render-table.ts';

/** An interval of a trace, as offsets from its start in nanoseconds. */
export interface Interval {
  readonly startNs: number;
  readonly endNs: number;
}

/** What to mark in a waterfall. */
export interface WaterfallMarks {
  /** The parts of each span that are on the critical path, by node index. */
  readonly critical: ReadonlyMap<number, readonly Interval[]>;
  /** Error spans that no other error explains, by node index. */
  readonly errorOrigins: ReadonlySet<number>;
}

export interface WaterfallOptions {
  readonly width: number;
  readonly paint: ChalkInstance;
  /** Levels of the tree to draw; deeper spans are counted in a line. */
  readonly depth: number;
  readonly criticalPathOnly: boolean;
}

/**
 * A trace as one line per span: the tree, the span's time in the trace, its duration. A service is named where it takes over.
 *
 *     web: GET /checkout          ▒▒▒▒██████████████████████▒▒▒  1.20s
 *     ├─ cart: GET /cart          ░░░▒▒▒                          110ms
 *     └─ pay: POST /charge ✖          ████████████████████████    1.00s
 */
export function waterfallText(
  trace: Trace,
  marks: WaterfallMarks,
  options: WaterfallOptions,
): string {
  const nodes = trace.nodes.filter(
    (node) =>
      node.depth < options.depth && (!options.criticalPathOnly || marks.critical.has(node.index)),
  );
  const columns = columnsFor(options.width);
  const guides = treeGuides(nodes);
  const lines = nodes.map((node, row) =>
    spanLine(node, guides[row] ?? '', { trace, marks, columns, paint: options.paint }),
  );
  const hidden = trace.nodes.length - nodes.length;
  if (hidden > 0) lines.push(options.paint.dim(`… ${hidden.toLocaleString('en')} spans not drawn`));
  return `${lines.join('\n')}\n`;
}

interface Columns {
  readonly label: number;
  readonly bar: number;
}

const DURATION_CELLS = 7;

function columnsFor(width: number): Columns {
  const label = Math.max(24, Math.floor(width * 0.45));
  return { label, bar: Math.max(10, width - label - DURATION_CELLS - 4) };
}

interface LineContext {
  readonly trace: Trace;
  readonly marks: WaterfallMarks;
  readonly columns: Columns;
  readonly paint: ChalkInstance;
}

function spanLine(node: TraceNode, guide: string, context: LineContext): string {
  const { marks, columns, paint } = context;
  const isError = node.span.statusCode === 'error';
  const mark = isError ? (marks.errorOrigins.has(node.index) ? ' ✖' : ' ×') : '';
  const orphan = node.missingParent === null ? '' : '⤹ ';
  const operation = node.span.name || '(unnamed)';
  const isSameService = node.parent?.service === node.service;
  const name = isSameService ? operation : `${node.service}: ${operation}`;
  const room = columns.label - stringWidth(guide) - stringWidth(mark) - stringWidth(orphan);
  const label = `${orphan}${fitted(narrowText(name), Math.max(1, room))}${mark}`;
  const space = ' '.repeat(Math.max(0, columns.label - stringWidth(guide) - stringWidth(label)));
  const shown = isError ? paint.red(label) : label;
  const bar = spanBar(node, context);
  const duration = formatDuration(node.span.durationNs).padStart(DURATION_CELLS);
  return `${paint.dim(guide)}${shown}${space}  ${bar}  ${duration}`;
}

/** `█` where the span is on the critical path, `▒` where it is not; a span shorter than a cell still gets one. */
function spanBar(node: TraceNode, { trace, marks, columns, paint }: LineContext): string {
  const scale = columns.bar / Math.max(1, trace.durationNs);
  const cellAt = (ns: number) => Math.min(columns.bar - 1, Math.max(0, Math.floor(ns * scale)));
  const from = cellAt(node.startNs);
  const to = Math.max(from, cellAt(Math.max(node.startNs, node.endNs - 1)));
  const cells: string[] = Array.from({ length: columns.bar }, () => ' ');
  cells.fill('▒', from, to + 1);
  for (const { startNs, endNs } of marks.critical.get(node.index) ?? []) {
    cells.fill('█', cellAt(startNs), cellAt(Math.max(startNs, endNs - 1)) + 1);
  }
  return cells.join('').replace(/█+/g, (run) => paint.yellow(run));
}

/** Levels of the tree drawn in front of a label; deeper ones are counted, or a deep trace would be all guides. */
const MAX_GUIDES = 8;

/** The lines of the tree in front of each of `nodes`, which are in depth-first order: `│  ├─ `, or `»12 ` for twelve levels more. */
function treeGuides(nodes: readonly TraceNode[]): string[] {
  const guides: string[] = Array.from({ length: nodes.length });
  // From below: whether a later line continues each level's vertical rule.
  const continues: boolean[] = [];
  for (let row = nodes.length - 1; row >= 0; row--) {
    const depth = nodes[row]?.depth ?? 0;
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
