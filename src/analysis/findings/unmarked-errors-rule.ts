import type { SpanKind } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import { isInferredError } from '../inferred-error.ts';
import { BestExemplars } from './best-exemplars.ts';
import { dataRule } from './finding-rule.ts';

interface Unmarked {
  count: number;
  traces: number;
  readonly exemplars: BestExemplars;
  readonly kinds: Map<SpanKind, number>;
}

/** Spans without a status that failed by what else they say: what `--infer-errors` would count as errors. */
export const unmarkedErrorsRule = dataRule({
  name: 'unmarked-errors',
  advice: {
    'unmarked-errors':
      'Look at errors again with --infer-errors, and have the instrumentation set the status of these spans.',
  },
  params: { minSpans: 1 },
  accumulate({ minSpans }) {
    const unmarked: Unmarked = {
      count: 0,
      traces: 0,
      exemplars: new BestExemplars(),
      kinds: new Map(),
    };
    let errors = 0;
    return {
      add({ trace }) {
        const spans = trace.nodes.map(({ span }) => span);
        errors += spans.filter(({ statusCode }) => statusCode === 'error').length;
        const found = spans.filter(isInferredError);
        if (found.length === 0) return;
        unmarked.count += found.length;
        unmarked.traces += 1;
        for (const { kind } of found) {
          unmarked.kinds.set(kind, (unmarked.kinds.get(kind) ?? 0) + 1);
        }
        unmarked.exemplars.add(found.length, trace.traceId, found);
      },
      result: () =>
        unmarked.count < Math.max(1, minSpans)
          ? []
          : [
              {
                rule: 'unmarked-errors',
                severity: 'info',
                confidence: 0.9,
                title: `${unmarked.count} spans failed without the status ERROR`,
                service: '',
                operation: '',
                count: unmarked.count,
                evidence: {
                  unmarked: unmarked.count,
                  marked: errors,
                  byKind: Object.fromEntries(
                    [...unmarked.kinds].sort(([a], [b]) => (a < b ? -1 : 1)),
                  ),
                },
                traces: unmarked.traces,
                exemplars: unmarked.exemplars.list(),
                impactNs: nanos(0),
                signatures: [],
              },
            ],
    };
  },
});
