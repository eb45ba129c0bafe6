import { getHeapStatistics } from 'node:v8';
import type { TraceId } from '../model/ids.ts';
import { UserError } from '../model/user-error.ts';

/** What all else takes of the heap, in bytes. */
const BESIDES = 48 * 2 ** 20;

/** What an analysis holds of each span of the trace that it is at, objects and attributes, at most; `scale` of test/bench measures it. */
const BYTES_PER_SPAN = 4500;

/**
 * How many spans a trace may have to be looked at as a whole, by the heap that Node gives this thread. One that does not fit would end
 * the process, which nothing can catch.
 */
export function mostSpans(): number {
  const { heap_size_limit: limit } = getHeapStatistics();
  return Math.max(1000, Math.floor((limit - BESIDES) / BYTES_PER_SPAN / 1000) * 1000);
}

/** Throws a `UserError` for a trace that does not fit in memory. */
export function checkTraceSize(traceId: TraceId, spans: number): void {
  const most = mostSpans();
  if (spans <= most) return;
  throw new UserError('input', `trace ${traceId} is too large for the memory that Node may use`, {
    where: [`${spans.toLocaleString('en')} spans, more than ${most.toLocaleString('en')}`],
    fix: `allow more: ${heapFor(spans)}`,
  });
}

/** The environment in which a trace of so many spans fits. */
export function heapFor(spans: number): string {
  const bytes = (spans + 1000) * BYTES_PER_SPAN + BESIDES;
  return `NODE_OPTIONS=--max-old-space-size=${Math.ceil(bytes / 2 ** 20 / 100) * 100}`;
}
