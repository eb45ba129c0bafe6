/** The stretch of time that a metrics query looks at, cut into equal steps. */
export interface MetricsWindow {
  readonly startNs: bigint;
  /** Exclusive; `steps` steps after the start. */
  readonly endNs: bigint;
  readonly stepNs: bigint;
  readonly steps: number;
}

/** As many steps as Prometheus allows; a series is an array as long. */
const MOST_STEPS = 11_000;

/** One step from the first nanosecond to before `endNs`; at least a nanosecond long. */
export function wholeWindow(startNs: bigint, endNs: bigint): MetricsWindow {
  const end = endNs > startNs ? endNs : startNs + 1n;
  return { startNs, endNs: end, stepNs: end - startNs, steps: 1 };
}

/** Steps that begin at multiples of `stepNs` since 1970, as many as hold the stretch; null if those are more than `MOST_STEPS`. */
export function steppedWindow(
  startNs: bigint,
  endNs: bigint,
  stepNs: bigint,
): MetricsWindow | null {
  const start = startNs - (startNs % stepNs);
  const length = (endNs > start ? endNs : start + 1n) - start;
  const steps = (length + stepNs - 1n) / stepNs;
  if (steps > MOST_STEPS) return null;
  return { startNs: start, endNs: start + steps * stepNs, stepNs, steps: Number(steps) };
}

/** The step that a moment lies in; -1 outside of the window. `offsetNs` counts from the window's start. */
export function stepAt({ stepNs, steps }: MetricsWindow, offsetNs: number): number {
  const step = Math.floor(offsetNs / Number(stepNs));
  return step >= 0 && step < steps ? step : -1;
}
