import type { TimeWindow } from './bars.ts';

interface Interval {
  readonly startNs: number;
  readonly endNs: number;
}

/**
 * For each of `widthCells` cells the part of its time, 0–1, in which at least one of the intervals runs. The intervals come by
 * start. An instant counts as a hundredth of a cell, so that it can be seen.
 */
export function busyCells(
  intervals: Iterable<Interval>,
  window: TimeWindow,
  widthCells: number,
): Float64Array {
  const busy = new Float64Array(widthCells);
  const cellNs = Math.max(1, window.endNs - window.startNs) / Math.max(1, widthCells);
  let coveredUntil = Number.NEGATIVE_INFINITY;
  for (const { startNs, endNs } of intervals) {
    const from = Math.max(startNs, coveredUntil, window.startNs);
    const to = Math.min(Math.max(endNs, startNs + cellNs / 100), window.endNs);
    coveredUntil = Math.max(coveredUntil, endNs);
    if (to > from) addTo(busy, (from - window.startNs) / cellNs, (to - window.startNs) / cellNs);
  }
  return busy;
}

/** `from` and `to` in cells. */
function addTo(busy: Float64Array, from: number, to: number): void {
  for (let cell = Math.floor(from); cell < to && cell < busy.length; cell++) {
    const part = Math.min(to, cell + 1) - Math.max(from, cell);
    busy[cell] = Math.min(1, (busy[cell] ?? 0) + part);
  }
}
