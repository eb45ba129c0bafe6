const ZERO = 48;

/**
 * Whether the digits of a text pass the check that card numbers are made to pass (ISO/IEC 7812-1 annex B, Luhn's algorithm):
 * from the right every second digit is doubled, and the sum of all digits is a multiple of ten. Everything else is skipped.
 */
export function hasLuhnChecksum(text: string): boolean {
  let sum = 0;
  let doubled = false;
  for (let i = text.length - 1; i >= 0; i--) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) continue;
    const value = doubled ? digit * 2 : digit;
    sum += value > 9 ? value - 9 : value;
    doubled = !doubled;
  }
  return sum % 10 === 0;
}
