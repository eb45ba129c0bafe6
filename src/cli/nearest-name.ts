import { closest, distance } from 'fastest-levenshtein';

/** The name of `names` that `typed` is most likely meant to be, null when none is near. */
export function nearestName(typed: string, names: readonly string[]): string | null {
  if (names.length === 0) return null;
  const best = closest(typed.toLowerCase(), names);
  return distance(typed.toLowerCase(), best) <= Math.max(1, typed.length / 3) ? best : null;
}
