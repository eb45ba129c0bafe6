import type { Span, SpanKind } from '../../model/span.ts';
import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import { isInferredError } from '../inferred-error.ts';
import { SIGN } from './attribute-signs.ts';
import { BestExemplars } from './best-exemplars.ts';
import { dataRule } from './finding-rule.ts';
import type { TraceContext } from './trace-context.ts';

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
      add(context) {
        const found: Span[] = [];
        for (const node of context.trace.nodes) {
          if (node.span.statusCode === 'error') errors += 1;
          else if (mayBeInferred(node, context) && isInferredError(node.span)) {
            found.push(node.span);
          }
        }
        if (found.length === 0) return;
        unmarked.count += found.length;
        unmarked.traces += 1;
        for (const { kind } of found) {
          unmarked.kinds.set(kind, (unmarked.kinds.get(kind) ?? 0) + 1);
        }
        unmarked.exemplars.add(found.length, context.trace.traceId, found);
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

/** Whether a span without a status has any of what `isInferredError` looks at; nearly all have a good HTTP status and no more. */
function mayBeInferred(node: TraceNode, context: TraceContext): boolean {
  return (
    node.span.statusCode === 'unset' &&
    (node.span.events.length > 0 ||
      (context.signsOf(node) & SIGN.failure) !== 0 ||
      context.httpStatusOf(node) >= 400)
  );
}
