import type { Trace, TraceNode } from '../model/trace.ts';
import type { WaterfallMarks } from './waterfall-text.ts';

/** Which spans of a trace to draw. */
export interface WaterfallChoice {
  /** Levels of the tree to draw. */
  readonly depth: number;
  readonly criticalPathOnly: boolean;
  /** Spans to draw at most: those that matter most, and their ancestors. All by default. */
  readonly limit?: number;
  /** Whether siblings that do the same many times become one line. By default they do not. */
  readonly folds?: boolean;
}

/** One line of a waterfall: a span, or the rest of many siblings that do the same. */
export type WaterfallRow = SpanRow | FoldRow;

export interface SpanRow {
  readonly node: TraceNode;
  readonly depth: number;
  /** Spans below it that are neither drawn nor part of a fold. */
  readonly hidden: number;
}

export interface FoldRow {
  readonly node: null;
  readonly depth: number;
  /** The siblings, in the order of the tree. */
  readonly folded: readonly TraceNode[];
  /** They and everything below them. */
  readonly spans: number;
  /** Errors among these. */
  readonly errors: number;
}

export interface WaterfallRows {
  /** In the order of the tree. */
  readonly rows: readonly WaterfallRow[];
  /** Spans that are in no row. */
  readonly hidden: number;
}

/** More siblings with one service and name than this are folded, but for those that matter most. */
const MAX_ALIKE = 5;
const KEPT_OF_ALIKE = 3;

/**
 * The lines that tell most of a trace. Of many siblings that do the same, three stay: those with errors, then with most time on the
 * critical path, then the longest. If the rest is more than `limit`, error origins go first, then time on the critical path, then
 * duration. n log n, no recursion.
 */
export function waterfallRows(
  trace: Trace,
  marks: WaterfallMarks,
  choice: WaterfallChoice,
): WaterfallRows {
  const { nodes } = trace;
  const weights = weightsOf(trace, marks);
  // On the critical path alone every call counts.
  const canFold = choice.folds === true && !choice.criticalPathOnly;
  const folds = canFold ? foldsOf(trace, weights) : new Map<TraceNode, Fold>();
  const isDrawn = new Uint8Array(nodes.length);
  const foldAbove: (Fold | null)[] = [];
  for (const node of nodes) {
    const above = node.parent ? (foldAbove[node.parent.index] ?? null) : null;
    const fold = above ?? folds.get(node) ?? null;
    foldAbove.push(fold);
    if (fold) {
      fold.spans += 1;
      fold.errors += Number(node.span.statusCode === 'error');
    } else {
      const isChosen = !choice.criticalPathOnly || marks.critical.has(node.index);
      isDrawn[node.index] = Number(isChosen && node.depth < choice.depth);
    }
  }
  limitTo(trace, choice.limit ?? Number.POSITIVE_INFINITY, weights, isDrawn);
  return rowsOf(trace, isDrawn, foldAbove, choice);
}

/** What spans are compared by, by node index. */
interface Weights {
  readonly compare: (a: TraceNode, b: TraceNode) => number;
  readonly compareSubtrees: (a: TraceNode, b: TraceNode) => number;
}

function weightsOf({ nodes }: Trace, marks: WaterfallMarks): Weights {
  const own = Float64Array.from(nodes, ({ index }) =>
    (marks.critical.get(index) ?? []).reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0),
  );
  const below = own.slice();
  const errors = Uint32Array.from(nodes, ({ index }) => Number(marks.errorOrigins.has(index)));
  for (const { index, parent } of nodes.toReversed()) {
    if (!parent) continue;
    below[parent.index] = (below[parent.index] ?? 0) + (below[index] ?? 0);
    errors[parent.index] = (errors[parent.index] ?? 0) + (errors[index] ?? 0);
  }
  const isOrigin = (index: number) => Number(marks.errorOrigins.has(index));
  return {
    compare: (a, b) =>
      isOrigin(b.index) - isOrigin(a.index) ||
      (own[b.index] ?? 0) - (own[a.index] ?? 0) ||
      b.span.durationNs - a.span.durationNs ||
      a.index - b.index,
    compareSubtrees: (a, b) =>
      Number((errors[b.index] ?? 0) > 0) - Number((errors[a.index] ?? 0) > 0) ||
      (below[b.index] ?? 0) - (below[a.index] ?? 0) ||
      b.span.durationNs - a.span.durationNs ||
      a.index - b.index,
  };
}

interface Fold {
  readonly folded: readonly TraceNode[];
  spans: number;
  errors: number;
}

/** The folds that siblings belong to. */
function foldsOf(trace: Trace, { compareSubtrees }: Weights): Map<TraceNode, Fold> {
  const folds = new Map<TraceNode, Fold>();
  for (const siblings of [trace.roots, ...trace.nodes.map(({ children }) => children)]) {
    if (siblings.length <= MAX_ALIKE) continue;
    for (const alike of byOperation(siblings)) {
      if (alike.length <= MAX_ALIKE) continue;
      const kept = new Set(alike.toSorted(compareSubtrees).slice(0, KEPT_OF_ALIKE));
      const fold = { folded: alike.filter((node) => !kept.has(node)), spans: 0, errors: 0 };
      for (const node of fold.folded) folds.set(node, fold);
    }
  }
  return folds;
}

function byOperation(siblings: readonly TraceNode[]): TraceNode[][] {
  const groups = new Map<string, TraceNode[]>();
  for (const node of siblings) {
    const id = `${node.service.length}:${node.service}${node.span.name}`;
    const group = groups.get(id);
    if (group) group.push(node);
    else groups.set(id, [node]);
  }
  return [...groups.values()];
}

/** Keeps at most `limit` of the drawn spans, each with its drawn ancestors. */
function limitTo({ nodes }: Trace, limit: number, { compare }: Weights, isDrawn: Uint8Array): void {
  const wanted = nodes.filter(({ index }) => isDrawn[index] === 1);
  if (wanted.length <= limit) return;
  const kept = new Uint8Array(nodes.length);
  let room = limit;
  for (const node of wanted.toSorted(compare)) {
    if (room === 0) break;
    const missing = missingFrom(node, room, isDrawn, kept);
    if (missing.length > room) continue;
    for (const { index } of missing) kept[index] = 1;
    room -= missing.length;
  }
  isDrawn.set(kept);
}

/** A span and its ancestors as far as they are to be drawn and not kept yet; more than `room` of them are not looked for. */
function missingFrom(
  node: TraceNode,
  room: number,
  isDrawn: Uint8Array,
  kept: Uint8Array,
): TraceNode[] {
  const missing: TraceNode[] = [];
  for (let above: TraceNode | null = node; above; above = above.parent) {
    if (kept[above.index] === 1 || missing.length > room) break;
    if (isDrawn[above.index] === 1) missing.push(above);
  }
  return missing;
}

function rowsOf(
  { nodes }: Trace,
  isDrawn: Uint8Array,
  foldAbove: readonly (Fold | null)[],
  { depth }: WaterfallChoice,
): WaterfallRows {
  /** By node index: the nearest drawn span, itself or above; −1 for none. */
  const nearest = new Int32Array(nodes.length).fill(-1);
  const below = new Uint32Array(nodes.length);
  const foldsSeen = new Set<Fold>();
  const rows: (TraceNode | FoldRow)[] = [];
  let hidden = 0;
  const hide = (above: number) => {
    hidden += 1;
    if (above !== -1) below[above] = (below[above] ?? 0) + 1;
  };
  for (const node of nodes) {
    const { index } = node;
    const above = nearest[node.parent?.index ?? -1] ?? -1;
    const fold = foldAbove[index] ?? null;
    nearest[index] = isDrawn[index] === 1 ? index : above;
    if (isDrawn[index] === 1) {
      rows.push(node);
    } else if (fold === null || !hasRoom(node, isDrawn, depth, foldsSeen.has(fold))) {
      hide(above);
    } else if (!foldsSeen.has(fold)) {
      foldsSeen.add(fold);
      rows.push({ node: null, depth: node.depth, ...fold });
    }
  }
  return { rows: rows.map((row) => spanRow(row, below)), hidden };
}

/** Whether there is a line for a folded span: its fold's, below its drawn parent. */
function hasRoom(
  { depth, parent }: TraceNode,
  isDrawn: Uint8Array,
  maxDepth: number,
  isWritten: boolean,
): boolean {
  return isWritten || (depth < maxDepth && (!parent || isDrawn[parent.index] === 1));
}

function spanRow(row: TraceNode | FoldRow, below: Uint32Array): WaterfallRow {
  if ('folded' in row) return row;
  return { node: row, depth: row.depth, hidden: below[row.index] ?? 0 };
}
