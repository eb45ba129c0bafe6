import { nanos, unixNano } from '../../model/time.ts';
import { formatDuration } from '../../report/format-duration.ts';
import { formatTime, type TimeZone } from '../../report/format-time.ts';
import type { ChartKind } from '../state/app-state.ts';
import type { Theme } from '../theme.ts';
import { columnOf, durationColumns, logOf, logRange, timeRange } from '../trace-histogram.ts';
import type { TracePoints } from '../trace-source.ts';
import type { CellRange } from './bars.ts';
import { chartColumns } from './chart-columns.ts';
import { fitRight, fitText } from './fit-text.ts';

/** What a chart depends on besides its points. */
export interface ChartLook {
  readonly kind: ChartKind;
  readonly columns: number;
  /** Rows of the drawing and one for the axis. */
  readonly rows: number;
  readonly mark: CellRange | null;
  readonly theme: Theme;
  readonly zone: TimeZone;
}

/** The chart and below it its axis, in `look.rows` lines. */
export function chartRows(points: TracePoints, look: ChartLook): string[] {
  return look.kind === 'histogram' ? histogram(points, look) : scatter(points, look);
}

/** How many traces took how long; the failed ones of each column at its bottom. */
function histogram(points: TracePoints, look: ChartLook): string[] {
  const { theme } = look;
  const { width } = chartColumns(look.columns);
  const { counts, failed, from, to } = durationColumns(points, width);
  const most = counts.reduce((max, count) => Math.max(max, count), 1);
  const height = look.rows - 1;
  const steps = theme.glyphs.heights.length - 1;
  const lines: string[] = [];
  for (let y = height - 1; y >= 0; y--) {
    const scale = y === height - 1 ? most.toLocaleString('en') : '';
    let line = theme.muted(`${fitRight(scale, SCALE - 1)} `);
    for (let x = 0; x < width; x++) {
      const filled = levelOf(counts[x] ?? 0, most, height * steps) - y * steps;
      const bad = levelOf(failed[x] ?? 0, most, height * steps) - y * steps;
      const text = theme.glyphs.heights[Math.max(0, Math.min(steps, filled))] ?? ' ';
      line += cell(text, bad > 0, x, look);
    }
    lines.push(line);
  }
  const label = (part: number) =>
    formatDuration(nanos(Math.round(10 ** (from + (to - from) * part))));
  return [...lines, axis(width, label, look)];
}

const SCALE = 9;

/** Something is never nothing. */
function levelOf(count: number, most: number, levels: number): number {
  return count === 0 ? 0 : Math.max(1, Math.round((count / most) * levels));
}

function cell(text: string, isBad: boolean, x: number, { mark, theme }: ChartLook): string {
  const isMarked = mark !== null && x >= mark.from && x < mark.to;
  if (isMarked) return theme.marked(text);
  if (text === ' ') return text;
  return isBad ? theme.error(text) : theme.accent(text);
}

/** A dot per trace: to the right when it was, upwards how long it took. */
function scatter(points: TracePoints, look: ChartLook): string[] {
  const { theme, zone } = look;
  const { width } = chartColumns(look.columns);
  const height = look.rows - 1;
  const times = timeRange(points);
  const durations = logRange(points.durationNs);
  const [dotsX, dotsY] = theme.isUnicode ? [2, 4] : [1, 1];
  const dots = new Uint8Array(width * height);
  const bad = new Uint8Array(width * height);
  for (const [i, duration] of points.durationNs.entries()) {
    const start = points.startMs[i] ?? 0;
    if (start === 0) continue;
    const x = columnOf(start, times.from, times.to, width * dotsX);
    const y = columnOf(logOf(duration), durations.from, durations.to, height * dotsY);
    const down = height * dotsY - 1 - y;
    const at = Math.floor(down / dotsY) * width + Math.floor(x / dotsX);
    dots[at] = (dots[at] ?? 0) | brailleBit(x % dotsX, down % dotsY);
    bad[at] = Math.max(bad[at] ?? 0, points.isFailed[i] ?? 0);
  }
  const lines = Array.from({ length: height }, (_, y) => {
    let line = theme.muted(scatterScale(y, height, durations));
    for (let x = 0; x < width; x++) {
      const mask = dots[y * width + x] ?? 0;
      const text = mask === 0 ? ' ' : theme.isUnicode ? String.fromCodePoint(0x2800 + mask) : '*';
      line += cell(text, bad[y * width + x] === 1, x, look);
    }
    return line;
  });
  const label = (part: number) => {
    const ms = times.from + (times.to - times.from) * part;
    return formatTime(unixNano(BigInt(Math.round(ms)) * 1_000_000n), zone).slice(5, 19);
  };
  return [...lines, axis(width, label, look)];
}

/** The dots of a braille character, by column and row. */
function brailleBit(x: number, y: number): number {
  if (y === 3) return x === 0 ? 0x40 : 0x80;
  return 1 << (y + 3 * x);
}

function scatterScale(
  y: number,
  height: number,
  { from, to }: { from: number; to: number },
): string {
  const log = y === 0 ? to : y === height - 1 ? from : null;
  const text = log === null ? '' : formatDuration(nanos(Math.round(10 ** log)));
  return `${fitRight(text, SCALE - 1)} `;
}

/** Labels at the quarters of the width, as far as they do not meet. */
function axis(width: number, label: (part: number) => string, { theme }: ChartLook): string {
  const last = label(1);
  let line = '';
  for (const part of [0, 0.25, 0.5, 0.75]) {
    const text = label(part);
    const x = Math.round(part * width);
    const end = part === 0.75 ? width - last.length - 1 : Math.round((part + 0.25) * width);
    if (x + text.length < end) line = fitText(line, x, '') + text;
  }
  line = `${fitText(line, width - last.length, '')}${last}`;
  return theme.muted(' '.repeat(SCALE) + fitText(line, width, ''));
}
