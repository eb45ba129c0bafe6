import { threeDigits } from './three-digits.ts';

/** A size for people in decimal units, three significant digits: `0 B`, `999 B`, `1.23 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  let amount = bytes;
  for (const unit of ['kB', 'MB', 'GB', 'TB']) {
    amount /= 1000;
    if (amount < 999.5 || unit === 'TB') return `${threeDigits(amount)} ${unit}`;
  }
  return `${bytes} B`;
}
