const UNITS_NS: Readonly<Record<string, number>> = {
  y: 365 * 86_400e9,
  w: 7 * 86_400e9,
  d: 86_400e9,
  h: 3600e9,
  m: 60e9,
  s: 1e9,
  ms: 1e6,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ns: 1,
};

/** Whole numbers with Prometheus's units, the largest first: `1h30m`, `2w`. */
const PROMETHEUS = /^(?=\d)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m(?!s))?(?:\d+s)?(?:\d+ms)?$/;
/** Go's units with fractions: `1.5s`, `100us`, `1h2m3.4s`. */
const GO = /^(?:\d+(?:\.\d*)?(?:ns|us|µs|μs|ms|s|m|h))+$/;

const PARTS = /(\d+(?:\.\d*)?)(ns|us|µs|μs|ms|y|w|d|h|m|s)/g;

/** Nanoseconds of a duration as TraceQL writes it, null for anything else. A day is 24 hours, a year 365 days. */
export function parseDurationText(text: string): number | null {
  if (!PROMETHEUS.test(text) && !GO.test(text)) return null;
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(PARTS)) {
    total += Number(amount) * (UNITS_NS[unit] ?? 0);
  }
  const whole = Math.round(total);
  return whole <= 2 ** 63 ? whole : null;
}

/** Nanoseconds as a duration that `parseDurationText` reads back exactly: `1h30m`, `1.5s`, `20ms`. */
export function durationText(nanoseconds: number): string {
  if (nanoseconds < 0) return `-${durationText(-nanoseconds)}`;
  if (nanoseconds >= 60e9) return longText(nanoseconds);
  for (const [unit, size] of [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
  ] as const) {
    if (nanoseconds >= size) return `${decimal(nanoseconds, size)}${unit}`;
  }
  return nanoseconds === 0 ? '0s' : `${nanoseconds}ns`;
}

function longText(nanoseconds: number): string {
  const hours = Math.floor(nanoseconds / 3600e9);
  const minutes = Math.floor((nanoseconds % 3600e9) / 60e9);
  const rest = nanoseconds % 60e9;
  return [
    hours > 0 ? `${hours}h` : '',
    minutes > 0 ? `${minutes}m` : '',
    rest > 0 ? `${decimal(rest, 1e9)}s` : '',
  ].join('');
}

/** `value / size` as a decimal without rounding; `size` is a power of ten. */
function decimal(value: number, size: number): string {
  const digits = String(size).length - 1;
  const whole = Math.floor(value / size);
  const fraction = String(value % size)
    .padStart(digits, '0')
    .replace(/0+$/, '');
  return fraction === '' ? String(whole) : `${whole}.${fraction}`;
}
