import type { ServiceDependencies } from '../../analysis/service-dependencies.ts';
import { callQuery } from '../call-query.ts';
import { dependencyForest, type ForestRow, visibleDependencies } from '../dependency-forest.ts';
import type { CommandId } from '../keymap.ts';
import { graphLayout } from '../layout/graph-layout.ts';
import { type GraphDrawing, graphNodeAt, graphRows, graphTop } from '../layout/graph-rows.ts';
import { type Context, type DependenciesScreen, FIRST_TRACES, type Step } from './app-state.ts';
import { clampRow, rowsOf, topShowing } from './list-cursor.ts';

/** The rows that are shown, none while the dependencies are not there. */
export function dependencyRows(
  { folded, filter }: DependenciesScreen,
  { data }: Context,
): readonly ForestRow[] {
  const analysis = data.analysis(filter);
  if (analysis.status !== 'ready') return [];
  return visibleDependencies(dependencyForest(analysis.value.dependencies), folded);
}

/** The drawing of the graph with a node selected. */
export function dependencyGraph(
  dependencies: ServiceDependencies,
  selected: ForestRow['node']['id'] | undefined,
  { columns, theme }: Context,
): GraphDrawing {
  const nodes = new Map(dependencies.nodes.map((node) => [String(node.id), node]));
  const look = { columns, selected: String(selected ?? ''), theme };
  return graphRows(graphLayout(dependencies), nodes, look);
}

/** The screen with the node of the graph selected that is at a place of the terminal; null where none is. */
export function graphNodeSelected(
  screen: DependenciesScreen,
  x: number,
  y: number,
  context: Context,
): DependenciesScreen | null {
  const analysis = context.data.analysis(screen.filter);
  if (analysis.status !== 'ready' || y < context.headRows) return null;
  const { dependencies } = analysis.value;
  const rows = dependencyRows(screen, context);
  const drawing = dependencyGraph(dependencies, rows[screen.selected]?.node.id, context);
  const line = graphTop(drawing, context.bodyRows) + y - context.headRows;
  const id = graphNodeAt(graphLayout(dependencies), context.columns, x, line);
  const selected = rows.findIndex(({ node }) => String(node.id) === id);
  return selected < 0 ? null : { ...screen, selected };
}

type Command = (screen: DependenciesScreen, context: Context) => Step;
type RowCommand = (screen: DependenciesScreen, row: ForestRow, rows: readonly ForestRow[]) => Step;

const COMMANDS: Partial<Record<CommandId, Command>> = {
  graph: (screen) => ({ screen: { ...screen, isGraph: !screen.isGraph } }),
  'expand-all': (screen) => ({ screen: { ...screen, folded: new Set() } }),
  'collapse-all': (screen, context) => ({ screen: allFolded(screen, context) }),
};

/** Commands about the selected row. */
const ROW_COMMANDS: Partial<Record<CommandId, RowCommand>> = {
  open: openTraces,
  fold: (screen, row) => ({ screen: withFolded(screen, row, !screen.folded.has(row.path)) }),
  collapse: (screen, row, rows) => ({
    screen:
      row.hasChildren && !screen.folded.has(row.path)
        ? withFolded(screen, row, true)
        : { ...screen, selected: parentRow(rows, screen.selected) },
  }),
  expand: (screen, row) => {
    if (screen.folded.has(row.path)) return { screen: withFolded(screen, row, false) };
    return { screen: { ...screen, selected: screen.selected + Number(row.hasChildren) } };
  },
};

export function dependenciesCommand(
  screen: DependenciesScreen,
  command: CommandId,
  context: Context,
): Step {
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: { ...screen, selected: screen.selected + by } };
  const general = COMMANDS[command];
  if (general) return general(screen, context);
  const rows = dependencyRows(screen, context);
  if (screen.isGraph && (command === 'expand' || command === 'collapse')) {
    return { screen: acrossGraph(screen, rows, command === 'expand' ? 1 : -1) };
  }
  const row = rows[screen.selected];
  return (row && ROW_COMMANDS[command]?.(screen, row, rows)) ?? { screen };
}

/** The screen with the selection inside the rows. */
export function settleDependencies(
  screen: DependenciesScreen,
  context: Context,
): DependenciesScreen {
  const { length } = dependencyRows(screen, context);
  const selected = clampRow(screen.selected, length);
  return { ...screen, selected, top: topShowing(screen.top, selected, length, context.bodyRows) };
}

/** The traces of the call that leads to the row; of a root those of the service. */
function openTraces(screen: DependenciesScreen, { node, parent }: ForestRow): Step {
  const text = parent && callQuery(parent.node, node);
  if (text !== null) return searched(screen, text);
  // What `user` calls is called by nobody in the data.
  if (node.type === 'service') {
    return { screen, push: { ...FIRST_TRACES, service: node.name, scope: screen.filter } };
  }
  const what = `${node.name} sends no spans of its own: open the service that calls it`;
  return { screen, message: { text: what, tone: 'warning' } };
}

function searched(screen: DependenciesScreen, text: string): Step {
  return {
    screen,
    push: { ...FIRST_TRACES, scope: screen.filter },
    message: { text: `searching for ${text}`, tone: 'plain' },
    effect: { kind: 'find', text, filter: screen.filter },
  };
}

/** In the graph: to the first that is called, or back to the caller. */
function acrossGraph(
  screen: DependenciesScreen,
  rows: readonly ForestRow[],
  by: 1 | -1,
): DependenciesScreen {
  const row = rows[screen.selected];
  const selected =
    by > 0 ? screen.selected + Number(row?.hasChildren) : parentRow(rows, screen.selected);
  return { ...screen, selected };
}

function withFolded(
  screen: DependenciesScreen,
  { path, hasChildren }: ForestRow,
  isFolded: boolean,
): DependenciesScreen {
  if (!hasChildren) return screen;
  const folded = new Set(screen.folded);
  if (isFolded) folded.add(path);
  else folded.delete(path);
  return { ...screen, folded };
}

function allFolded(screen: DependenciesScreen, context: Context): DependenciesScreen {
  const all = dependencyRows({ ...screen, folded: new Set() }, context);
  const folded = all.filter(({ hasChildren }) => hasChildren).map(({ path }) => path);
  return { ...screen, folded: new Set(folded), selected: 0 };
}

function parentRow(rows: readonly ForestRow[], selected: number): number {
  const depth = rows[selected]?.depth ?? 0;
  const above = rows.findLastIndex((row, i) => i < selected && row.depth < depth);
  return above < 0 ? selected : above;
}
