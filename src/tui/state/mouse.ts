import { traceColumns } from '../layout/trace-rows.ts';
import type { MouseInput } from '../terminal/mouse-input.ts';
import type { Context, Screen, Step, TracesScreen } from './app-state.ts';
import { dependenciesCommand, dependencyRows } from './dependencies-commands.ts';
import { rowOf } from './fold.ts';
import { type ListCursor, scrollBy } from './list-cursor.ts';
import { queryOf, sortedBy, tracesCommand } from './traces-commands.ts';
import { waterfallCommand } from './waterfall-commands.ts';
import { waterfallMouse } from './waterfall-mouse.ts';

/** A mouse input that knows whether it is the second click of a double click. */
export interface ClickedInput extends MouseInput {
  readonly isDouble: boolean;
}

/** Rows per notch of the wheel. */
const WHEEL_ROWS = 3;

/** Wheel scrolls (with ctrl it zooms), click selects, double click opens, click on a column's head sorts. */
export function mouseStep(screen: Screen, input: ClickedInput, context: Context): Step {
  if (screen.kind === 'waterfall') {
    const view = context.data.trace(screen.traceId);
    const next =
      view.status === 'ready' ? waterfallMouse(screen, view.value, input, context) : null;
    if (next) return { screen: next };
  }
  switch (input.action) {
    case 'wheel-up':
      return wheel(screen, context, -1);
    case 'wheel-down':
      return wheel(screen, context, 1);
    case 'down':
      return input.button === 'left' ? click(screen, input, context) : { screen };
    case 'up':
    case 'drag':
    case 'move':
      return { screen };
  }
}

function wheel(screen: Screen, context: Context, by: 1 | -1): Step {
  if (screen.kind === 'span') return { screen: { ...screen, top: screen.top + by * WHEEL_ROWS } };
  const { count } = listOf(screen, context);
  const cursor = scrollBy(cursorOf(screen, context), by * WHEEL_ROWS, count, context.bodyRows);
  return { screen: withCursor(screen, cursor, context) };
}

function click(screen: Screen, { x, y, isDouble }: ClickedInput, context: Context): Step {
  if (screen.kind === 'traces' && y === context.headRows - 1)
    return { screen: sortedAt(screen, x, context) };
  const row = y - context.headRows;
  if (screen.kind === 'span' || row < 0 || row >= context.bodyRows) return { screen };
  const cursor = cursorOf(screen, context);
  const selected = cursor.top + row;
  if (selected >= listOf(screen, context).count) return { screen };
  const next = withCursor(screen, { ...cursor, selected }, context);
  return isDouble ? opened(next, context) : { screen: next };
}

function sortedAt(screen: TracesScreen, x: number, { columns }: Context): TracesScreen {
  const column = traceColumns(columns).find((at) => x >= at.x && x < at.x + at.width);
  return column?.sort ? sortedBy(screen, column.sort) : screen;
}

function opened(screen: Screen, context: Context): Step {
  switch (screen.kind) {
    case 'traces':
      return tracesCommand(screen, 'open', context);
    case 'waterfall':
      return waterfallCommand(screen, 'open', context);
    case 'dependencies':
      return dependenciesCommand(screen, 'open', context);
    case 'span':
      return { screen };
  }
}

type ListScreen = Exclude<Screen, { kind: 'span' }>;

/** How many rows a screen has, and for a waterfall which span is in which. */
function listOf(screen: ListScreen, context: Context): { count: number; visible: Int32Array } {
  const visible = new Int32Array();
  switch (screen.kind) {
    case 'traces': {
      const list = context.data.list(queryOf(screen));
      return { count: list.status === 'ready' ? list.value.count : 0, visible };
    }
    case 'dependencies':
      return { count: dependencyRows(screen, context).length, visible };
    case 'waterfall': {
      const view = context.data.trace(screen.traceId);
      if (view.status !== 'ready') return { count: 0, visible };
      const shown = view.value.visible(screen.outline);
      return { count: shown.length, visible: shown };
    }
  }
}

function cursorOf(screen: ListScreen, context: Context): ListCursor {
  if (screen.kind !== 'waterfall') return screen;
  const { visible } = listOf(screen, context);
  return { top: screen.top, selected: rowOf(visible, screen.selected) };
}

function withCursor<S extends ListScreen>(screen: S, cursor: ListCursor, context: Context): S {
  if (screen.kind !== 'waterfall') return { ...screen, ...cursor };
  const { visible } = listOf(screen, context);
  return { ...screen, top: cursor.top, selected: visible[cursor.selected] ?? screen.selected };
}
