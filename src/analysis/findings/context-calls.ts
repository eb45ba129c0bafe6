import { DependencyNames } from '../dependency-names.ts';
import { findSentCalls } from '../sent-calls.ts';
import { findReceivedCalls, type ServiceCall, startSearch } from '../service-calls.ts';
import type { TraceContext } from './trace-context.ts';

const NAMES = new DependencyNames({ knownServices: [], caseInsensitive: false, ports: false });
const CALLS = new WeakMap<TraceContext, readonly ServiceCall[]>();

/**
 * The calls between services in a trace as the dependency analysis finds them, worked out once for all rules. No service is
 * known beforehand, so that every peer without spans in the trace is `external:`, also if other traces have spans of it.
 */
export function contextCalls(context: TraceContext): readonly ServiceCall[] {
  let calls = CALLS.get(context);
  if (calls === undefined) {
    const search = startSearch(context.trace, NAMES);
    findReceivedCalls(search);
    findSentCalls(search);
    calls = search.calls;
    CALLS.set(context, calls);
  }
  return calls;
}
