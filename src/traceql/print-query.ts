import { durationText } from './duration-text.ts';
import { FIELD_BINDING } from './parse-field.ts';
import type {
  Aggregate,
  AttributeField,
  BinaryField,
  Field,
  Measure,
  Metrics,
  Query,
  SeriesStage,
  SpansetExpression,
  Stage,
  Static,
} from './query.ts';

/** A query in its canonical form: the shortest spelling of every name, parentheses where they are needed. */
export function printQuery(query: Query): string {
  return query.kind === 'spans' ? printStages(query.stages) : printMetrics(query.metrics);
}

/** A pipeline in its canonical form. */
export function printStages(stages: readonly Stage[]): string {
  return stages.map(printStage).join(' | ');
}

function printStage(stage: Stage): string {
  switch (stage.stage) {
    case 'spansets':
      return printSpansets(stage.expression);
    case 'aggregate':
      return `${printAggregate(stage.aggregate)} ${stage.operator} ${printStatic(stage.value)}`;
    case 'by':
      return `by(${printField(stage.field)})`;
    case 'coalesce':
      return 'coalesce()';
    case 'select':
      return `select(${stage.fields.map(printField).join(', ')})`;
  }
}

/** What an aggregate is called in results: `avg(duration)`. */
export function printAggregate({ name, of }: Aggregate): string {
  return `${name}(${of === null ? '' : printField(of)})`;
}

/** Sets of spans in their canonical form. */
function printSpansets(expression: SpansetExpression): string {
  switch (expression.node) {
    case 'filter':
      return `{ ${printField(expression.condition)} }`;
    case 'operation':
      return `${inParentheses(expression.left)} ${expression.operator} ${inParentheses(expression.right)}`;
    case 'pipeline':
      return `(${printStages(expression.stages)})`;
  }
}

function inParentheses(expression: SpansetExpression): string {
  const text = printSpansets(expression);
  return expression.node === 'operation' ? `(${text})` : text;
}

/** An expression in its canonical form. */
export function printField(field: Field): string {
  switch (field.node) {
    case 'static':
      return printStatic(field.value);
    case 'attribute':
      return printAttribute(field);
    case 'intrinsic':
      return field.name;
    case 'unary':
      return `${field.operator}${printOperand(field.operand)}`;
    case 'binary':
      return `${printSide(field, 'left')} ${field.operator} ${printSide(field, 'right')}`;
  }
}

/** In parentheses where it would else be read differently, and where `&&` and `||`, which bind alike, stand beside each other. */
function printSide(parent: BinaryField, side: 'left' | 'right'): string {
  const child = parent[side];
  const isNegation = child.node === 'unary' && child.operator === '!';
  if (isNegation && /^(?:&&|\|\|)$/.test(parent.operator)) return printField(child);
  if (child.node !== 'binary') return printOperand(child);
  const [outer, inner] = [FIELD_BINDING[parent.operator], FIELD_BINDING[child.operator]];
  const joins =
    child.operator === parent.operator && (side === 'right') === (child.operator === '^');
  const isArithmetic = outer >= FIELD_BINDING['+'] && side === 'left' && parent.operator !== '^';
  const isClear = inner > outer || joins || (inner === outer && isArithmetic);
  return isClear ? printField(child) : `(${printField(child)})`;
}

function printOperand(field: Field): string {
  const text = printField(field);
  return field.node === 'binary' || field.node === 'unary' ? `(${text})` : text;
}

function printAttribute({ scope, name }: Pick<AttributeField, 'scope' | 'name'>): string {
  return `${scope === 'any' ? '' : scope}.${attributeName(name)}`;
}

/** A name with quotes where it needs some. */
export function attributeName(name: string): string {
  if (/^[^\s{}()=~!<>&|^,"\\]+$/.test(name) && !/^\d/.test(name)) return name;
  return `"${name.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A value as it is written in a query. */
export function printStatic(value: Static): string {
  switch (value.type) {
    case 'string':
      return quoted(value.value);
    case 'float':
      return floatText(value.value);
    case 'duration':
      return durationText(value.value);
    case 'nil':
      return 'nil';
    case 'int':
      return value.value === -(2n ** 63n) ? 'minInt' : String(value.value);
    case 'bool':
    case 'status':
    case 'kind':
      return String(value.value);
  }
}

/** Text in double quotes; in back quotes where that saves escapes. */
export function quoted(text: string): string {
  const escaped = JSON.stringify(text);
  if (escaped === `"${text}"`) return escaped;
  const needsOnlyOtherQuotes = escaped.replace(/\\["\\]/g, '').indexOf('\\') === -1;
  return needsOnlyOtherQuotes && !text.includes('`') ? `\`${text}\`` : escaped;
}

function floatText(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

function printMetrics(metrics: Metrics): string {
  const after = metrics.after.map(printSeriesStage).join('');
  if (metrics.metrics === 'math') {
    const side = (operand: Metrics | number) =>
      typeof operand === 'number' ? String(operand) : `(${printMetrics(operand)})`;
    return `${side(metrics.left)} ${metrics.operator} ${side(metrics.right)}${after}`;
  }
  return `${printStages(metrics.pipeline)} | ${printMeasure(metrics.measure)}${after}`;
}

function printMeasure(measure: Measure): string {
  if (measure.measure === 'compare') {
    const { selection, top, window } = measure;
    const limits = window === null ? '' : `, ${window.startNs}, ${window.endNs}`;
    return `compare({ ${printField(selection)} }, ${top}${limits})`;
  }
  const parameters = [
    ...(measure.of === null ? [] : [printField(measure.of)]),
    ...measure.quantiles.map(String),
  ];
  const by = measure.by.length === 0 ? '' : ` by (${measure.by.map(printField).join(', ')})`;
  return `${measure.measure}(${parameters.join(', ')})${by}`;
}

function printSeriesStage(stage: SeriesStage): string {
  if (stage.stage === 'keep') return ` ${stage.operator} ${stage.value}`;
  return ` | ${stage.stage}(${stage.count})`;
}
