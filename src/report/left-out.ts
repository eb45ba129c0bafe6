import { formatCount } from './format-count.ts';

/** Traces that an analysis does not look at because they would not fit in memory. */
export interface LeftOut {
  /** At least 1. */
  readonly traces: number;
  /** Of the largest of them. */
  readonly largestSpans: number;
  /** A trace may have so many spans. */
  readonly mostSpans: number;
  /** The environment in which all would fit: `NODE_OPTIONS=…`. */
  readonly remedy: string;
}

/** `not analysed: 1 trace of up to 1,000,000 spans, more than 500,000; NODE_OPTIONS=… makes room`. */
export function leftOutText({ traces, largestSpans, mostSpans, remedy }: LeftOut): string {
  const which = `${formatCount(traces, 'trace')} of up to ${formatCount(largestSpans, 'span')}`;
  return `not analysed: ${which}, more than ${mostSpans.toLocaleString('en')}; ${remedy} makes room`;
}
