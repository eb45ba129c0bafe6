/** By how much a server's clock may be ahead, at least and at most, in nanoseconds; `low` > `high` is impossible. */
export interface ClockInterval {
  readonly low: number;
  readonly high: number;
}

/** Start and end of a span in nanoseconds, on its own clock. */
interface TimedSpan {
  readonly startNs: number;
  readonly endNs: number;
}

/**
 * What must be added to the server's clock so that the server lies inside its client: from `low` (its start is not before the
 * client's) to `high` (its end is not after).
 *
 *     client   |100---------200|      low  = 100 − 60  = 40
 *     server |60----130|              high = 200 − 130 = 70
 *
 * Impossible (`low` > `high`) where the server took longer than its client: then no clock explains the two.
 */
export function clockInterval(client: TimedSpan, server: TimedSpan): ClockInterval {
  return { low: client.startNs - server.startNs, high: client.endNs - server.endNs };
}

/** What both allow. */
export function intersection(a: ClockInterval, b: ClockInterval): ClockInterval {
  return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
}

/** How far an interval is from containing 0; 0 when it does. */
export function distanceToZero({ low, high }: ClockInterval): number {
  return Math.max(0, low, -high);
}
