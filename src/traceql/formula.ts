/** A formula over atoms, by their positions. It has no negation: what it says is necessary, never sufficient. */
export type Formula =
  | { readonly formula: 'true' }
  | { readonly formula: 'false' }
  | { readonly formula: 'atom'; readonly atom: number }
  | { readonly formula: 'and' | 'or'; readonly parts: readonly Formula[] };

export const TRUE: Formula = { formula: 'true' };

/** All of the parts, shortened. */
export function all(parts: readonly Formula[]): Formula {
  const needed = parts.filter(({ formula }) => formula !== 'true');
  const [only] = needed;
  if (needed.some(({ formula }) => formula === 'false')) return { formula: 'false' };
  if (only === undefined) return TRUE;
  return needed.length === 1 ? only : { formula: 'and', parts: needed };
}

/** One of the parts, shortened. */
export function any(parts: readonly Formula[]): Formula {
  const possible = parts.filter(({ formula }) => formula !== 'false');
  const [only] = possible;
  if (possible.some(({ formula }) => formula === 'true')) return TRUE;
  if (only === undefined) return { formula: 'false' };
  return possible.length === 1 ? only : { formula: 'or', parts: possible };
}
