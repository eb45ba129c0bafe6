import type { TraceId } from '../../model/ids.ts';
import { isUnixNano, type UnixNano, unixNano } from '../../model/time.ts';
import { SharedObjects } from '../shared-objects.ts';

/** Farther from the wall clock than this, a timestamp counts from something else. */
const DAY_NS = 86_400_000_000_000n;

/**
 * Puts the spans of a Next.js build (`.next/trace`) on the calendar. Their `timestamp` counts from the machine's start, in
 * microseconds; `startTime` is the wall clock, in milliseconds, when the span object was made: late for a span that was added
 * after the fact. So the first span of a trace tells the distance, and all keep their exact places relative to each other.
 *
 *     timestamp   24,578,316,221 µs since boot  ┐ distance of the trace = startTime − timestamp
 *     startTime   1,645,600,000,123 ms          ┘ of its first span in the dump
 */
export class NextjsClock {
  readonly #distances = new SharedObjects<bigint>();

  /** `timestamp` in time since 1970; as it is when it seems to be that already. */
  toUnix(trace: TraceId, timestamp: UnixNano, startTime: UnixNano): UnixNano {
    const distance = this.#distances.get(trace, () => startTime - timestamp);
    const unix = timestamp + distance;
    const isUnix = distance > -DAY_NS && distance < DAY_NS;
    return isUnix || !isUnixNano(unix) ? timestamp : unixNano(unix);
  }
}
