import type { TraceNode } from '../../model/trace.ts';
import type { CellRange } from '../layout/bars.ts';
import { minimapLine } from '../layout/minimap.ts';
import { ancestorsLine, legendLine } from '../layout/sticky-line.ts';
import { joinParts } from '../layout/styled-parts.ts';
import { waterfallColumns } from '../layout/waterfall-columns.ts';
import type { RowState } from '../layout/waterfall-label.ts';
import { type WaterfallLook, WaterfallRows } from '../layout/waterfall-rows.ts';
import { markedWord } from '../span-matcher.ts';
import type { Brush, Context, WaterfallScreen } from '../state/app-state.ts';
import { isOpen } from '../state/fold.ts';
import type { Outline } from '../state/outline.ts';
import { windowOf } from '../state/time-window.ts';
import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import { absentView, type ScreenView } from './screen-view.ts';
import { aboutSpan, factsLine, placeOf } from './waterfall-facts.ts';

/** Draws waterfalls and keeps the rows drawn last, as most keys change one or two of them. */
export class WaterfallDrawing {
  #made: { view: TraceView; theme: Theme; look: WaterfallLook; rows: WaterfallRows } | null = null;

  view(screen: WaterfallScreen, context: Context): ScreenView {
    const loaded = context.data.trace(screen.traceId);
    if (loaded.status !== 'ready') return absentView(loaded, 'the trace', context);
    const view = loaded.value;
    const rows = this.#rows(view, lookOf(screen, view, context), context.theme);
    const visible = view.visible(screen.outline);
    const body: string[] = [];
    for (const position of visible.subarray(screen.top, screen.top + context.bodyRows)) {
      const node = view.nodes[position];
      if (!node) continue;
      const state = rowStateOf(screen.outline, node, view);
      body.push(rows.row(node, state, position === screen.selected));
    }
    return {
      facts: factsLine(screen, view, context),
      head: headLines(screen, view, visible, rows, context),
      body,
      about: aboutSpan(screen, view, context),
      place: placeOf(screen, view, visible, context.theme),
    };
  }

  #rows(view: TraceView, look: WaterfallLook, theme: Theme): WaterfallRows {
    const made = this.#made;
    if (made?.view === view && made.theme === theme && isSameLook(made.look, look))
      return made.rows;
    const rows = new WaterfallRows(view, look, theme);
    this.#made = { view, theme, look, rows };
    return rows;
  }
}

/** How a visible span stands in its row. */
export function rowStateOf(outline: Outline, node: TraceNode, view: TraceView): RowState {
  const group = view.rows.closedGroup(outline, node);
  return {
    isOpen: isOpen(outline.fold, node),
    group: group === null ? null : view.rows.groups.at(group),
    isForOthers: view.rows.isForOthers(outline, node),
  };
}

/** Minimap where there is room for it, time axis, and the ancestors of the first row or the services' colours. */
function headLines(
  screen: WaterfallScreen,
  view: TraceView,
  visible: Int32Array,
  rows: WaterfallRows,
  { columns, headRows, theme }: Context,
): string[] {
  const { outline, brush, showsSelfTime } = screen;
  const { bars, barsX } = waterfallColumns(columns, showsSelfTime);
  const axis = rows.head(brush?.on === 'axis' ? cellsOf(brush) : null);
  const first = view.nodes[visible[screen.top] ?? 0];
  const last =
    screen.top > 0 && first
      ? ancestorsLine(first, outline.root, view, columns, theme)
      : legendLine(view, outline.sieve.hidden, columns, theme);
  if (headRows < WITH_MINIMAP) return [axis, last];
  const marked = brush?.on === 'minimap' ? cellsOf(brush) : null;
  const title = theme.muted(joinParts([['  minimap']], barsX, ''));
  return [title + minimapLine(view, bars, screen.window, marked, theme), axis, last];
}

/** Title, facts, minimap, axis, ancestors. */
const WITH_MINIMAP = 5;

function cellsOf({ fromCell, toCell }: Brush): CellRange {
  return { from: Math.min(fromCell, toCell), to: Math.max(fromCell, toCell) + 1 };
}

function lookOf(
  screen: WaterfallScreen,
  view: TraceView,
  { columns, zone }: Context,
): WaterfallLook {
  const { showsCriticalPath, showsSelfTime, showsClockTime, search, outline } = screen;
  return {
    columns,
    window: windowOf(screen, view),
    showsCriticalPath,
    showsSelfTime,
    showsClockTime,
    isUtc: zone === 'utc',
    root: outline.root,
    mark: markedWord(search === '' ? outline.sieve.filter : search),
  };
}

function isSameLook(a: WaterfallLook, b: WaterfallLook): boolean {
  const { window: windowA, ...restA } = a;
  const { window: windowB, ...restB } = b;
  const isSameWindow = windowA.startNs === windowB.startNs && windowA.endNs === windowB.endNs;
  return isSameWindow && JSON.stringify(restA) === JSON.stringify(restB);
}
