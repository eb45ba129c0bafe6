import type { Aggregate, Metrics, NumberStatic, Place, Stage } from './query.ts';

/** What a piece of a query is, before it is known what the whole will be. */
export type Operand = Place &
  (
    | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
    | { readonly kind: 'number'; readonly value: NumberStatic }
    | { readonly kind: 'aggregate'; readonly aggregate: Aggregate }
    /** `({ … } | count())`: Tempo parses it and then refuses it. */
    | { readonly kind: 'scalar pipeline' }
    | {
        readonly kind: 'metrics';
        readonly metrics: Metrics;
        /** Whether arithmetic may follow: only behind parentheses. */
        readonly isClosed: boolean;
      }
  );
