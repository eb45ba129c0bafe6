import { narrowText } from '../../report/clean-text.ts';
import { shortTraceId } from '../../report/trace-id-text.ts';
import type { Loaded } from '../app-data.ts';
import { alignedTrees, type CompareRow, verdictOf } from '../compare-tree.ts';
import type { CommandId } from '../keymap.ts';
import type { CompareScreen, Context, Selection, Step } from './app-state.ts';
import { flameOf } from './flame-commands.ts';
import { clampRow, rowsOf, topShowing } from './list-cursor.ts';
import { waterfallOf } from './waterfall-screen.ts';

/** The rows of a comparison once both sides are there. */
export function comparedRows(
  screen: CompareScreen,
  context: Context,
): Loaded<readonly CompareRow[]> {
  const a = flameOf(screen.a, context);
  if (a.status !== 'ready') return a;
  const b = flameOf(screen.b, context);
  if (b.status !== 'ready') return b;
  const rows = alignedTrees(a.value, b.value);
  return { status: 'ready', value: screen.isChangedOnly ? changedRows(rows) : rows };
}

const changed = new WeakMap<readonly CompareRow[], readonly CompareRow[]>();

/** Rows that differ, and the way to them. */
function changedRows(rows: readonly CompareRow[]): readonly CompareRow[] {
  const known = changed.get(rows);
  if (known) return known;
  const kept = new Set<CompareRow>();
  for (const row of rows) {
    if (verdictOf(row) === 'same') continue;
    for (let at: CompareRow | null = row; at && !kept.has(at); at = at.parent) kept.add(at);
  }
  const found = rows.filter((row) => kept.has(row));
  changed.set(rows, found);
  return found;
}

export function compareScreen(a: Selection, b: Selection): CompareScreen {
  return { kind: 'compare', a, b, isChangedOnly: false, selected: 0, top: 0 };
}

/** What a side of a comparison is called. */
export function nameOf(of: Selection): string {
  return of.kind === 'trace' ? `trace ${shortTraceId(of.traceId)}` : narrowText(of.label);
}

type Command = (screen: CompareScreen, context: Context) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  'changed-only': (screen) => ({ screen: { ...screen, isChangedOnly: !screen.isChangedOnly } }),
  swap: (screen) => ({ screen: { ...screen, a: screen.b, b: screen.a } }),
  'next-change': (screen, context) => jumpedToChange(screen, context, 1),
  'previous-change': (screen, context) => jumpedToChange(screen, context, -1),
  open: openedSide,
};

export function compareCommand(screen: CompareScreen, command: CommandId, context: Context): Step {
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: { ...screen, selected: screen.selected + by } };
  return COMMANDS[command]?.(screen, context) ?? { screen };
}

function jumpedToChange(screen: CompareScreen, context: Context, by: 1 | -1): Step {
  const rows = comparedRows(screen, context);
  if (rows.status !== 'ready') return { screen };
  const isChanged = (row: CompareRow) => verdictOf(row) !== 'same';
  for (let i = screen.selected + by; i >= 0 && i < rows.value.length; i += by) {
    const row = rows.value[i];
    if (row && isChanged(row)) return { screen: { ...screen, selected: i } };
  }
  return { screen, message: { text: 'no other difference there', tone: 'warning' } };
}

/** The newer side, where there is one trace of it. */
function openedSide(screen: CompareScreen): Step {
  const side = screen.b.kind === 'trace' ? screen.b : screen.a;
  if (side.kind !== 'trace') {
    return { screen, message: { text: 'both sides are many traces', tone: 'warning' } };
  }
  return { screen, push: waterfallOf(side.traceId) };
}

export function settleCompare(screen: CompareScreen, context: Context): CompareScreen {
  const rows = comparedRows(screen, context);
  if (rows.status !== 'ready') return screen;
  const { length } = rows.value;
  const selected = clampRow(screen.selected, length);
  return { ...screen, selected, top: topShowing(screen.top, selected, length, context.bodyRows) };
}
