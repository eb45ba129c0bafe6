declare const unit: unique symbol;

/** Nanoseconds since the Unix epoch. A bigint: today's value (1.8e18) is past 2^53. Within int64, so that SQLite keeps it. */
export type UnixNano = bigint & { readonly [unit]: 'unix ns' };

/** A length of time, or an offset from a trace's start, in nanoseconds. A whole number, exact up to 2^53 ns (104 days). */
export type Nanos = number & { readonly [unit]: 'ns' };

/** The last point in time that there is; in the year 2262. */
export const LAST_UNIX_NANO = 2n ** 63n - 1n;

/** Whether `value` can be a start or an end: OTLP's fixed64 allows more, but nothing below 1970 or past 2262 is a real time. */
export function isUnixNano(value: bigint): boolean {
  return value >= 0n && value <= LAST_UNIX_NANO;
}

/** `value` as a point in time. Throws a RangeError outside 0…2^63−1; check with `isUnixNano` where the value comes from a dump. */
export function unixNano(value: bigint): UnixNano {
  if (!isUnixNano(value)) throw new RangeError(`not a time in nanoseconds: ${value}`);
  return value as UnixNano;
}

/** `value` as a length of time in whole nanoseconds. Throws a RangeError for a fraction, NaN or an infinity. */
export function nanos(value: number): Nanos {
  if (!Number.isInteger(value)) throw new RangeError(`not whole nanoseconds: ${value}`);
  return value as Nanos;
}

/** `end − start` as a length, 0 when the end is before the start. Rounded to the nearest double past 104 days. */
export function durationBetween(start: UnixNano, end: UnixNano): Nanos {
  return end > start ? (Number(end - start) as Nanos) : (0 as Nanos);
}

/** `at − origin` as a signed offset in nanoseconds. */
export function offsetFrom(origin: UnixNano, at: UnixNano): Nanos {
  return Number(at - origin) as Nanos;
}
