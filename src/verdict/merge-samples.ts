/** Sorted samples as one. */
export function merged(samples: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(samples.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const sample of samples) {
    all.set(sample, at);
    at += sample.length;
  }
  return all.sort();
}
