import type { SpanKind, StatusCode } from '../model/span.ts';

/** Where a piece of a query stands: offsets in UTF-16 code units, `end` exclusive. */
export interface Place {
  readonly at: number;
  readonly end: number;
}

/** A value written in a query. Durations are nanoseconds. */
export type Static =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  | { readonly type: 'duration'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'status'; readonly value: StatusCode }
  | { readonly type: 'kind'; readonly value: SpanKind }
  | { readonly type: 'nil' };

/** What an expression gives, as far as the query alone tells: attributes may hold anything. */
export type FieldType = Static['type'] | 'any';

/** Whose attributes: `any` is the span's, else its resource's. */
export const SCOPES = ['any', 'span', 'resource', 'event', 'link', 'instrumentation'] as const;
export type AttributeScope = (typeof SCOPES)[number];

/** What every span has, by its canonical spelling. */
export type IntrinsicName =
  | 'name'
  | 'status'
  | 'statusMessage'
  | 'kind'
  | 'duration'
  | 'traceDuration'
  | 'rootName'
  | 'rootServiceName'
  | 'nestedSetLeft'
  | 'nestedSetRight'
  | 'nestedSetParent'
  | 'trace:id'
  | 'span:id'
  | 'span:parentID'
  | 'span:childCount'
  | 'event:name'
  | 'event:timeSinceStart'
  | 'link:traceID'
  | 'link:spanID'
  | 'instrumentation:name'
  | 'instrumentation:version';

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type ComparisonOperator = (typeof COMPARISONS)[number];
export type PatternOperator = '=~' | '!~';
export type LogicalOperator = '&&' | '||';
export type ArithmeticOperator = '+' | '-' | '*' | '/' | '%' | '^';
export type BinaryOperator =
  | ComparisonOperator
  | PatternOperator
  | LogicalOperator
  | ArithmeticOperator;

export interface StaticField extends Place {
  readonly node: 'static';
  readonly value: Static;
}

export interface AttributeField extends Place {
  readonly node: 'attribute';
  readonly scope: AttributeScope;
  readonly name: string;
}

export interface IntrinsicField extends Place {
  readonly node: 'intrinsic';
  readonly name: IntrinsicName;
}

export interface UnaryField extends Place {
  readonly node: 'unary';
  readonly operator: '-' | '!';
  readonly operand: Field;
}

export interface BinaryField extends Place {
  readonly node: 'binary';
  readonly operator: BinaryOperator;
  readonly left: Field;
  readonly right: Field;
}

/** An expression about one span. */
export type Field = StaticField | AttributeField | IntrinsicField | UnaryField | BinaryField;

/** What `select`, `by` of metrics and the `…_over_time` functions take. */
export type NamedField = AttributeField | IntrinsicField;

/** How the spans of the right side relate to those of the left: `>` child, `>>` descendant, `<` parent, `<<` ancestor, `~` sibling. */
export type Relation = '>' | '>>' | '<' | '<<' | '~';

export type SpansetOperator = LogicalOperator | Relation | `!${Relation}` | `&${Relation}`;

/** Which spans of a trace. */
export type SpansetExpression =
  | ({ readonly node: 'filter'; readonly condition: Field } & Place)
  | ({
      readonly node: 'operation';
      readonly operator: SpansetOperator;
      readonly left: SpansetExpression;
      readonly right: SpansetExpression;
    } & Place)
  | ({ readonly node: 'pipeline'; readonly stages: readonly Stage[] } & Place);

export type AggregateName = 'count' | 'min' | 'max' | 'avg' | 'sum';

export interface Aggregate extends Place {
  readonly name: AggregateName;
  /** Null for `count()`. */
  readonly of: Field | null;
}

/** A number to compare with. */
export type NumberStatic = Extract<Static, { type: 'int' | 'float' | 'duration' }>;

/** One step of a pipeline: sets of spans in, sets of spans out. */
export type Stage =
  | { readonly stage: 'spansets'; readonly expression: SpansetExpression }
  | {
      readonly stage: 'aggregate';
      readonly aggregate: Aggregate;
      readonly operator: ComparisonOperator;
      readonly value: NumberStatic;
    }
  | { readonly stage: 'by'; readonly field: Field }
  | { readonly stage: 'coalesce' }
  | { readonly stage: 'select'; readonly fields: readonly NamedField[] };

export const MEASURES = [
  'rate',
  'count_over_time',
  'min_over_time',
  'max_over_time',
  'avg_over_time',
  'sum_over_time',
  'quantile_over_time',
  'histogram_over_time',
] as const;
export type MeasureName = (typeof MEASURES)[number];

/** What is counted or measured of the spans that a pipeline lets through. */
export type Measure =
  | {
      readonly measure: MeasureName;
      /** Null for `rate` and `count_over_time`. */
      readonly of: NamedField | null;
      /** Only of `quantile_over_time`, each 0–1. */
      readonly quantiles: readonly number[];
      readonly by: readonly NamedField[];
    }
  | {
      readonly measure: 'compare';
      readonly selection: Field;
      /** How many values of an attribute are told apart. */
      readonly top: number;
      /** Spans that start outside belong to the baseline; null without such a limit. */
      readonly window: { readonly startNs: bigint; readonly endNs: bigint } | null;
    };

/** What is done with series once they are complete. */
export type SeriesStage =
  | { readonly stage: 'topk' | 'bottomk'; readonly count: number }
  | {
      readonly stage: 'keep';
      readonly operator: ComparisonOperator;
      /** Seconds where the query says a duration. */
      readonly value: number;
    };

/** Series over time. */
export type Metrics =
  | {
      readonly metrics: 'measure';
      readonly pipeline: readonly Stage[];
      readonly measure: Measure;
      readonly after: readonly SeriesStage[];
    }
  | {
      readonly metrics: 'math';
      readonly operator: '+' | '-' | '*' | '/';
      readonly left: Metrics | number;
      readonly right: Metrics | number;
      readonly after: readonly SeriesStage[];
    };

/** A whole query. Hints of `with (…)` are checked and have no effect. */
export type Query =
  | { readonly kind: 'spans'; readonly stages: readonly Stage[] }
  | { readonly kind: 'metrics'; readonly metrics: Metrics };
