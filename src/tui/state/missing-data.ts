import type { TraceFilter } from '../../model/trace-summary.ts';
import type { AppData } from '../app-data.ts';
import { isItems, type Screen, type Selection, type TracesScreen } from './app-state.ts';
import type { Effect } from './effect.ts';
import { queryOf } from './traces-query.ts';

/** What has to be read or worked out so that `screen` can show something. */
export function missingData(screen: Screen, data: AppData): Effect[] {
  if (screen.kind === 'bookmarks') return [];
  if (isItems(screen)) return missingAnalysis(screen.filter, data);
  switch (screen.kind) {
    case 'traces':
      return missingPoints(screen, data);
    case 'waterfall':
    case 'span':
      return missingSelection({ kind: 'trace', traceId: screen.traceId }, data);
    case 'flame':
      return missingSelection(screen.of, data);
    case 'compare':
      return [screen.a, screen.b].flatMap((side) => missingSelection(side, data));
    case 'dependencies':
      return missingAnalysis(screen.filter, data);
  }
}

function missingSelection(of: Selection, data: AppData): Effect[] {
  if (of.kind === 'traces') return missingAnalysis(of.filter, data);
  const isMissing = data.trace(of.traceId).status === 'loading';
  return isMissing ? [{ kind: 'load-trace', traceId: of.traceId }] : [];
}

function missingAnalysis(filter: TraceFilter, data: AppData): Effect[] {
  return data.isAnalyzed(filter) ? [] : [{ kind: 'analyze', filter }];
}

function missingPoints(screen: TracesScreen, data: AppData): Effect[] {
  const { filter } = queryOf(screen);
  if (screen.chart === 'none' || data.hasPoints(filter)) return [];
  return [{ kind: 'load-points', filter }];
}

/** Whether the screen waits for an analysis that takes its time. */
export function waitsForAnalysis(screen: Screen, data: AppData): boolean {
  return analyzedFilters(screen).some((filter) => data.analysis(filter).status === 'loading');
}

/** Which traces the screen shows together. */
export function analyzedFilters(screen: Screen): TraceFilter[] {
  if (screen.kind === 'bookmarks') return [];
  const sides = screen.kind === 'compare' ? [screen.a, screen.b] : [selectionOf(screen)];
  return sides.flatMap((side) => (side?.kind === 'traces' ? [side.filter] : []));
}

function selectionOf(screen: Screen): Selection | null {
  if (screen.kind === 'flame') return screen.of;
  return 'filter' in screen ? { kind: 'traces', filter: screen.filter, label: '' } : null;
}
