import { chartColumns } from '../layout/chart-columns.ts';
import { traceColumns } from '../layout/trace-rows.ts';
import type { MouseInput } from '../terminal/mouse-input.ts';
import {
  type Context,
  type DependenciesScreen,
  type FlameScreen,
  isItems,
  type Screen,
  type Step,
  type TracesScreen,
} from './app-state.ts';
import { markApplied } from './chart-commands.ts';
import { comparedRows } from './compare-commands.ts';
import { dependenciesCommand, dependencyRows, graphNodeSelected } from './dependencies-commands.ts';
import { flameAt, flameCommand } from './flame-commands.ts';
import { rowOf } from './fold.ts';
import { shownItems } from './items-commands.ts';
import { type ListCursor, scrollBy } from './list-cursor.ts';
import { screenCommand } from './screen-command.ts';
import { sortedBy } from './traces-commands.ts';
import { queryOf } from './traces-query.ts';
import { waterfallMouse } from './waterfall-mouse.ts';

/** A mouse input that knows whether it is the second click of a double click. */
export interface ClickedInput extends MouseInput {
  readonly isDouble: boolean;
}

/** Rows per notch of the wheel. */
const WHEEL_ROWS = 3;

/** Wheel scrolls, click selects, double click opens; charts, axes and heads of columns have their own ways. */
export function mouseStep(screen: Screen, input: ClickedInput, context: Context): Step {
  const own = ownStep(screen, input, context);
  if (own) return own;
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

function ownStep(screen: Screen, input: ClickedInput, context: Context): Step | null {
  if (screen.kind === 'waterfall') {
    const view = context.data.trace(screen.traceId);
    const next =
      view.status === 'ready' ? waterfallMouse(screen, view.value, input, context) : null;
    return next && { screen: next };
  }
  if (screen.kind === 'traces') return tracesMouse(screen, input, context);
  if (screen.kind === 'dependencies' && screen.isGraph) return graphMouse(screen, input, context);
  return screen.kind === 'flame' ? flameMouse(screen, input, context) : null;
}

/** The chart is marked by dragging; the heads sort. */
function tracesMouse(screen: TracesScreen, input: ClickedInput, context: Context): Step | null {
  const { action, x, y } = input;
  const isHead = y === context.headRows - 1;
  if (action === 'down' && isHead) return { screen: sortedAt(screen, x, context) };
  const isChart = screen.chart !== 'none' && y >= 2 && y < context.headRows - 1;
  const chart = chartColumns(context.columns);
  const cell = Math.max(0, Math.min(chart.width - 1, x - chart.x));
  if (action === 'down' && isChart) {
    return { screen: { ...screen, mark: { from: cell, to: cell + 1 } } };
  }
  if (screen.mark === null) return null;
  if (action === 'drag') {
    const from = Math.min(screen.mark.from, cell);
    return { screen: { ...screen, mark: { from, to: Math.max(from + 1, cell + 1) } } };
  }
  if (action !== 'up' || screen.mark.to - screen.mark.from < 2) return null;
  return { screen: markApplied(screen, context) };
}

function flameMouse(screen: FlameScreen, input: ClickedInput, context: Context): Step {
  if (input.action === 'wheel-up') return flameCommand(screen, 'up', context);
  if (input.action === 'wheel-down') return flameCommand(screen, 'down', context);
  const at = input.action === 'down' ? flameAt(screen, input.x, input.y, context) : null;
  if (at === null) return { screen };
  const selected = { ...screen, selected: at };
  return input.isDouble ? flameCommand(selected, 'open', context) : { screen: selected };
}

/** The wheel goes from node to node; double click lists the traces of the call that leads to the node. */
function graphMouse(screen: DependenciesScreen, input: ClickedInput, context: Context): Step {
  if (input.action === 'wheel-up') return dependenciesCommand(screen, 'up', context);
  if (input.action === 'wheel-down') return dependenciesCommand(screen, 'down', context);
  const isClick = input.action === 'down' && input.button === 'left';
  const next = isClick ? graphNodeSelected(screen, input.x, input.y, context) : null;
  if (!next) return { screen };
  return input.isDouble ? dependenciesCommand(next, 'open', context) : { screen: next };
}

function wheel(screen: Screen, context: Context, by: 1 | -1): Step {
  if (screen.kind === 'span' || screen.kind === 'flame') {
    return { screen: { ...screen, top: screen.top + by * WHEEL_ROWS } };
  }
  const { count } = listOf(screen, context);
  const cursor = scrollBy(cursorOf(screen, context), by * WHEEL_ROWS, count, context.bodyRows);
  return { screen: withCursor(screen, cursor, context) };
}

function click(screen: Screen, { y, isDouble }: ClickedInput, context: Context): Step {
  const row = y - context.headRows;
  if (screen.kind === 'span' || screen.kind === 'flame') return { screen };
  if (row < 0 || row >= context.bodyRows) return { screen };
  const cursor = cursorOf(screen, context);
  const selected = cursor.top + row;
  if (selected >= listOf(screen, context).count) return { screen };
  const next = withCursor(screen, { ...cursor, selected }, context);
  return isDouble ? screenCommand(next, 'open', context) : { screen: next };
}

function sortedAt(screen: TracesScreen, x: number, context: Context): TracesScreen {
  const shown = traceColumns(context.columns, context.traceColumns);
  const column = shown.find((at) => x >= at.x && x < at.x + at.width);
  return column?.sort ? sortedBy(screen, column.sort) : screen;
}

type ListScreen = Exclude<Screen, { kind: 'span' | 'flame' }>;

const NO_ROWS = new Int32Array();

/** How many rows a screen has, and for a waterfall which span is in which. */
function listOf(screen: ListScreen, context: Context): { count: number; visible: Int32Array } {
  if (screen.kind === 'waterfall') {
    const view = context.data.trace(screen.traceId);
    const visible = view.status === 'ready' ? view.value.visible(screen.outline) : NO_ROWS;
    return { count: visible.length, visible };
  }
  return { count: countOf(screen, context), visible: NO_ROWS };
}

function countOf(screen: Exclude<ListScreen, { kind: 'waterfall' }>, context: Context): number {
  if (isItems(screen)) return shownItems(screen, context).length;
  switch (screen.kind) {
    case 'traces': {
      const list = context.data.list(queryOf(screen));
      return list.status === 'ready' ? list.value.count : 0;
    }
    case 'dependencies':
      // In a graph nothing lies in rows.
      return screen.isGraph ? 0 : dependencyRows(screen, context).length;
    case 'compare': {
      const rows = comparedRows(screen, context);
      return rows.status === 'ready' ? rows.value.length : 0;
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
