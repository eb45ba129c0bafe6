import { type Nanos, nanos } from '../model/time.ts';
import type { Unit } from './check.ts';
import type { TextScanner } from './text-scanner.ts';

const NS_PER: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

const DURATION = /(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+/y;
const NUMBER = /\d+(?:\.\d+)?(?:e[+-]?\d+)?/y;

/** A duration as Go writes it: `300ms`, `1m30s`. */
export function parseDurationText(scanner: TextScanner): Nanos {
  const text = scanner.take(DURATION) ?? scanner.fail('expected a duration like 200ms');
  let total = 0;
  for (const [, amount = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)([a-zµμ]+)/g))
    total += Number(amount) * (NS_PER[unit] ?? 0);
  return nanos(Math.round(total));
}

/** What a measure of that unit is compared with. A bare number is milliseconds for durations, as k6 has it; a share may be a percentage. */
export function parseAmount(scanner: TextScanner, unit: Unit): number {
  const at = scanner.position;
  const duration = scanner.take(DURATION);
  if (duration !== null) {
    if (unit !== 'ns') scanner.fail('a duration cannot be compared with this', { at });
    scanner.position -= duration.length;
    return parseDurationText(scanner);
  }
  const number = scanner.take(NUMBER) ?? scanner.fail(`expected ${EXPECTED[unit]}`);
  if (scanner.takeOne(['%']) !== null) {
    if (unit !== 'ratio') scanner.fail('a percentage cannot be compared with this', { at });
    return Number(number) / 100;
  }
  if (unit === 'ns') return Number(number) * 1e6;
  return Number(number);
}

const EXPECTED: Readonly<Record<Unit, string>> = {
  ns: 'a duration like 200ms',
  ratio: 'a share like 1% or 0.01',
  count: 'a number',
};
