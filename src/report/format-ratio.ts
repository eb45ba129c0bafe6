/** A ratio 0–1 as a percentage: `0 %`, `0.4 %`, `12 %`, `100 %`. What is not nothing never reads as 0, what is not all never as 100. */
export function formatRatio(ratio: number): string {
  const percent = ratio * 100;
  if (percent > 0 && percent < 0.1) return '<0.1 %';
  if (percent < 100 && percent > 99.9) return '>99.9 %';
  return percent < 10 && percent % 1 !== 0 ? `${percent.toFixed(1)} %` : `${Math.round(percent)} %`;
}
