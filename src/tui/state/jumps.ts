import { firstAtOrAfter } from '../trace-view.ts';

/** Where a jump leads. */
export interface Jump {
  readonly position: number;
  /** Whether it went past the last (or first) one and came in again at the other end. */
  readonly isWrapped: boolean;
}

/** The element of ascending `positions` after (or before) `from`, going round; null when there is none at all. */
export function jumpAmong(positions: Int32Array, from: number, by: 1 | -1): Jump | null {
  if (positions.length === 0) return null;
  const at = by > 0 ? firstAtOrAfter(positions, from + 1) : firstAtOrAfter(positions, from) - 1;
  const isWrapped = at < 0 || at >= positions.length;
  const wrapped = at < 0 ? positions.length - 1 : at % positions.length;
  return { position: positions[wrapped] ?? 0, isWrapped };
}

/** Which of ascending `positions` `selected` is: `3/17`; `–/17` when it is none of them. */
export function placeAmong(positions: Int32Array, selected: number): string {
  const at = firstAtOrAfter(positions, selected);
  const place = positions[at] === selected ? String(at + 1) : '–';
  return `${place}/${positions.length}`;
}
