import { closest, distance } from 'fastest-levenshtein';

/** The word that `typed` is most likely meant to be, null when none is near. */
export function nearestWord(typed: string, words: readonly string[]): string | null {
  if (words.length === 0) return null;
  const byLowerCase = new Map(words.map((word) => [word.toLowerCase(), word]));
  const best = closest(typed.toLowerCase(), [...byLowerCase.keys()]);
  const isNear = distance(typed.toLowerCase(), best) <= Math.max(1, typed.length / 3);
  return isNear ? (byLowerCase.get(best) ?? null) : null;
}
