import { type Nanos, nanos } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';

/**
 * How long each span was at work itself, by `TraceNode.index`: its duration minus the union of its children's intervals, each
 * cut to the span.
 *
 *     parent   [-----------------------)
 *     child        [------)     [---------)
 *     child           [-----)
 *     self     ^^^^         ^^^^            = 8
 *
 * Times are as the clocks say. A child that merely follows from the span is not waited for and takes nothing away, as in the
 * Jaeger UI's statistics. 0 for a span without a known duration.
 */
export function selfTimes(trace: Trace): readonly Nanos[] {
  return trace.nodes.map(selfTime);
}

/** Linear, because children come in order of their starts. */
function selfTime(node: TraceNode): Nanos {
  let self = 0;
  let coveredUntil: number = node.startNs;
  for (const child of node.children) {
    if (child.startNs >= node.endNs) break;
    if (child.relation === 'follows-from') continue;
    self += Math.max(0, child.startNs - coveredUntil);
    coveredUntil = Math.max(coveredUntil, child.endNs);
  }
  return nanos(self + Math.max(0, node.endNs - coveredUntil));
}
