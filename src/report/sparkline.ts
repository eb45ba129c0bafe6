const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/** One bar a value, the largest as high as bars get; 0 is the lowest bar, null (nothing known) a blank. */
export function sparkline(values: readonly (number | null)[]): string {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  return values
    .map((value) => {
      if (value === null) return ' ';
      const step = largest === 0 ? 0 : Math.ceil((value / largest) * (BARS.length - 1));
      return BARS[step] ?? ' ';
    })
    .join('');
}
