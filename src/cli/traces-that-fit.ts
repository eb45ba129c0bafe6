import type { TraceFilter } from '../model/trace-summary.ts';
import { UserError } from '../model/user-error.ts';
import type { LeftOut } from '../report/left-out.ts';
import { countLargerTraces, countTraces } from '../store/find-traces.ts';
import { heapFor, mostSpans } from '../store/largest-trace.ts';
import type { Store } from '../store/open-store.ts';

/** What of a filter's traces can be analysed. */
export interface TracesThatFit {
  readonly filter: TraceFilter;
  /** Null when all fit. */
  readonly leftOut: LeftOut | null;
}

/** Leaves out the traces that are too large for the memory. Throws a `UserError` when no other is left. */
export function tracesThatFit(store: Store, filter: TraceFilter): TracesThatFit {
  const most = mostSpans();
  const { traces, largest } = countLargerTraces(store, filter, most);
  if (traces === 0) return { filter, leftOut: null };
  const fitting = { ...filter, maxSpans: most };
  const remedy = heapFor(largest);
  if (countTraces(store, fitting) === 0) {
    throw new UserError('input', 'every trace is too large for the memory that Node may use', {
      where: [`${largest.toLocaleString('en')} spans, more than ${most.toLocaleString('en')}`],
      fix: `allow more: ${remedy}`,
    });
  }
  return {
    filter: fitting,
    leftOut: { traces, largestSpans: largest, mostSpans: most, remedy },
  };
}
