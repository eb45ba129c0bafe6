import type { SpanId, TraceId } from '../model/ids.ts';
import type { TimeWindow } from './layout/bars.ts';
import { type AppState, FIRST_TRACES, type Screen } from './state/app-state.ts';
import { sifting } from './state/waterfall-commands.ts';
import { waterfallOf } from './state/waterfall-screen.ts';

/** What is to be seen when the explorer opens, besides the first screen. */
export interface OpeningOptions {
  /** What the list of traces is filtered by in the beginning; '' for nothing. */
  readonly filter: string;
  /** A trace to show at once; null: none. */
  readonly open: OpenedTrace | null;
}

/** A trace and what is to be seen of it. */
export interface OpenedTrace {
  readonly traceId: TraceId;
  /** The span to go to; null: none in particular. */
  readonly spanId: SpanId | null;
  /** Only spans that this finds, and their ancestors; '' for all. */
  readonly filter: string;
  /** The time that the bars show; null: all of the trace. */
  readonly window: TimeWindow | null;
}

/** `state` with the list filtered, and the trace on top. */
export function openedState(state: AppState, { filter, open }: OpeningOptions): AppState {
  const traces: Screen = { ...FIRST_TRACES, words: filter };
  const stack = state.stack.map((screen) => (screen.kind === 'traces' ? traces : screen));
  const above = open ? [waterfallAt(open)] : [];
  return { ...state, stack: [...stack, ...above], mains: { traces } };
}

function waterfallAt({ traceId, spanId, filter, window }: OpenedTrace): Screen {
  return { ...sifting(waterfallOf(traceId, spanId), filter), window };
}
