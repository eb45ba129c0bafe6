import type { AttributeValue } from '../model/attributes.ts';
import type { SpanKind, StatusCode } from '../model/span.ts';
import { SPAN_KINDS, STATUS_CODES } from '../model/span.ts';
import { staticValue } from './compile-field.ts';
import { type ConstantTest, holds, serviceTest, textTest, valueTest } from './constant-test.ts';
import { all, any, type Formula, TRUE } from './formula.ts';
import type { Pattern } from './pattern.ts';
import { printField } from './print-query.ts';
import {
  type AttributeScope,
  type BinaryField,
  COMPARISONS,
  type ComparisonOperator,
  type Field,
  type SpansetExpression,
  type Stage,
} from './query.ts';
import { kindValue, statusValue } from './value.ts';

/** Something about one stored span that can be decided without building its trace. */
export type Atom = {
  /** As the query says it, for `--explain`. */
  readonly text: string;
} & (
  | { readonly atom: 'name'; readonly matches: Pattern }
  | { readonly atom: 'service'; readonly matches: Pattern }
  | { readonly atom: 'kind'; readonly kinds: readonly SpanKind[] }
  | { readonly atom: 'status'; readonly codes: readonly StatusCode[] }
  | {
      readonly atom: 'duration';
      readonly operator: ComparisonOperator;
      readonly limitNs: number;
    }
  | {
      readonly atom: 'attribute';
      readonly scope: 'any' | 'span' | 'resource';
      readonly name: string;
      /** The text that the attribute must be equal to (or a list must hold); null when any value will do. */
      readonly equals: string | null;
      /** Decides about a value of it, exactly. */
      readonly holds: (value: AttributeValue) => boolean;
    }
);

/** What must hold in every trace that a query finds: a trace that lacks it need not be read. */
export interface Prefilter {
  readonly atoms: readonly Atom[];
  /** Formulas over atoms: each asks for one span of the trace that fulfils all of it. */
  readonly parts: readonly Formula[];
  /** A formula over parts. */
  readonly trace: Formula;
  /** Whether what must hold is also all that has to: one filter, about nothing but names, services, kinds, status and duration. */
  readonly isExact: boolean;
}

/** What the store can decide before traces are built about one of several pipelines: those of a query that reckons with series. */
export function prefilterOf(pipelines: readonly (readonly Stage[])[]): Prefilter {
  const builder = new PrefilterBuilder();
  const trace = any(pipelines.map((stages) => builder.stages(stages)));
  const [only = []] = pipelines;
  const isExact = pipelines.length === 1 && only.length === 1 && isFilterOnColumns(only[0]);
  return { atoms: builder.atoms, parts: builder.parts, trace, isExact };
}

function isFilterOnColumns(stage: Stage | undefined): boolean {
  if (stage?.stage !== 'spansets' || stage.expression.node !== 'filter') return false;
  return isOnColumns(stage.expression.condition);
}

const COLUMNS: readonly string[] = ['name', 'kind', 'status', 'duration'];

/** Whether a condition is made of comparisons of columns with constants, joined by `&&` and `||`. */
function isOnColumns(condition: Field): boolean {
  if (condition.node !== 'binary') return false;
  const { operator, left, right } = condition;
  if (operator === '&&' || operator === '||') return isOnColumns(left) && isOnColumns(right);
  if (right.node !== 'static' || right.value.type === 'nil') return false;
  if (left.node === 'intrinsic') return COLUMNS.includes(left.name);
  const isService = left.node === 'attribute' && left.scope === 'resource';
  return isService && left.name === 'service.name' && right.value.type === 'string';
}

class PrefilterBuilder {
  readonly atoms: Atom[] = [];
  readonly parts: Formula[] = [];
  readonly #known = new Map<string, number>();

  /** What one span of a trace must fulfil, of the stages up to the first that changes what is looked at. */
  stages(stages: readonly Stage[]): Formula {
    const parts: Formula[] = [];
    let filters: Field[] = [];
    for (const stage of stages) {
      if (stage.stage === 'spansets' && stage.expression.node === 'filter') {
        // Filters behind each other must all hold for one span.
        filters.push(stage.expression.condition);
        continue;
      }
      if (stage.stage !== 'spansets') continue;
      parts.push(this.#expression(stage.expression));
      parts.push(this.#filters(filters));
      filters = [];
    }
    return all([...parts, this.#filters(filters)]);
  }

  #expression(expression: SpansetExpression): Formula {
    switch (expression.node) {
      case 'filter':
        return this.#filters([expression.condition]);
      case 'pipeline':
        return this.stages(expression.stages);
      case 'operation': {
        const right = this.#expression(expression.right);
        // Whether nothing is related on the left says nothing about what is there.
        if (expression.operator.startsWith('!')) return right;
        const left = this.#expression(expression.left);
        return expression.operator === '||' ? any([left, right]) : all([left, right]);
      }
    }
  }

  /** One span that fulfils all conditions; what they ask of the trace's root may be true of any span of the trace. */
  #filters(conditions: readonly Field[]): Formula {
    const ofSpan = all(conditions.map((condition) => this.#condition(condition, 'span')));
    if (!conditions.some(asksForRoot)) return this.#part(ofSpan);
    const ofTrace = all(conditions.map((condition) => this.#condition(condition, 'trace')));
    return all([this.#part(ofSpan), this.#partsOfAtoms(ofTrace)]);
  }

  #part(formula: Formula): Formula {
    if (formula.formula === 'true' || formula.formula === 'false') return formula;
    this.parts.push(formula);
    return { formula: 'atom', atom: this.parts.length - 1 };
  }

  /** The formula with each of its atoms as a part by itself. */
  #partsOfAtoms(formula: Formula): Formula {
    if (formula.formula === 'atom') return this.#part(formula);
    if (formula.formula !== 'and' && formula.formula !== 'or') return formula;
    return { ...formula, parts: formula.parts.map((part) => this.#partsOfAtoms(part)) };
  }

  /** What a condition needs: of the span itself, or of any span of its trace. */
  #condition(field: Field, of: 'span' | 'trace'): Formula {
    if (field.node === 'static') {
      return field.value.type === 'bool' && field.value.value ? TRUE : { formula: 'false' };
    }
    if (field.node === 'attribute')
      return this.#presence(field.scope, field.name, printField(field));
    if (field.node !== 'binary') return TRUE;
    const { operator, left, right } = field;
    if (operator === '&&') return all([this.#condition(left, of), this.#condition(right, of)]);
    if (operator === '||') return any([this.#condition(left, of), this.#condition(right, of)]);
    return this.#comparison(field, of);
  }

  #comparison(field: BinaryField, of: 'span' | 'trace'): Formula {
    const { left, right, operator } = field;
    const isMatch = operator === '=~' || operator === '!~';
    const comparison = COMPARISONS.find((text) => text === operator);
    if (comparison === undefined && !isMatch) return TRUE;
    if (right.node === 'static') {
      return this.#test(
        left,
        { text: printField(field), operator: comparison ?? operator === '=~', value: right.value },
        of,
      );
    }
    if (left.node !== 'static' || comparison === undefined) return TRUE;
    const mirrored = { text: printField(field), operator: MIRRORED[comparison], value: left.value };
    return this.#test(right, mirrored, of);
  }

  /** A comparison with a constant on its right side. */
  #test(left: Field, test: ConstantTest, of: 'span' | 'trace'): Formula {
    if (left.node === 'attribute') return this.#attribute(left.scope, left.name, test);
    if (left.node !== 'intrinsic' || test.value.type === 'nil') return TRUE;
    if (left.name === 'rootName' || left.name === 'rootServiceName') {
      return of === 'span' ? TRUE : this.#root(left.name, test);
    }
    if (left.name === 'name') {
      return this.#add({ text: test.text, atom: 'name', matches: textTest(test) });
    }
    if (left.name === 'status') return this.#status(test);
    if (left.name === 'kind') return this.#kind(test);
    return left.name === 'duration' ? this.#duration(test) : TRUE;
  }

  /** The root is a span of the trace, or there is none and its name is empty. */
  #root(of: 'rootName' | 'rootServiceName', test: ConstantTest): Formula {
    if (textTest(test)('')) return TRUE;
    return of === 'rootName'
      ? this.#add({ text: nameOfAny(test), atom: 'name', matches: textTest(test) })
      : this.#add({ text: serviceOfAny(test), atom: 'service', matches: serviceTest(test) });
  }

  #status(test: ConstantTest): Formula {
    const codes = STATUS_CODES.filter((code) => holds(test, statusValue(code)));
    return this.#add({ text: test.text, atom: 'status', codes });
  }

  #kind(test: ConstantTest): Formula {
    const kinds = SPAN_KINDS.filter((kind) => holds(test, kindValue(kind)));
    return this.#add({ text: test.text, atom: 'kind', kinds });
  }

  #duration({ operator, value, text }: ConstantTest): Formula {
    if (typeof operator === 'boolean') return TRUE;
    const limit = staticValue(value);
    if (typeof limit !== 'number' && typeof limit !== 'bigint') return TRUE;
    return this.#add({ text, atom: 'duration', operator, limitNs: Number(limit) });
  }

  #presence(scope: AttributeScope, name: string, text: string): Formula {
    if (!isStoredScope(scope)) return TRUE;
    return this.#add({ text, atom: 'attribute', scope, name, equals: null, holds: () => true });
  }

  #attribute(scope: AttributeScope, name: string, test: ConstantTest): Formula {
    const { value, operator, text } = test;
    if (value.type === 'nil') return operator === '=' ? TRUE : this.#presence(scope, name, text);
    if (!isStoredScope(scope)) return TRUE;
    if (name === 'service.name' && scope === 'resource' && value.type === 'string') {
      return this.#add({ text, atom: 'service', matches: serviceTest(test) });
    }
    const equals = operator === '=' && value.type === 'string' ? value.value : null;
    return this.#add({
      text,
      atom: 'attribute',
      scope,
      name,
      equals,
      holds: valueTest(test),
    });
  }

  #add(atom: Atom): Formula {
    const key = `${atom.atom} ${atom.text}`;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.atoms.length;
      this.atoms.push(atom);
      this.#known.set(key, index);
    }
    return { formula: 'atom', atom: index };
  }
}

/** Whether a condition asks for what only the trace's root has. */
function asksForRoot(field: Field): boolean {
  switch (field.node) {
    case 'static':
    case 'attribute':
      return false;
    case 'intrinsic':
      return field.name === 'rootName' || field.name === 'rootServiceName';
    case 'unary':
      return asksForRoot(field.operand);
    case 'binary':
      return asksForRoot(field.left) || asksForRoot(field.right);
  }
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

function isStoredScope(scope: AttributeScope): scope is 'any' | 'span' | 'resource' {
  return scope === 'any' || scope === 'span' || scope === 'resource';
}

function nameOfAny({ text }: ConstantTest): string {
  return text.replace('rootName', 'name of a span');
}

function serviceOfAny({ text }: ConstantTest): string {
  return text.replace('rootServiceName', 'service of a span');
}
