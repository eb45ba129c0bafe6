import { STATUS_CODES } from '../model/span.ts';
import type { Nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { isInferredError } from './inferred-error.ts';
import type { TraceSelection } from './separating-attributes.ts';
import { mainRoot, mainRootOf } from './slow-traces.ts';
import { hasProperty } from './trace-properties.ts';

/** Which traces to set against the rest, and how to tell. */
export interface ChosenTraces extends TraceSelection {
  /** Null for the slowest traces. */
  readonly isSelected: ((trace: Trace) => boolean) | null;
}

/** Traces whose main root failed. Attributes that only say how are left out of what separates them. */
export function failedTraces(inferErrors: boolean): ChosenTraces {
  return {
    name: 'failed',
    isConsequence: (key) => RESTATES_FAILURE.test(key),
    isSelected(trace) {
      const root = mainRootOf(trace.tree);
      if (root === -1) return false;
      if (trace.tree.status[root] === ERROR) return true;
      const span = inferErrors ? mainRoot(trace)?.span : undefined;
      return span !== undefined && isInferredError(span);
    },
  };
}

const ERROR = STATUS_CODES.indexOf('error');

/** What a failure leaves behind: status codes of all protocols, error types, messages and exceptions. */
const RESTATES_FAILURE =
  /^(?:error|error\..*|exception\..*|otel\.status_.*|(?:http|rpc|grpc|db)\.(?:.*\.)?(?:status|status_code|status_text|code|error_code))$/;

/** Traces that took at least the p95 of their root operation. Which these are shows when all traces have been seen. */
export const SLOWEST_TRACES: ChosenTraces = { name: 'slow', isSelected: null };

/** Traces whose main root took at least so long. */
export function tracesFrom(minDurationNs: Nanos, name: string): ChosenTraces {
  return {
    name,
    isSelected: ({ tree }) => (tree.duration[mainRootOf(tree)] ?? -1) >= minDurationNs,
  };
}

/** Traces of which a span or its resource has an attribute with that text; the attribute itself is left out. */
export function tracesWith(key: string, value: string): ChosenTraces {
  return {
    name: `${key}=${value}`,
    isConsequence: (other) => other === key,
    isSelected: (trace) => hasProperty(trace, key, value),
  };
}
