import { narrowText } from '../../report/clean-text.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { callsOf, dependencyForest, type ForestRow } from '../dependency-forest.ts';
import { type DependencyLook, dependencyHead, dependencyRow } from '../layout/dependency-rows.ts';
import { graphTop } from '../layout/graph-rows.ts';
import { joinParts, type Part } from '../layout/styled-parts.ts';
import type { Context, DependenciesScreen } from '../state/app-state.ts';
import { dependencyGraph, dependencyRows } from '../state/dependencies-commands.ts';
import type { Theme } from '../theme.ts';
import { absentView, emptyView, type ScreenView } from './screen-view.ts';

export function dependenciesView(screen: DependenciesScreen, context: Context): ScreenView {
  const loaded = context.data.analysis(screen.filter);
  if (loaded.status !== 'ready') return absentView(loaded, 'all traces', context);
  const { theme, columns, bodyRows } = context;
  const { dependencies } = loaded.value;
  const { nodes, edges, stats } = dependencies;
  if (nodes.length === 0) return emptyView(['the store holds no traces'], context, theme.muted);
  const all = dependencyForest(dependencies);
  const look: DependencyLook = {
    columns,
    deepest: all.reduce((most, { depth }) => Math.max(most, depth), 0),
    shortestNs: all.reduce(
      (least, row) => Math.min(least, callsOf(row).durations.p50Ns ?? least),
      Number.MAX_SAFE_INTEGER,
    ),
    longestNs: all.reduce((most, row) => Math.max(most, callsOf(row).durations.p95Ns ?? 0), 0),
  };
  const rows = dependencyRows(screen, context);
  const services = nodes.filter(({ type }) => type === 'service').length;
  const facts: Part[] = [
    [` ${services.toLocaleString('en')}`, theme.strong],
    [services === 1 ? ' service' : ' services'],
    [
      `  ${edges.length.toLocaleString('en')} ${edges.length === 1 ? 'dependency' : 'dependencies'}`,
    ],
  ];
  if (stats.missingParents > 0) {
    facts.push([
      `  ${theme.glyphs.missing} ${stats.missingParents} missing parents`,
      theme.warning,
    ]);
  }
  const selected = rows[screen.selected];
  if (screen.isGraph) {
    const drawing = dependencyGraph(dependencies, selected?.node.id, context);
    const top = graphTop(drawing, bodyRows);
    return {
      facts: joinParts(facts, columns, theme.glyphs.ellipsis),
      head: [theme.muted(' callers to the left, the called to the right')],
      body: drawing.lines.slice(top, top + bodyRows),
      about: aboutRow(selected, theme),
      place: [[`${screen.selected + 1}/${rows.length} `, theme.muted]],
    };
  }
  const body = rows.slice(screen.top, screen.top + bodyRows).map((row, i) => {
    const isSelected = screen.top + i === screen.selected;
    return dependencyRow(row, screen.folded.has(row.path), isSelected, look, theme);
  });
  return {
    facts: joinParts(facts, columns, theme.glyphs.ellipsis),
    head: [dependencyHead(columns, theme)],
    body,
    about: aboutRow(rows[screen.selected], theme),
    place: [[`${screen.selected + 1}/${rows.length} `, theme.muted]],
  };
}

function aboutRow(row: ForestRow | undefined, theme: Theme): Part[] {
  if (!row) return [];
  const { muted, strong, error, glyphs } = theme;
  const { errors, calls, durations } = callsOf(row);
  const parts: Part[] = [[' ']];
  if (row.parent) parts.push([`${narrowText(row.parent.node.name)} ${glyphs.arrow} `, muted]);
  parts.push([narrowText(row.node.name), strong]);
  if (calls > 0) parts.push([`  ${calls.toLocaleString('en')} calls`]);
  if (errors > 0) parts.push([`  ${glyphs.error} ${errors.toLocaleString('en')}`, error]);
  if (row.edge) parts.push([`  in ${row.edge.traces.toLocaleString('en')} traces`, muted]);
  if (durations.maxNs !== null) parts.push([`  slowest ${formatDuration(durations.maxNs)}`, muted]);
  return parts;
}
