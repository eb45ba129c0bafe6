import type { SpanId, TraceId } from '../../model/ids.ts';
import type { WaterfallScreen } from './app-state.ts';
import { FIRST_OUTLINE } from './outline.ts';

/** A trace as it is opened: everything in sight; at a certain span where one is sought. */
export function waterfallOf(traceId: TraceId, soughtSpan: SpanId | null = null): WaterfallScreen {
  return {
    kind: 'waterfall',
    traceId,
    soughtSpan,
    selected: 0,
    top: 0,
    outline: FIRST_OUTLINE,
    window: null,
    windowsBefore: [],
    brush: null,
    showsCriticalPath: true,
    showsSelfTime: false,
    showsClockTime: false,
    search: '',
  };
}
