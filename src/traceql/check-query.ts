import { fieldTypes } from './field-type.ts';
import { INTRINSICS } from './intrinsics.ts';
import type {
  Aggregate,
  Field,
  Measure,
  Metrics,
  Query,
  SpansetExpression,
  Stage,
} from './query.ts';
import { QueryError } from './query-error.ts';

/** Throws a `QueryError` where types do not fit as far as they are known before any span is read. */
export function checkQuery(text: string, query: Query): void {
  if (query.kind === 'spans') checkStages(text, query.stages);
  else checkMetrics(text, query.metrics);
}

function checkStages(text: string, stages: readonly Stage[]): void {
  for (const stage of stages) {
    switch (stage.stage) {
      case 'spansets':
        checkSpansets(text, stage.expression);
        break;
      case 'aggregate':
        checkAggregate(text, stage.aggregate);
        break;
      case 'by':
        fieldTypes(text).typeOf(stage.field);
        checkReadsSpan(text, stage.field, 'by()');
        break;
      case 'coalesce':
      case 'select':
        break;
    }
  }
}

function checkSpansets(text: string, expression: SpansetExpression): void {
  switch (expression.node) {
    case 'filter':
      checkCondition(text, expression.condition);
      break;
    case 'operation':
      checkSpansets(text, expression.left);
      checkSpansets(text, expression.right);
      break;
    case 'pipeline':
      checkStages(text, expression.stages);
      break;
  }
}

function checkCondition(text: string, condition: Field): void {
  const type = fieldTypes(text).typeOf(condition);
  if (type === 'bool' || type === 'any') return;
  throw new QueryError(text, condition, 'what stands between braces must be true or false', {
    expected: `this is a ${type}; compare it with something`,
  });
}

function checkAggregate(text: string, { name, of, at, end }: Aggregate): void {
  if (of === null) return;
  const type = fieldTypes(text).typeOf(of);
  if (!isNumeric(type)) {
    throw new QueryError(text, of, `${name}() takes a number`, { expected: `this is a ${type}` });
  }
  checkReadsSpan(text, of, `${name}()`, { at, end });
}

function isNumeric(type: string): boolean {
  return type === 'any' || type === 'int' || type === 'float' || type === 'duration';
}

function checkReadsSpan(
  text: string,
  field: Field,
  what: string,
  place: { at: number; end: number } = field,
): void {
  if (readsSpan(field)) return;
  throw new QueryError(text, place, `${what} of something that is the same for every span`, {
    expected: 'expected an attribute or an intrinsic in it',
  });
}

function readsSpan(field: Field): boolean {
  switch (field.node) {
    case 'static':
      return false;
    case 'attribute':
    case 'intrinsic':
      return true;
    case 'unary':
      return readsSpan(field.operand);
    case 'binary':
      return readsSpan(field.left) || readsSpan(field.right);
  }
}

function checkMetrics(text: string, metrics: Metrics, isPart = false): void {
  if (metrics.metrics === 'math') {
    for (const side of [metrics.left, metrics.right]) {
      if (typeof side !== 'number') checkMetrics(text, side, true);
    }
    return;
  }
  checkStages(text, metrics.pipeline);
  checkMeasure(text, metrics.measure);
  if (metrics.measure.measure === 'compare' && (isPart || metrics.after.length > 0)) {
    throw new QueryError(text, metrics.measure.selection, 'compare() must stand last', {
      expected: 'nothing can be done with what it finds',
    });
  }
}

function checkMeasure(text: string, measure: Measure): void {
  if (measure.measure === 'compare') {
    checkCondition(text, measure.selection);
    return;
  }
  const { of } = measure;
  if (of?.node !== 'intrinsic' || isNumeric(INTRINSICS[of.name].type)) return;
  throw new QueryError(text, of, `${measure.measure} takes a number or a duration`, {
    expected: `this is a ${INTRINSICS[of.name].type}`,
  });
}
