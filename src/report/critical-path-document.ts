import type { CriticalPath, RootPath } from '../analysis/critical-path.ts';
import type { UnixNano } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';
import type { JsonDocument } from './render-json.ts';

/** A trace's critical path as part of a document. Times are absolute, on the root's clock: `shiftNs` takes them back to the span's own. */
export function criticalPathDocument(path: CriticalPath, start: UnixNano): JsonDocument {
  return {
    ...rootPathDocument(path, start),
    detached: ids(path.detached),
    asynchronous: ids(path.asynchronous),
    outside: ids(path.outside),
    shifts: path.shifts.map(({ node, shiftNs }) => ({ spanId: node.span.spanId, shiftNs })),
    lostParents: path.lostParents.map((lost) => ({
      spanId: lost.spanId,
      orphans: lost.orphans,
      isAdopted: lost.isAdopted,
    })),
    lostNs: path.lostNs,
    tailNs: path.tailNs,
    otherRoots: path.otherRoots.map((other) => rootPathDocument(other, start)),
  };
}

function rootPathDocument(path: RootPath, start: UnixNano) {
  return {
    root: path.rootId,
    sections: path.sections.map((section) => ({
      spanId: section.spanId,
      startUnixNano: start + BigInt(section.startNs),
      endUnixNano: start + BigInt(section.endNs),
      shiftNs: section.shiftNs,
    })),
  };
}

function ids(nodes: readonly TraceNode[]): string[] {
  return nodes.map(({ span }) => span.spanId);
}
