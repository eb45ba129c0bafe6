import { UserError } from '../model/user-error.ts';

const BYTES_PER: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** A size in bytes (`1GB`, `1.5 GiB`, `500000`), decimal units as they are printed. Throws a usage error for anything else. */
export function parseBytes(text: string, option: string): number {
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = BYTES_PER[unit.toLowerCase()];
  if (amount === undefined || factor === undefined) {
    throw new UserError('usage', `${option} takes a size, not "${text}"`, {
      fix: `${option} 500MB or ${option} 1GB`,
    });
  }
  return Math.round(Number(amount) * factor);
}
