import { type Nanos, nanos } from '../model/time.ts';
import { UserError } from '../model/user-error.ts';

const NS_PER: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};

/** A length of time as Go writes it (`300ms`, `1.5s`, `1m30s`, `us` and `µs`), and days (`7d`). Throws a usage error for anything else. */
export function parseDuration(text: string, option: string): Nanos {
  const whole = /^(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h|d))+$/;
  if (text === '0') return nanos(0);
  if (!whole.test(text)) {
    throw new UserError('usage', `${option} takes a duration, not "${text}"`, {
      fix: `${option} 300ms, ${option} 2s or ${option} 1m30s`,
    });
  }
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h|d)/g);
  let total = 0;
  for (const [, amount = '', unit = ''] of parts) total += Number(amount) * (NS_PER[unit] ?? 0);
  return nanos(Math.round(total));
}
