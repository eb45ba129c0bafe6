/** The normal quantile of a 95 % interval. */
const Z = 1.959963984540054;

/** Where the true share lies in 95 of 100 samples that had `count` of `all`, by Wilson's score; null for an empty sample. */
export function wilsonInterval(
  count: number,
  all: number,
): { readonly low: number; readonly high: number } | null {
  if (all === 0) return null;
  const share = count / all;
  const square = Z * Z;
  const middle = share + square / (2 * all);
  const half = Z * Math.sqrt((share * (1 - share)) / all + square / (4 * all * all));
  const whole = 1 + square / all;
  return { low: Math.max(0, (middle - half) / whole), high: Math.min(1, (middle + half) / whole) };
}
