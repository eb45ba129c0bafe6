import type { TraceNode } from '../model/trace.ts';
import { compileField } from './compile-field.ts';
import { isDurationField } from './is-duration.ts';
import type { Aggregate, AggregateName, ComparisonOperator, Stage } from './query.ts';
import type { TraceFacts } from './trace-facts.ts';
import { AnyOf, isNumber, type Value } from './value.ts';

/** Works out an aggregate over spans; undefined when none of them has a number. */
export type MeasureSpans = (nodes: readonly TraceNode[], facts: TraceFacts) => Value;

/**
 * A checked aggregate as a function. Spans without a number do not count, except for `count()`. Sums and extremes of integers are
 * integers, averages are floats; the average of durations is cut to whole nanoseconds.
 */
export function compileAggregate({ name, of }: Aggregate): MeasureSpans {
  if (of === null) return (nodes) => BigInt(nodes.length);
  const read = compileField(of);
  const isDuration = isDurationField(of);
  return (nodes, facts) => {
    const numbers: (bigint | number)[] = [];
    for (const node of nodes) {
      const value = read(node, facts);
      if (value instanceof AnyOf) numbers.push(...value.values.filter(isNumber));
      else if (isNumber(value)) numbers.push(value);
    }
    if (numbers.length === 0) return undefined;
    const result = aggregated(name, numbers);
    return isDuration && name === 'avg' ? Math.trunc(Number(result)) : result;
  };
}

/** Whether a stage would keep a set of no spans: counts are 0, and what is no number exceeds nothing. Other stages keep anything. */
export function holdsOfNothing(stage: Stage): boolean {
  if (stage.stage !== 'aggregate' || stage.aggregate.of !== null) return true;
  return ZERO_IS[stage.operator](Number(stage.value.value));
}

const ZERO_IS: Readonly<Record<ComparisonOperator, (limit: number) => boolean>> = {
  '=': (limit) => limit === 0,
  '!=': (limit) => limit !== 0,
  '<': (limit) => limit > 0,
  '<=': (limit) => limit >= 0,
  '>': (limit) => limit < 0,
  '>=': (limit) => limit <= 0,
};

function aggregated(name: AggregateName, numbers: readonly (bigint | number)[]): bigint | number {
  switch (name) {
    case 'count':
      return BigInt(numbers.length);
    case 'sum':
      return sum(numbers);
    case 'avg':
      return Number(sum(numbers)) / numbers.length;
    case 'min':
      return extreme(numbers, (a, b) => a < b);
    case 'max':
      return extreme(numbers, (a, b) => a > b);
  }
}

/** Of integers and floats mixed, which `Math.min` does not take. */
function extreme(
  numbers: readonly (bigint | number)[],
  isBetter: (a: bigint | number, b: bigint | number) => boolean,
): bigint | number {
  return numbers.reduce((best, number) => (isBetter(number, best) ? number : best));
}

function sum(numbers: readonly (bigint | number)[]): bigint | number {
  let whole = 0n;
  let rest = 0;
  let isWhole = true;
  for (const number of numbers) {
    if (typeof number === 'bigint') whole += number;
    else {
      rest += number;
      isWhole = false;
    }
  }
  return isWhole ? BigInt.asIntN(64, whole) : Number(whole) + rest;
}
