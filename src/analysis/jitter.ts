/** Time stamps of the coarsest common resolution (Jaeger's and Zipkin's microseconds) are off by up to two units at an end. */
const CLOCK_JITTER_NS = 2_000;

/**
 * By how much a span of `durationNs` may seem to outlive another and still count as having ended with it: 10 % of its length,
 * at least 2 µs. In whole nanoseconds.
 */
export function jitterNs(durationNs: number): number {
  return Math.max(CLOCK_JITTER_NS, Math.floor(durationNs / 10));
}

/**
 * By how much two successive children may overlap and still be read as one after the other: 1 % of their parent's effective
 * duration, at least 2 µs, but no more than 10 % of the shorter of the two. The 10 % keep a long parent from turning real
 * concurrency into a sequence.
 */
export function toleratedOverlapNs(parentNs: number, shorterNs: number): number {
  return Math.min(
    Math.max(CLOCK_JITTER_NS, Math.floor(parentNs / 100)),
    Math.floor(shorterNs / 10),
  );
}
