import type { Formula } from './formula.ts';
import type { Prefilter } from './prefilter.ts';

/** In words what is asked of the columns of the store: `a span with status = error && duration > 1s`. */
export function prefilterText({ atoms, parts, trace }: Prefilter): string {
  const part = (index: number) => {
    const formula = parts[index];
    const text = formula ? formulaText(formula, (at) => atoms[at]?.text ?? '', false) : '';
    return `a span with ${text}`;
  };
  return formulaText(trace, part, false, [' and ', ' or ']);
}

function formulaText(
  formula: Formula,
  atomText: (index: number) => string,
  isNested: boolean,
  [and, or]: readonly [string, string] = [' && ', ' || '],
): string {
  switch (formula.formula) {
    case 'true':
    case 'false':
      return formula.formula;
    case 'atom':
      return atomText(formula.atom);
    case 'and':
    case 'or': {
      const text = formula.parts
        .map((part) => formulaText(part, atomText, true, [and, or]))
        .join(formula.formula === 'and' ? and : or);
      return isNested ? `(${text})` : text;
    }
  }
}
