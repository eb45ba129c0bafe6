import type { Theme } from '../theme.ts';
import type { TraceView } from '../trace-view.ts';
import type { CellRange, TimeWindow } from './bars.ts';

/** How many spans run at each cell's time, and where errors are. */
interface Density {
  readonly width: number;
  readonly running: Int32Array;
  readonly most: number;
  readonly hasError: Uint8Array;
}

const made = new WeakMap<TraceView, Density>();

/** The whole trace in one line of `width` cells: the higher, the more spans run; what is outside of the shown time is faint. */
export function minimapLine(
  view: TraceView,
  width: number,
  window: TimeWindow | null,
  brush: CellRange | null,
  theme: Theme,
): string {
  const { running, most, hasError } = densityOf(view, width);
  const shown = window === null ? null : cellsOf(window, view, width);
  const heights = theme.glyphs.heights;
  let line = '';
  for (let cell = 0; cell < width; cell++) {
    const share = Math.sqrt((running[cell] ?? 0) / most);
    const text = heights[Math.ceil(share * (heights.length - 1))] ?? ' ';
    const isBrushed = brush !== null && cell >= brush.from && cell < brush.to;
    const isShown = shown === null || (cell >= shown.from && cell < shown.to);
    const style = hasError[cell] === 1 && isShown ? theme.error : isShown ? theme.bar : theme.faint;
    line += isBrushed ? theme.marked(text) : style(text);
  }
  return line;
}

/** The cells of the minimap that stand for `window`. */
function cellsOf(window: TimeWindow, view: TraceView, width: number): CellRange {
  const whole = Math.max(1, view.trace.durationNs);
  const from = Math.floor((window.startNs / whole) * width);
  return { from, to: Math.max(from + 1, Math.ceil((window.endNs / whole) * width)) };
}

function densityOf(view: TraceView, width: number): Density {
  const known = made.get(view);
  if (known?.width === width) return known;
  const changes = new Int32Array(width + 1);
  const hasError = new Uint8Array(width);
  const scale = width / Math.max(1, view.trace.durationNs);
  for (const { startNs, endNs, span } of view.trace.nodes) {
    const from = Math.min(width - 1, Math.floor(startNs * scale));
    const to = Math.min(width - 1, Math.max(from, Math.ceil(endNs * scale) - 1));
    changes[from] = (changes[from] ?? 0) + 1;
    changes[to + 1] = (changes[to + 1] ?? 0) - 1;
    if (span.statusCode === 'error') hasError[from] = 1;
  }
  const running = new Int32Array(width);
  let now = 0;
  let most = 1;
  for (let cell = 0; cell < width; cell++) {
    now += changes[cell] ?? 0;
    running[cell] = now;
    most = Math.max(most, now);
  }
  const density = { width, running, most, hasError };
  made.set(view, density);
  return density;
}
