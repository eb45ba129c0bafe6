import { GUTTER, waterfallColumns } from '../layout/waterfall-columns.ts';
import { labelSpace } from '../layout/waterfall-label.ts';
import type { TraceView } from '../trace-view.ts';
import type { Brush, Context, WaterfallScreen } from './app-state.ts';
import type { ClickedInput } from './mouse.ts';
import { panned, windowBetween, windowOf, zoomedAround } from './time-window.ts';
import { waterfallCommand } from './waterfall-commands.ts';
import { withWindow } from './zoom-commands.ts';

/** Each notch of the wheel with ctrl shows so much of the time shown before. */
const WHEEL_ZOOM = 0.7;
/** Part of the shown time that a notch with shift pans by. */
const WHEEL_PAN = 0.1;

/** What the mouse does to the time axis, the minimap, the bars and the fold signs; null where it does what it does to every list. */
export function waterfallMouse(
  screen: WaterfallScreen,
  view: TraceView,
  input: ClickedInput,
  context: Context,
): WaterfallScreen | null {
  const { bars, barsX } = waterfallColumns(context.columns, screen.showsSelfTime);
  const cell = Math.max(0, Math.min(bars - 1, input.x - barsX));
  switch (input.action) {
    case 'wheel-up':
    case 'wheel-down':
      return wheeled(screen, view, input, (cell + 0.5) / bars);
    case 'down':
      return pressed(screen, view, input, cell, context);
    case 'drag':
      return screen.brush && { ...screen, brush: { ...screen.brush, toCell: cell } };
    case 'up':
      return screen.brush && released(screen, screen.brush, view, bars);
    case 'move':
      return null;
  }
}

/** With ctrl zooms at the pointer, with shift pans. */
function wheeled(
  screen: WaterfallScreen,
  view: TraceView,
  { action, ctrl, shift }: ClickedInput,
  at: number,
): WaterfallScreen | null {
  const isUp = action === 'wheel-up';
  if (shift) return { ...screen, window: panned(screen, view, isUp ? -WHEEL_PAN : WHEEL_PAN) };
  if (!ctrl) return null;
  const factor = isUp ? WHEEL_ZOOM : 1 / WHEEL_ZOOM;
  return { ...screen, window: zoomedAround(screen, view, at, factor) };
}

function pressed(
  screen: WaterfallScreen,
  view: TraceView,
  { button, x, y }: ClickedInput,
  cell: number,
  context: Context,
): WaterfallScreen | null {
  const { barsX } = waterfallColumns(context.columns, screen.showsSelfTime);
  const axisY = context.headRows - 2;
  if (button !== 'left') return null;
  if (x >= barsX && (y === axisY || (y === axisY - 1 && y >= 2))) {
    const brush: Brush = { on: y === axisY ? 'axis' : 'minimap', fromCell: cell, toCell: cell };
    return { ...screen, brush };
  }
  return foldedAt(screen, view, x, screen.top + y - context.headRows, context);
}

/** The sign before a name folds and unfolds. */
function foldedAt(
  screen: WaterfallScreen,
  view: TraceView,
  x: number,
  row: number,
  context: Context,
): WaterfallScreen | null {
  const position = row < screen.top ? undefined : view.visible(screen.outline)[row];
  const node = view.nodes[position ?? -1];
  if (!node || (node.children.length === 0 && view.rows.closedGroup(screen.outline, node) === null))
    return null;
  const { label } = waterfallColumns(context.columns, screen.showsSelfTime);
  const look = { width: label, root: screen.outline.root, mark: '' };
  const { cells, cellsPerLevel, baseDepth } = labelSpace(view, look);
  const signX = GUTTER + (node.depth - baseDepth) * cellsPerLevel;
  if (x !== signX || signX > GUTTER + cells) return null;
  const selected = { ...screen, selected: node.index };
  const { screen: folded } = waterfallCommand(selected, 'fold', context);
  return folded.kind === 'waterfall' ? folded : null;
}

/** A mark becomes the shown time; a mere click on the minimap brings that moment to the middle. */
function released(
  screen: WaterfallScreen,
  brush: Brush,
  view: TraceView,
  bars: number,
): WaterfallScreen {
  const rest = { ...screen, brush: null };
  const { durationNs } = view.trace;
  const [from, to] = [
    Math.min(brush.fromCell, brush.toCell),
    Math.max(brush.fromCell, brush.toCell),
  ];
  const shown = brush.on === 'axis' ? windowOf(screen, view) : null;
  const startNs = shown?.startNs ?? 0;
  const cellNs = ((shown?.endNs ?? durationNs) - startNs) / bars;
  if (from < to) {
    const window = windowBetween(startNs + from * cellNs, startNs + (to + 1) * cellNs, durationNs);
    return withWindow(rest, window);
  }
  if (brush.on === 'axis' || screen.window === null) return rest;
  const half = (screen.window.endNs - screen.window.startNs) / 2;
  const middle = Math.max(half, Math.min(durationNs - half, (from + 0.5) * cellNs));
  return withWindow(rest, windowBetween(middle - half, middle + half, durationNs));
}
