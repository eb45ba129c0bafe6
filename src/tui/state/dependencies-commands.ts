import { type DependencyRow, dependencyForest, visibleDependencies } from '../dependency-forest.ts';
import type { CommandId } from '../keymap.ts';
import {
  type Context,
  DEPENDENCY_SORTS,
  type DependenciesScreen,
  FIRST_TRACES,
  type Step,
} from './app-state.ts';
import { clampRow, rowsOf, topShowing } from './list-cursor.ts';

export const FIRST_DEPENDENCIES: DependenciesScreen = {
  kind: 'dependencies',
  sort: 'calls',
  descending: true,
  folded: new Set(),
  selected: 0,
  top: 0,
};

/** The rows that are shown, none while the dependencies are not there. */
export function dependencyRows(
  { sort, descending, folded }: DependenciesScreen,
  { data }: Context,
): readonly DependencyRow[] {
  const dependencies = data.dependencies();
  if (dependencies.status !== 'ready') return [];
  return visibleDependencies(dependencyForest(dependencies.value, sort, descending), folded);
}

export function dependenciesCommand(
  screen: DependenciesScreen,
  command: CommandId,
  context: Context,
): Step {
  const by = rowsOf(command, context.bodyRows);
  if (by !== null) return { screen: { ...screen, selected: screen.selected + by } };
  switch (command) {
    case 'sort':
      return { screen: { ...screen, sort: nextSort(screen) } };
    case 'reverse':
      return { screen: { ...screen, descending: !screen.descending } };
    case 'expand-all':
      return { screen: { ...screen, folded: new Set() } };
    default:
      return rowCommand(screen, command, context);
  }
}

/** Commands about the selected row. */
function rowCommand(screen: DependenciesScreen, command: CommandId, context: Context): Step {
  const rows = dependencyRows(screen, context);
  const row = rows[screen.selected];
  if (!row) return { screen };
  switch (command) {
    case 'open':
      return openTraces(screen, row);
    case 'fold':
      return { screen: withFolded(screen, row, !screen.folded.has(row.path)) };
    case 'collapse':
      if (row.hasChildren && !screen.folded.has(row.path)) {
        return { screen: withFolded(screen, row, true) };
      }
      return { screen: { ...screen, selected: Math.max(0, parentRow(rows, screen.selected)) } };
    case 'expand':
      if (screen.folded.has(row.path)) return { screen: withFolded(screen, row, false) };
      return { screen: row.hasChildren ? { ...screen, selected: screen.selected + 1 } : screen };
    case 'collapse-all':
      return { screen: allFolded(screen, context) };
    default:
      return { screen };
  }
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

function openTraces(screen: DependenciesScreen, { node }: DependencyRow): Step {
  if (node.type !== 'service') {
    const text = `${node.name} sends no spans of its own: open the service that calls it`;
    return { screen, message: { text, tone: 'warning' } };
  }
  return { screen, push: { ...FIRST_TRACES, service: node.name } };
}

function withFolded(
  screen: DependenciesScreen,
  { path, hasChildren }: DependencyRow,
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

function parentRow(rows: readonly DependencyRow[], selected: number): number {
  const depth = rows[selected]?.depth ?? 0;
  return depth === 0 ? selected : rows.findLastIndex((row, i) => i < selected && row.depth < depth);
}

function nextSort({ sort }: DependenciesScreen): DependenciesScreen['sort'] {
  const next = (DEPENDENCY_SORTS.indexOf(sort) + 1) % DEPENDENCY_SORTS.length;
  return DEPENDENCY_SORTS[next] ?? 'calls';
}
