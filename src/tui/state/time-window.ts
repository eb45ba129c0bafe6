import { nanos } from '../../model/time.ts';
import type { TraceNode } from '../../model/trace.ts';
import type { TimeWindow } from '../layout/bars.ts';
import type { TraceView } from '../trace-view.ts';
import type { WaterfallScreen } from './app-state.ts';

/** Closer than this nothing is to be seen: clocks count nanoseconds. */
const NARROWEST_NS = 100;
/** Free space on both sides of a span that is zoomed to, as a part of it. */
const MARGIN = 0.05;

/** The whole trace. */
function wholeTrace(durationNs: number): TimeWindow {
  return { startNs: nanos(0), endNs: nanos(Math.max(1, durationNs)) };
}

export function windowOf(screen: WaterfallScreen, view: TraceView): TimeWindow {
  return screen.window ?? wholeTrace(view.trace.durationNs);
}

/** `node` and a little around it. */
export function zoomedTo(node: TraceNode, durationNs: number): TimeWindow | null {
  const margin = Math.max(1, (node.endNs - node.startNs) * MARGIN);
  return limited(node.startNs - margin, node.endNs + margin, durationNs);
}

/** `factor` times the time shown now, around the middle of what can be seen of the span. */
export function zoomedBy(
  screen: WaterfallScreen,
  view: TraceView,
  node: TraceNode,
  factor: number,
): TimeWindow | null {
  const { startNs, endNs } = windowOf(screen, view);
  const from = Math.max(startNs, Math.min(node.startNs, endNs));
  const to = Math.max(startNs, Math.min(node.endNs, endNs));
  const middle = (from + to) / 2;
  return limited(
    middle - (middle - startNs) * factor,
    middle + (endNs - middle) * factor,
    view.trace.durationNs,
  );
}

/** `factor` times the time shown now; what lies at the part `at` of it (0–1) stays there. */
export function zoomedAround(
  screen: WaterfallScreen,
  view: TraceView,
  at: number,
  factor: number,
): TimeWindow | null {
  const { startNs, endNs } = windowOf(screen, view);
  const fixed = startNs + (endNs - startNs) * at;
  const [before, after] = [(fixed - startNs) * factor, (endNs - fixed) * factor];
  return limited(fixed - before, fixed + after, view.trace.durationNs);
}

/** From one offset to another. */
export function windowBetween(
  startNs: number,
  endNs: number,
  durationNs: number,
): TimeWindow | null {
  return limited(startNs, endNs, durationNs);
}

/** The same length of time, `by` times that length later. */
export function panned(screen: WaterfallScreen, view: TraceView, by: number): TimeWindow | null {
  if (screen.window === null) return null;
  const { startNs, endNs } = screen.window;
  const length = endNs - startNs;
  const latest = Math.max(0, view.trace.durationNs - length);
  const start = Math.max(0, Math.min(latest, startNs + length * by));
  return limited(start, start + length, view.trace.durationNs);
}

/** The window within the trace and wide enough; null when that is the whole trace. */
function limited(start: number, end: number, durationNs: number): TimeWindow | null {
  const missing = Math.max(0, NARROWEST_NS - (end - start)) / 2;
  const startNs = Math.max(0, Math.floor(start - missing));
  const endNs = Math.min(Math.max(1, durationNs), Math.ceil(end + missing));
  if (startNs === 0 && endNs >= durationNs) return null;
  return { startNs: nanos(startNs), endNs: nanos(Math.max(startNs + 1, endNs)) };
}
