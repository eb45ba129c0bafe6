import type { Trace, TraceNode } from '../model/trace.ts';
import { compileAggregate } from './aggregate.ts';
import { compareValues } from './compare-values.ts';
import { compileField, isTrue, staticValue } from './compile-field.ts';
import { isDurationField } from './is-duration.ts';
import { printAggregate, printField } from './print-query.ts';
import type { NamedField, Relation, SpansetExpression, SpansetOperator, Stage } from './query.ts';
import type { ReadValue } from './read-field.ts';
import { CONVERSE, relatedTo, type SpanSet } from './relations.ts';
import { type TraceFacts, traceFacts } from './trace-facts.ts';
import { type Value, valueKey } from './value.ts';

/** A value with what it is called in results. */
export interface NamedValue {
  /** As the query says it, in its canonical form: `by(resource.service.name)`, `avg(duration)`. */
  readonly name: string;
  readonly value: Value;
  /** Whether a number is nanoseconds. */
  readonly isDuration: boolean;
}

/** Spans of one trace that a query found together: all of them, or those of one group of `by()`. */
export interface Spanset {
  /** At least one, by start, ties in the order of the tree. */
  readonly nodes: readonly TraceNode[];
  /** What `by()` grouped by and aggregates found, in the order of the query. */
  readonly values: readonly NamedValue[];
}

/** What a query found in a trace. */
export interface TraceMatch {
  readonly trace: Trace;
  readonly facts: TraceFacts;
  /** In order of the first span of each. */
  readonly spansets: readonly Spanset[];
  /** What `select()` asked for, of any span of the trace. */
  readonly selected: (node: TraceNode) => readonly NamedValue[];
}

/** A pipeline that is ready to run over traces. */
export type RunPipeline = (trace: Trace) => TraceMatch | null;

/** The sets that a stage makes of a set; none when nothing is left. */
type RunStage = (spanset: Spanset, facts: TraceFacts) => readonly Spanset[];

/** A checked pipeline as a function that finds its spans in a trace; null when it finds none. */
export function compilePipeline(stages: readonly Stage[]): RunPipeline {
  const run = compileStages(stages);
  const selected = selectedFields(stages).map((field) => ({
    name: printField(field),
    read: compileField(field),
    isDuration: isDurationField(field),
  }));
  return (trace) => {
    const facts = traceFacts(trace);
    const spansets = run([{ nodes: trace.nodes, values: [] }], facts);
    if (spansets.length === 0) return null;
    return {
      trace,
      facts,
      spansets: spansets.map(byStart),
      selected: (node) =>
        selected.map(({ name, read, isDuration }) => ({
          name,
          value: read(node, facts),
          isDuration,
        })),
    };
  };
}

function selectedFields(stages: readonly Stage[]): NamedField[] {
  return stages.flatMap((stage) => {
    if (stage.stage === 'select') return stage.fields;
    return stage.stage === 'spansets' ? selectedWithin(stage.expression) : [];
  });
}

function selectedWithin(expression: SpansetExpression): NamedField[] {
  switch (expression.node) {
    case 'filter':
      return [];
    case 'operation':
      return [...selectedWithin(expression.left), ...selectedWithin(expression.right)];
    case 'pipeline':
      return selectedFields(expression.stages);
  }
}

function byStart(spanset: Spanset): Spanset {
  const nodes = spanset.nodes.toSorted((a, b) => a.startNs - b.startNs || a.index - b.index);
  return { ...spanset, nodes };
}

type RunStages = (spansets: readonly Spanset[], facts: TraceFacts) => readonly Spanset[];

function compileStages(stages: readonly Stage[]): RunStages {
  const steps = stages.map(compileStage);
  return (spansets, facts) => {
    let left = spansets;
    for (const step of steps) {
      if (left.length === 0) return left;
      left = step(left, facts);
    }
    return left;
  };
}

function compileStage(stage: Stage): RunStages {
  if (stage.stage === 'coalesce') return coalesce;
  const each = compileEach(stage);
  return (spansets, facts) => spansets.flatMap((spanset) => each(spanset, facts));
}

function compileEach(stage: Exclude<Stage, { stage: 'coalesce' }>): RunStage {
  switch (stage.stage) {
    case 'spansets':
      return compileExpression(stage.expression);
    case 'by':
      return compileGrouping(compileField(stage.field), {
        name: `by(${printField(stage.field)})`,
        isDuration: isDurationField(stage.field),
      });
    case 'select':
      return (spanset) => [spanset];
    case 'aggregate': {
      const measure = compileAggregate(stage.aggregate);
      const name = printAggregate(stage.aggregate);
      const isDuration = isDurationField(stage.aggregate.of);
      const limit = staticValue(stage.value);
      return (spanset, facts) => {
        const value = measure(spanset.nodes, facts);
        if (value === undefined || !compareValues(stage.operator, value, limit)) return [];
        return [{ ...spanset, values: [...spanset.values, { name, value, isDuration }] }];
      };
    }
  }
}

function compileExpression(expression: SpansetExpression): RunStage {
  switch (expression.node) {
    case 'filter': {
      const condition = compileField(expression.condition);
      return (spanset, facts) =>
        only(
          spanset,
          spanset.nodes.filter((node) => isTrue(condition(node, facts))),
        );
    }
    case 'pipeline': {
      const run = compileStages(expression.stages);
      return (spanset, facts) => run([spanset], facts);
    }
    case 'operation':
      return compileOperation(
        expression.operator,
        compileExpression(expression.left),
        compileExpression(expression.right),
      );
  }
}

function only(spanset: Spanset, nodes: readonly TraceNode[]): readonly Spanset[] {
  return nodes.length === 0 ? [] : [{ ...spanset, nodes }];
}

function compileOperation(
  operator: SpansetOperator,
  runLeft: RunStage,
  runRight: RunStage,
): RunStage {
  const choose = compileChoice(operator);
  return (spanset, facts) => {
    const { trace } = facts;
    const left = setOf(trace, runLeft(spanset, facts));
    const right = setOf(trace, runRight(spanset, facts));
    const chosen = choose(trace, left, right);
    return only(
      spanset,
      trace.nodes.filter(({ index }) => chosen[index] === 1),
    );
  };
}

function setOf(trace: Trace, spansets: readonly Spanset[]): SpanSet {
  const set = new Uint8Array(trace.nodes.length);
  for (const { nodes } of spansets) for (const { index } of nodes) set[index] = 1;
  return set;
}

type Choose = (trace: Trace, left: SpanSet, right: SpanSet) => SpanSet;

function compileChoice(operator: SpansetOperator): Choose {
  if (operator === '||') return (_, left, right) => left.map((a, i) => a | (right[i] ?? 0));
  if (operator === '&&') return bothOrNone;
  const relation = operator.replace(/^[!&]/, '') as Relation;
  if (operator.startsWith('!')) {
    return (trace, left, right) => {
      const related = relatedTo(trace, relation, left);
      return right.map((b, i) => b & (1 - (related[i] ?? 0)));
    };
  }
  const isUnion = operator.startsWith('&');
  return (trace, left, right) => {
    const related = relatedTo(trace, relation, left);
    const found = right.map((b, i) => b & (related[i] ?? 0));
    if (!isUnion) return found;
    const partners = relatedTo(trace, CONVERSE[relation], right);
    return found.map((b, i) => b | ((left[i] ?? 0) & (partners[i] ?? 0)));
  };
}

function bothOrNone(_: Trace, left: SpanSet, right: SpanSet): SpanSet {
  if (!left.includes(1) || !right.includes(1)) return new Uint8Array(left.length);
  return left.map((a, i) => a | (right[i] ?? 0));
}

function compileGrouping(
  read: ReadValue,
  { name, isDuration }: Omit<NamedValue, 'value'>,
): RunStage {
  return (spanset, facts) => {
    const groups = new Map<string, { value: Value; nodes: TraceNode[] }>();
    for (const node of spanset.nodes) {
      const value = read(node, facts);
      const key = valueKey(value);
      const group = groups.get(key);
      if (group) group.nodes.push(node);
      else groups.set(key, { value, nodes: [node] });
    }
    return Array.from(groups.values(), ({ value, nodes }) => ({
      nodes,
      values: [...spanset.values, { name, value, isDuration }],
    }));
  };
}

/** One set of all; what told groups apart is forgotten. */
function coalesce(spansets: readonly Spanset[]): readonly Spanset[] {
  const nodes = new Set(spansets.flatMap((spanset) => spanset.nodes));
  return [{ nodes: Array.from(nodes).sort((a, b) => a.index - b.index), values: [] }];
}
