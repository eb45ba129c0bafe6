import type { PackedTrace } from '../encoding/packed-trace.ts';
import type { Stretch } from './idle-stretches.ts';

/** Why nobody waits for a span. `asynchronous`: nobody does; `detached`: it outlives everybody who could; `outside`: it lies outside its parent. */
export const OFF_PATH = [null, 'outside', 'asynchronous', 'detached'] as const;

/** What is worked out once for the screens of a trace, as columns that pass between threads; `TraceView` reads it. */
export interface PackedView {
  readonly trace: PackedTrace;
  readonly path: PackedPath;
  /** By position in `Trace.nodes`. */
  readonly selfNs: Float64Array;
  /** When nothing runs. */
  readonly idle: readonly Stretch[];
}

/** A critical path. */
export interface PackedPath {
  readonly startNs: number;
  readonly endNs: number;
  /** Which spans own sections, ascending, a section each; those of one span by time. */
  readonly owners: Int32Array;
  /** Offsets from the trace's start on the owner's own clock, which is how bars are drawn. */
  readonly fromNs: Float64Array;
  readonly toNs: Float64Array;
  /** What was added to the times of spans whose clock contradicts their caller's, by position. */
  readonly shiftsNs: ReadonlyMap<number, number>;
  /** By position in `Trace.nodes`: index in `OFF_PATH`. */
  readonly offPath: Uint8Array;
}

/** What is known by position, when the spans have moved to other `positions` of `size`; the rest of these is nobody's. */
export function placedView(
  { path, selfNs }: Pick<PackedView, 'path' | 'selfNs'>,
  positions: Int32Array,
  size: number,
): Pick<PackedView, 'path' | 'selfNs'> {
  if (size === positions.length) return { path, selfNs };
  const place = (position: number) => positions[position] ?? 0;
  const owners = path.owners.map(place);
  const order = Uint32Array.from(owners.keys()).sort(
    (a, b) => (owners[a] ?? 0) - (owners[b] ?? 0) || a - b,
  );
  const placed = { offPath: new Uint8Array(size), selfNs: new Float64Array(size) };
  for (const [from, to] of positions.entries()) {
    placed.offPath[to] = path.offPath[from] ?? 0;
    placed.selfNs[to] = selfNs[from] ?? 0;
  }
  return {
    selfNs: placed.selfNs,
    path: {
      startNs: path.startNs,
      endNs: path.endNs,
      owners: Int32Array.from(order, (at) => owners[at] ?? 0),
      fromNs: Float64Array.from(order, (at) => path.fromNs[at] ?? 0),
      toNs: Float64Array.from(order, (at) => path.toNs[at] ?? 0),
      shiftsNs: new Map([...path.shiftsNs].map(([at, shiftNs]) => [place(at), shiftNs])),
      offPath: placed.offPath,
    },
  };
}
