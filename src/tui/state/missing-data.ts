import type { TraceId } from '../../model/ids.ts';
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
    case 'flame':
    case 'compare':
      return selectionsOf(screen).flatMap((of) => missingSelection(of, data));
    case 'dependencies':
      return missingAnalysis(screen.filter, data);
  }
}

function missingSelection(of: Selection, data: AppData): Effect[] {
  if (of.kind === 'traces') return missingAnalysis(of.filter, data);
  return data.hasTrace(of.traceId) ? [] : [{ kind: 'load-trace', traceId: of.traceId }];
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

/** Whether the screen waits for a trace, which keys that were typed ahead are meant for. */
export function waitsForTrace(screen: Screen, data: AppData): boolean {
  return tracesOf(screen).some((traceId) => data.trace(traceId).status === 'loading');
}

/** The traces that the screen shows one by one. */
export function tracesOf(screen: Screen): TraceId[] {
  return selectionsOf(screen).flatMap((of) => (of.kind === 'trace' ? [of.traceId] : []));
}

/** Which traces the screen shows together. */
export function analyzedFilters(screen: Screen): TraceFilter[] {
  return selectionsOf(screen).flatMap((of) => (of.kind === 'traces' ? [of.filter] : []));
}

function selectionsOf(screen: Screen): Selection[] {
  switch (screen.kind) {
    case 'waterfall':
    case 'span':
      return [{ kind: 'trace', traceId: screen.traceId }];
    case 'flame':
      return [screen.of];
    case 'compare':
      return [screen.a, screen.b];
    case 'traces':
    case 'bookmarks':
      return [];
    case 'dependencies':
    case 'overview':
    case 'services':
    case 'service':
    case 'findings':
    case 'finding':
    case 'operations':
      return [{ kind: 'traces', filter: screen.filter, label: '' }];
  }
}
