/** A number below 1000 with three significant digits: `9.99`, `12.3`, `456`. */
export function threeDigits(amount: number): string {
  if (amount < 9.995) return amount.toFixed(2);
  return amount < 99.95 ? amount.toFixed(1) : amount.toFixed(0);
}
