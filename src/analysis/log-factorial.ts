/** The values of ln n! up to here are kept as exact sums of logarithms. */
const TABLE_SIZE = 256;

const TABLE = logFactorials();

function logFactorials(): Float64Array {
  const table = new Float64Array(TABLE_SIZE);
  for (let n = 2; n < TABLE_SIZE; n++) table[n] = (table[n - 1] ?? 0) + Math.log(n);
  return table;
}

/** ln n! of a whole number n ≥ 0: a sum of logarithms, beyond 255 Stirling's series, whose error is there below 1e-18. */
export function logFactorial(n: number): number {
  const known = TABLE[n];
  if (known !== undefined) return known;
  const square = n * n;
  const series = (1 / 12 - (1 / 360 - 1 / (1260 * square)) / square) / n;
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + series;
}
