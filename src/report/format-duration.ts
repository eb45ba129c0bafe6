import { type Nanos, nanos } from '../model/time.ts';
import { threeDigits } from './three-digits.ts';

const UNITS = [
  { ns: 1, name: 'ns' },
  { ns: 1e3, name: 'µs' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e9, name: 's' },
] as const;

/** A duration for people, three significant digits: `0`, `850ns`, `12.3µs`, `1.00s`, `1m30s`, `2h05m`. At most seven cells up to 99 h. */
export function formatDuration(duration: Nanos): string {
  if (duration === 0) return '0';
  if (duration < 0) return `-${formatDuration(nanos(0 - duration))}`;
  if (Math.round(duration / 1e9) >= 60) return formatMinutes(Math.round(duration / 1e9));
  for (const { ns, name } of UNITS) {
    const digits = ns === 1 ? String(duration) : threeDigits(duration / ns);
    if (Number(digits) < 1000) return digits + name;
  }
  return formatMinutes(60);
}

function formatMinutes(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m${two(seconds % 60)}s`;
  return `${Math.floor(seconds / 3600)}h${two(Math.floor((seconds % 3600) / 60))}m`;
}
