const TWO_TO_32 = 2 ** 32;
const TWO_TO_17 = 2 ** 17;

/**
 * Writes `billions` · 10^9 + `units` as the 64-bit integer number `index` of an array of halves, the lower half first, without a
 * bigint. `billions` is below 2^34, `units` below 2^53; only one of them is more than 2^47.
 */
export function putInt64(halves: Int32Array, index: number, billions: number, units: number): void {
  // The product is past 2^53, so it is made of two: (high · 2^17 + low) · 10^9.
  const high = Math.floor(billions / TWO_TO_17) * 1e9;
  const low = (billions % TWO_TO_17) * 1e9;
  const highUpper = Math.floor(high / 2 ** 15);
  const sum = (high % 2 ** 15) * TWO_TO_17 + low + units;
  halves[index * 2] = (sum % TWO_TO_32) | 0;
  halves[index * 2 + 1] = highUpper + Math.floor(sum / TWO_TO_32);
}
