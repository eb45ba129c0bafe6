import type { SpanId, TraceId } from '../model/ids.ts';
import { type AppState, FIRST_TRACES, type Screen } from './state/app-state.ts';
import { waterfallOf } from './state/waterfall-screen.ts';

/** What is to be seen when the explorer opens, besides the first screen. */
export interface OpeningOptions {
  /** What the list of traces is filtered by in the beginning; '' for nothing. */
  readonly filter: string;
  /** A trace to show at once, at a span of it; null: none. */
  readonly open: { readonly traceId: TraceId; readonly spanId: SpanId | null } | null;
}

/** `state` with the list filtered, and the trace on top. */
export function openedState(state: AppState, { filter, open }: OpeningOptions): AppState {
  const traces: Screen = { ...FIRST_TRACES, words: filter };
  const stack = state.stack.map((screen) => (screen.kind === 'traces' ? traces : screen));
  const above = open ? [waterfallOf(open.traceId, open.spanId)] : [];
  return { ...state, stack: [...stack, ...above], mains: { traces } };
}
