import type { AppState } from './app-state.ts';

/** Smaller terminals show a warning and nothing else. */
export const MIN_COLUMNS = 60;
export const MIN_ROWS = 15;

export function isTooSmall({ columns, rows }: Pick<AppState, 'columns' | 'rows'>): boolean {
  return columns < MIN_COLUMNS || rows < MIN_ROWS;
}
