import { buildTrace } from '../analysis/build-trace.ts';
import { type CriticalPath, criticalPath } from '../analysis/critical-path.ts';
import { selfTimes } from '../analysis/self-time.ts';
import { packTrace } from '../encoding/packed-trace.ts';
import type { Span } from '../model/span.ts';
import { idleStretches } from './idle-stretches.ts';
import { OFF_PATH, type PackedPath, type PackedView } from './packed-view.ts';

/** How many times `packView` tells how far it is. */
export const PACK_STEPS = 3;

/** Everything about a trace that its screens ask for again and again; half a second of work for 100,000 spans. */
export function packView(spans: readonly Span[], onStep: () => void = () => {}): PackedView {
  const tree = buildTrace(spans);
  onStep();
  const path = packedPath(criticalPath(tree), tree.nodes.length);
  onStep();
  const trace = packTrace(tree);
  onStep();
  return { trace, path, selfNs: Float64Array.from(selfTimes(tree)), idle: idleStretches(tree) };
}

function packedPath(path: CriticalPath, size: number): PackedPath {
  const owned = path.sections.flatMap((section) =>
    section.node === null ? [] : [{ ...section, owner: section.node.index }],
  );
  // Sections come by time, and equal owners keep their order.
  owned.sort((a, b) => a.owner - b.owner);
  const offPath = new Uint8Array(size);
  for (const [code, reason] of OFF_PATH.entries()) {
    if (reason !== null) for (const { index } of path[reason]) offPath[index] = code;
  }
  return {
    startNs: path.startNs,
    endNs: path.endNs,
    owners: Int32Array.from(owned, ({ owner }) => owner),
    fromNs: Float64Array.from(owned, ({ startNs, shiftNs }) => startNs - shiftNs),
    toNs: Float64Array.from(owned, ({ endNs, shiftNs }) => endNs - shiftNs),
    shiftsNs: new Map(path.shifts.map(({ node, shiftNs }) => [node.index, shiftNs])),
    offPath,
  };
}
