import { screenView } from '../screens/screen-of.ts';
import type { ScreenView } from '../screens/screen-view.ts';
import { rowStateOf, WaterfallDrawing } from '../screens/waterfall-view.ts';
import {
  type AppState,
  type Context,
  type DependenciesScreen,
  isItems,
  type TracesScreen,
  topScreen,
  type WaterfallScreen,
} from '../state/app-state.ts';
import { comparedRows } from '../state/compare-commands.ts';
import { dependencyRows } from '../state/dependencies-commands.ts';
import { flameOf } from '../state/flame-commands.ts';
import { queryOf } from '../state/traces-query.ts';
import { withoutStyles } from '../theme.ts';
import { spokenChart } from './spoken-chart.ts';
import { spokenComparison, spokenDependency, spokenFlame } from './spoken-paths.ts';
import { spokenSpan } from './spoken-span.ts';
import { spokenTrace } from './spoken-trace.ts';

/** A screen in words. */
export interface SpokenScreen {
  /** What is shown, in a line. */
  readonly facts: string;
  /** The rows that a screen of this height shows. */
  readonly rows: readonly string[];
  /** The selection and which of how many it is. */
  readonly selected: string;
}

/** Nothing is cut: there is no right edge. */
const ENDLESS = 2000;

/** The shown screen without drawings; where there are none it says what the eye would read. */
export function spokenScreen(state: AppState, context: Context): SpokenScreen {
  const isList = isItems(topScreen(state));
  const wide = isList ? { ...context, columns: ENDLESS } : context;
  const view = screenView(state, wide, new WaterfallDrawing());
  const own = ownRows(state, context);
  const place = textOf(view.place);
  const lines = view.body.map((line) => plain(withoutStyles(line)));
  const selected = own?.selected ?? [selectedLine(state, lines), textOf(view.about)].join(' ');
  return {
    facts: plain(withoutStyles(view.facts)),
    rows: own?.rows ?? lines,
    selected: [selected.trim(), place].filter((text) => text !== '').join('; '),
  };
}

/** Lists say more about the selected line, not what it says itself. */
function selectedLine(state: AppState, lines: readonly string[]): string {
  const screen = topScreen(state);
  const line = isItems(screen) ? lines[screen.selected - screen.top] : undefined;
  return line === undefined ? '' : `${line}.`;
}

function textOf(parts: ScreenView['about']): string {
  return plain(parts.map(([text]) => text).join(' '));
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

interface OwnRows {
  readonly rows: readonly string[];
  /** Absent where the line below the rows says it well. */
  readonly selected?: string;
}

/** What the screens with drawings say instead; null for the others, and while there is nothing to tell. */
function ownRows(state: AppState, context: Context): OwnRows | null {
  const screen = topScreen(state);
  const { bodyRows } = context;
  if (isItems(screen) || screen.kind === 'span') return null;
  switch (screen.kind) {
    case 'traces':
      return tracesRows(screen, context);
    case 'waterfall':
      return waterfallRows(screen, context);
    case 'dependencies':
      return dependenciesRows(screen, context);
    case 'flame': {
      const tree = flameOf(screen.of, context);
      if (tree.status !== 'ready') return null;
      const levels = spokenFlame(tree.value, screen.root);
      return { rows: levels.slice(screen.top, screen.top + bodyRows) };
    }
    case 'compare': {
      const rows = comparedRows(screen, context);
      if (rows.status !== 'ready') return null;
      return {
        rows: rows.value.slice(screen.top, screen.top + bodyRows).map(spokenComparison),
      };
    }
  }
}

function tracesRows(screen: TracesScreen, { data, bodyRows, zone }: Context): OwnRows | null {
  const query = queryOf(screen);
  const list = data.list(query);
  if (list.status !== 'ready' || list.value.count === 0) return null;
  const rows = list.value
    .window(screen.top, bodyRows)
    .map((trace) => `${trace.errors > 0 ? 'failed: ' : ''}${spokenTrace(trace, zone)}`);
  const points = data.points(query.filter);
  const chart = points.status === 'ready' ? spokenChart(points.value, screen.chart, zone) : [];
  const selected = rows[screen.selected - screen.top] ?? '';
  return { rows: [...chart, ...rows], selected };
}

function waterfallRows(screen: WaterfallScreen, { data, bodyRows }: Context): OwnRows | null {
  const loaded = data.trace(screen.traceId);
  if (loaded.status !== 'ready') return null;
  const view = loaded.value;
  const spoken = (position: number) => {
    const node = view.nodes[position];
    return node ? spokenSpan(node, rowStateOf(screen.outline, node, view), view) : '';
  };
  const shown = view.visible(screen.outline).subarray(screen.top, screen.top + bodyRows);
  return { rows: Array.from(shown, spoken), selected: spoken(screen.selected) };
}

function dependenciesRows(screen: DependenciesScreen, context: Context): OwnRows | null {
  const rows = dependencyRows(screen, context);
  if (rows.length === 0) return null;
  const spoken = rows.map((row) => spokenDependency(row, screen.folded.has(row.path)));
  return {
    rows: spoken.slice(screen.top, screen.top + context.bodyRows),
    selected: spoken[screen.selected] ?? '',
  };
}
