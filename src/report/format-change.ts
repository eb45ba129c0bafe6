import { nanos } from '../model/time.ts';
import type { Unit } from '../verdict/check.ts';
import type { Change, StructureChange } from '../verdict/comparison.ts';
import type { OperationName } from '../verdict/run-profile.ts';
import { formatDuration } from './format-duration.ts';
import { formatRatio } from './format-ratio.ts';

/** `+12 %`, `-3.1 %`, `±0 %`; of a ratio of 10 and more `×12`. */
export function formatEffect(effect: number | null): string {
  if (effect === null) return '–';
  if (effect >= 9) return `×${(effect + 1).toPrecision(2)}`;
  const text = formatRatio(Math.abs(effect));
  if (effect === 0) return '±0 %';
  return `${effect > 0 ? '+' : '-'}${text}`;
}

/** A probability: `0.03`, `<1e-6`. */
export function formatP(p: number | null): string {
  if (p === null) return '–';
  if (p < 1e-6) return '<1e-6';
  return p < 0.001 ? p.toExponential(0) : p.toFixed(p < 0.1 ? 3 : 2);
}

/** The figures of a change in its own unit. */
export function formatFigure({ metric }: Pick<Change, 'metric'>, value: number | null): string {
  if (value === null) return '–';
  return metric === 'errors' ? formatRatio(value) : formatDuration(nanos(Math.round(value)));
}

/** A value of a check. */
export function formatAmount(value: number | null, unit: Unit): string {
  if (value === null) return 'nothing';
  if (unit === 'ns') return formatDuration(nanos(Math.round(value)));
  return unit === 'ratio' ? formatRatio(value) : String(Number(value.toPrecision(6)));
}

export function operationText({ service, name }: OperationName): string {
  return `${service}: ${name === '' ? '(unnamed)' : name}`;
}

/** What changed in the structure, in words. */
export function structureText({
  kind,
  operations,
  detail,
  base,
  current,
}: StructureChange): string {
  const [first, second, third] = operations.map(operationText);
  const shares = `${formatRatio(base)} → ${formatRatio(current)} of traces`;
  switch (kind) {
    case 'new-edge':
      return `${first} now calls ${second} (${shares})`;
    case 'vanished-edge':
      return `${first} no longer calls ${second} (${shares})`;
    case 'more-calls':
    case 'fewer-calls':
      return `${base.toFixed(1)} → ${current.toFixed(1)} calls of ${first} (${detail}) per trace`;
    case 'now-serial':
      return `below ${first}, ${second} and ${third} ran at once and are now one after the other (${shares})`;
    case 'new-error':
      return `${first} fails with ${detail} (${shares})`;
    case 'new-retry':
      return `${first} calls ${second} again after it failed (${shares})`;
    case 'lost-spans':
      return `spans whose parents are missing (${shares})`;
  }
}
