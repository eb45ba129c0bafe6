import { selfTimes } from '../../analysis/self-time.ts';
import type { Loaded } from '../app-data.ts';
import { type FlameTree, FlameTreeBuilder } from '../flame-tree.ts';
import type { CommandId } from '../keymap.ts';
import { type FlameCell, flameCells } from '../layout/flame-cells.ts';
import type { TraceView } from '../trace-view.ts';
import type { Context, FlameScreen, Selection, Step } from './app-state.ts';
import { waterfallOf } from './waterfall-screen.ts';

const ofTraces = new WeakMap<TraceView, FlameTree>();

/** The call paths of a trace or of many, once they are there. */
export function flameOf(of: Selection, { data }: Context): Loaded<FlameTree> {
  if (of.kind === 'traces') {
    const loaded = data.analysis(of.filter);
    return loaded.status === 'ready' ? { status: 'ready', value: loaded.value.flame } : loaded;
  }
  const loaded = data.trace(of.traceId);
  if (loaded.status !== 'ready') return loaded;
  const known = ofTraces.get(loaded.value);
  if (known) return { status: 'ready', value: known };
  const builder = new FlameTreeBuilder();
  builder.add(loaded.value.trace, selfTimes(loaded.value.trace));
  const value = builder.result();
  ofTraces.set(loaded.value, value);
  return { status: 'ready', value };
}

export function flameScreen(of: Selection): FlameScreen {
  return { kind: 'flame', of, selected: 0, root: -1, top: 0 };
}

type Command = (screen: FlameScreen) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  open: zoomed,
  'zoom-span': zoomed,
  'zoom-reset': (screen) => ({ screen: { ...screen, root: -1 } }),
  waterfall: opensWaterfall,
};

export function flameCommand(screen: FlameScreen, command: CommandId, context: Context): Step {
  const loaded = flameOf(screen.of, context);
  if (loaded.status !== 'ready') return { screen };
  const move = MOVES[command];
  if (!move) return COMMANDS[command]?.(screen) ?? { screen };
  const tree = loaded.value;
  const rows = flameCells(tree, screen.root, context.columns);
  const level = rows.findIndex((row) => row.some(({ at }) => at === screen.selected));
  const selected = move({ rows, level, selected: screen.selected, tree });
  return { screen: { ...screen, selected: selected ?? screen.selected } };
}

function zoomed(screen: FlameScreen): Step {
  const isZoomed = screen.root === screen.selected;
  return { screen: { ...screen, root: isZoomed ? -1 : screen.selected } };
}

function opensWaterfall(screen: FlameScreen): Step {
  if (screen.of.kind === 'trace') {
    return { screen, push: waterfallOf(screen.of.traceId) };
  }
  return { screen, message: { text: 'these are many traces', tone: 'warning' } };
}

/** What is drawn, and where in it one is. */
interface Place {
  readonly rows: readonly (readonly FlameCell[])[];
  readonly level: number;
  readonly selected: number;
  readonly tree: FlameTree;
}

/** The path that a move leads to; undefined where there is none. Only paths that are drawn can be selected. */
const MOVES: Partial<Record<CommandId, (place: Place) => number | undefined>> = {
  down: ({ rows, level, selected, tree }) =>
    rows[level + 1]?.find(({ at }) => tree.nodes[at]?.parent === selected)?.at,
  up: ({ level, selected, tree }) => (level > 0 ? tree.nodes[selected]?.parent : undefined),
  'next-sibling': (place) => beside(place, 1),
  'previous-sibling': (place) => beside(place, -1),
  first: ({ rows }) => rows[0]?.[0]?.at,
  last: ({ rows }) => rows.at(-1)?.[0]?.at,
};

function beside({ rows, level, selected }: Place, by: 1 | -1): number | undefined {
  const row = rows[level] ?? [];
  return row[row.findIndex(({ at }) => at === selected) + by]?.at;
}

/** The screen with a path selected that is drawn, and its level in sight. */
export function settleFlame(screen: FlameScreen, context: Context): FlameScreen {
  const loaded = flameOf(screen.of, context);
  if (loaded.status !== 'ready') return screen;
  const rows = flameCells(loaded.value, screen.root, context.columns);
  const level = rows.findIndex((row) => row.some(({ at }) => at === screen.selected));
  if (level < 0) return { ...screen, selected: rows[0]?.[0]?.at ?? 0, top: 0 };
  const lowest = Math.max(0, level - context.bodyRows + 1);
  return { ...screen, top: Math.max(lowest, Math.min(screen.top, level)) };
}

/** The path that is drawn at a place of the terminal; null where none is. */
export function flameAt(
  screen: FlameScreen,
  x: number,
  y: number,
  context: Context,
): number | null {
  const loaded = flameOf(screen.of, context);
  if (loaded.status !== 'ready' || y < context.headRows) return null;
  const row = flameCells(loaded.value, screen.root, context.columns)[
    screen.top + y - context.headRows
  ];
  return row?.find(({ from, to }) => x >= from && x < to)?.at ?? null;
}
