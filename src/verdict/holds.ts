import type { Comparator } from './check.ts';

/** Whether a comparison holds. Never for NaN. */
export function holds(actual: number, comparator: Comparator, limit: number): boolean {
  if (Number.isNaN(actual) || Number.isNaN(limit)) return false;
  switch (comparator) {
    case '<':
      return actual < limit;
    case '<=':
      return actual <= limit;
    case '>':
      return actual > limit;
    case '>=':
      return actual >= limit;
    case '==':
      return actual === limit;
    case '!=':
      return actual !== limit;
  }
}
