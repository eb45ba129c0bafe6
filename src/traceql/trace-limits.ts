import { staticValue } from './compile-field.ts';
import type { Field, Stage } from './query.ts';

/** How long a trace must last for a query to find it, in nanoseconds; absent without such a limit. */
export interface TraceLimits {
  readonly minDurationNs?: number;
  readonly maxDurationNs?: number;
}

/** What the first filter of a pipeline asks of the duration of every trace. */
export function traceLimits([first]: readonly Stage[]): TraceLimits {
  if (first?.stage !== 'spansets' || first.expression.node !== 'filter') return {};
  let min = 0;
  let max = Number.POSITIVE_INFINITY;
  for (const condition of conjuncts(first.expression.condition)) {
    if (condition.node !== 'binary' || condition.right.node !== 'static') continue;
    if (condition.left.node !== 'intrinsic' || condition.left.name !== 'traceDuration') continue;
    const limit = Number(staticValue(condition.right.value));
    if (/^(?:>=?|=)$/.test(condition.operator)) min = Math.max(min, Math.floor(limit));
    if (/^(?:<=?|=)$/.test(condition.operator)) max = Math.min(max, Math.ceil(limit));
  }
  return {
    ...(min > 0 && { minDurationNs: min }),
    ...(Number.isFinite(max) && { maxDurationNs: max }),
  };
}

/** The parts of a condition that must all hold. `a || b && c` reads as `(a || b) && c`. */
function conjuncts(condition: Field): readonly Field[] {
  const parts: Field[] = [];
  let rest = condition;
  while (rest.node === 'binary' && rest.operator === '&&') {
    parts.push(rest.right);
    rest = rest.left;
  }
  return [...parts, rest];
}
