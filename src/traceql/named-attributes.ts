import type { AttributeField, Field, SpansetExpression, Stage } from './query.ts';

/** Every attribute that a pipeline names in its filters, groups and aggregates. */
export function namedAttributes(stages: readonly Stage[]): AttributeField[] {
  return stages.flatMap(inStage);
}

function inStage(stage: Stage): AttributeField[] {
  switch (stage.stage) {
    case 'spansets':
      return inSpansets(stage.expression);
    case 'aggregate':
      return stage.aggregate.of === null ? [] : inField(stage.aggregate.of);
    case 'by':
      return inField(stage.field);
    case 'select':
      return stage.fields.flatMap(inField);
    case 'coalesce':
      return [];
  }
}

function inSpansets(expression: SpansetExpression): AttributeField[] {
  switch (expression.node) {
    case 'filter':
      return inField(expression.condition);
    case 'operation':
      return [...inSpansets(expression.left), ...inSpansets(expression.right)];
    case 'pipeline':
      return namedAttributes(expression.stages);
  }
}

function inField(field: Field): AttributeField[] {
  switch (field.node) {
    case 'attribute':
      return [field];
    case 'unary':
      return inField(field.operand);
    case 'binary':
      return [...inField(field.left), ...inField(field.right)];
    case 'static':
    case 'intrinsic':
      return [];
  }
}
