import type { UnixNano } from '../../model/time.ts';
import type { TimeWindow } from './bars.ts';
import { textWidth } from './fit-text.ts';

/** A mark of the time axis. */
export interface Tick {
  /** Column in the drawing. */
  readonly cell: number;
  /** Offset from the trace's start. */
  readonly ns: number;
  readonly label: string;
}

/** Ticks are at least this far apart, and one cell more than their labels are long. */
const MIN_GAP_CELLS = 10;
const UNITS = [
  { name: 's', ns: 1e9 },
  { name: 'ms', ns: 1e6 },
  { name: 'µs', ns: 1e3 },
  { name: 'ns', ns: 1 },
] as const;

/** Ticks at round times (1, 2 or 5 times a power of ten) that fit `widthCells`; labels exact enough to tell neighbours apart. */
export function rulerTicks(window: TimeWindow, widthCells: number): Tick[] {
  const span = window.endNs - window.startNs;
  if (widthCells < 1 || span <= 0) return [];
  let step = roundStep((span / widthCells) * MIN_GAP_CELLS);
  let ticks = ticksAt(step, window, widthCells);
  while (overlap(ticks)) {
    step = roundStep(step * 1.5);
    ticks = ticksAt(step, window, widthCells);
  }
  return ticks;
}

/** Ticks whose labels are times of day, as exact as the shown time needs. */
export function clockTicks(
  window: TimeWindow,
  widthCells: number,
  startUnixNano: UnixNano,
  isUtc: boolean,
): Tick[] {
  const isLong = window.endNs - window.startNs > LONG_NS;
  const ticks = rulerTicks(window, Math.floor(widthCells / 2));
  const step = (ticks[1]?.ns ?? 0) - (ticks[0]?.ns ?? 0);
  if (step <= 0) return [];
  const span = window.endNs - window.startNs;
  const decimals = isLong ? 0 : step >= 1e6 ? 3 : step >= 1e3 ? 6 : 9;
  return ticks.map(({ ns }) => ({
    ns,
    cell: Math.min(widthCells - 1, Math.floor(((ns - window.startNs) * widthCells) / span)),
    label: clockText(startUnixNano + BigInt(ns), isUtc, decimals),
  }));
}

/** From here on seconds are exact enough. */
const LONG_NS = 120e9;

function clockText(time: bigint, isUtc: boolean, decimals: number): string {
  const date = new Date(Number(time / 1_000_000n));
  const parts = isUtc
    ? [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()]
    : [date.getHours(), date.getMinutes(), date.getSeconds()];
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':');
  const fraction = String(time % 1_000_000_000n)
    .padStart(9, '0')
    .slice(0, decimals);
  return decimals === 0 ? clock : `${clock}.${fraction}`;
}

/** The ticks' labels as one line of `widthCells` cells. */
export function rulerLine(ticks: readonly Tick[], widthCells: number): string {
  let line = '';
  for (const { cell, label } of ticks) {
    if (cell + textWidth(label) > widthCells) break;
    line += ' '.repeat(Math.max(0, cell - textWidth(line))) + label;
  }
  return line + ' '.repeat(Math.max(0, widthCells - textWidth(line)));
}

/** A line of `widthCells` cells with `mark` at each tick but the first one at the left edge. */
export function gridLine(ticks: readonly Tick[], widthCells: number, mark: string): string {
  const cells = Array<string>(widthCells).fill(' ');
  for (const { cell } of ticks) if (cell > 0 && cell < widthCells) cells[cell] = mark;
  return cells.join('');
}

function ticksAt(step: number, window: TimeWindow, widthCells: number): Tick[] {
  const span = window.endNs - window.startNs;
  const label = labeller(step, window.endNs);
  const ticks: Tick[] = [];
  for (let k = Math.ceil(window.startNs / step); k * step <= window.endNs; k++) {
    const cell = Math.min(
      widthCells - 1,
      Math.floor(((k * step - window.startNs) * widthCells) / span),
    );
    ticks.push({ cell, ns: k * step, label: label(k * step) });
  }
  return ticks;
}

/** The smallest of 1, 2, 5, 10, 20, 50, … that is at least `least`; whole nanoseconds. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, least)));
  for (const factor of [1, 2, 5]) if (factor * power >= least) return factor * power;
  return 10 * power;
}

function labeller(step: number, endNs: number): (ns: number) => string {
  const unit = UNITS.find(({ ns }) => endNs >= ns) ?? UNITS[3];
  const decimals = Math.max(0, Math.ceil(Math.log10(unit.ns / step) - 1e-9));
  return (ns) => (ns === 0 ? '0' : (ns / unit.ns).toFixed(decimals) + unit.name);
}

function overlap(ticks: readonly Tick[]): boolean {
  return ticks.some(({ cell, label }, i) => {
    const next = ticks[i + 1];
    return next !== undefined && cell + textWidth(label) >= next.cell;
  });
}
