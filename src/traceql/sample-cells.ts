import { parseQuantile, percentile } from '../analysis/nearest-rank.ts';
import type { MeasureName } from './query.ts';

/** Gathers the values of one series step by step. */
export interface SampleCells {
  readonly add: (step: number, value: number) => void;
  /** What the series is worth in each step: null where nothing was added and nothing is known. */
  readonly samples: () => (number | null)[];
}

/** Cells for everything that gives one series. `stepSeconds` is how long a step is. */
export function sampleCells(
  measure: Exclude<MeasureName, 'quantile_over_time'>,
  steps: number,
  stepSeconds: number,
): SampleCells {
  switch (measure) {
    case 'rate':
      return countCells(steps, stepSeconds);
    case 'count_over_time':
    case 'histogram_over_time':
      return countCells(steps, 1);
    case 'min_over_time':
      return foldCells(steps, Math.min);
    case 'max_over_time':
      return foldCells(steps, Math.max);
    case 'sum_over_time':
      return foldCells(steps, (a, b) => a + b);
    case 'avg_over_time':
      return averageCells(steps);
  }
}

function countCells(steps: number, divisor: number): SampleCells {
  const counts = new Float64Array(steps);
  return {
    add: (step) => {
      counts[step] = (counts[step] ?? 0) + 1;
    },
    samples: () => Array.from(counts, (count) => count / divisor),
  };
}

function foldCells(steps: number, fold: (a: number, b: number) => number): SampleCells {
  const values: (number | null)[] = Array.from({ length: steps }, () => null);
  return {
    add: (step, value) => {
      const known = values[step] ?? null;
      values[step] = known === null ? value : fold(known, value);
    },
    samples: () => values,
  };
}

function averageCells(steps: number): SampleCells {
  const sums = new Float64Array(steps);
  const counts = new Float64Array(steps);
  return {
    add: (step, value) => {
      sums[step] = (sums[step] ?? 0) + value;
      counts[step] = (counts[step] ?? 0) + 1;
    },
    samples: () =>
      Array.from(counts, (count, step) => (count === 0 ? null : (sums[step] ?? 0) / count)),
  };
}

/** All values of one series, for its quantiles. */
export interface QuantileCells {
  readonly add: (step: number, value: number) => void;
  readonly samples: (quantile: number) => (number | null)[];
}

/** Quantiles by nearest rank, exact: always a value that occurs. Keeps every value, at 8 bytes each. */
export function quantileCells(steps: number): QuantileCells {
  const cells: (number[] | undefined)[] = Array.from({ length: steps });
  const sorted: (Float64Array | undefined)[] = [];
  return {
    add: (step, value) => {
      const cell = cells[step];
      if (cell) cell.push(value);
      else cells[step] = [value];
    },
    samples: (quantile) => {
      const exact = parseQuantile(quantile.toFixed(MOST_DECIMALS));
      return cells.map((cell, step) => {
        if (cell === undefined) return null;
        sorted[step] ??= Float64Array.from(cell).sort();
        return percentile(sorted[step], exact);
      });
    },
  };
}

/** As many as `parseQuantile` takes. */
const MOST_DECIMALS = 12;
