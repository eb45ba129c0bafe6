import type { Style, Theme } from '../theme.ts';

/** Values over time as heights in `width` cells; neighbours share a cell where there are more values, the highest counts. */
export function trendLine(
  values: readonly (number | null)[],
  width: number,
  { glyphs }: Theme,
  style: Style,
): string {
  const { heights } = glyphs;
  if (heights.length === 0) return spokenTrend(values);
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  let line = '';
  for (let cell = 0; cell < width; cell++) {
    const from = Math.floor((cell * values.length) / width);
    const to = Math.max(from + 1, Math.floor(((cell + 1) * values.length) / width));
    const value = Math.max(0, ...values.slice(from, to).map((each) => each ?? 0));
    line += heights[Math.ceil((value / most) * (heights.length - 1))] ?? ' ';
  }
  return line === '' ? '' : style(line);
}

/** The course in words: where it is highest, and how it ends. */
function spokenTrend(values: readonly (number | null)[]): string {
  const known = values.map((value) => value ?? 0);
  const most = Math.max(0, ...known);
  if (most === 0) return 'always 0';
  const last = Math.round(((known.at(-1) ?? 0) / most) * 100);
  return `highest in interval ${known.indexOf(most) + 1} of ${known.length}, at the end ${last}% of that,`;
}
