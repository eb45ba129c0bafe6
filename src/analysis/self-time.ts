import type { SpanTree } from '../model/span-tree.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { Trace } from '../model/trace.ts';
import { at } from './path-tree.ts';

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
export function selfTimes({ tree }: Trace): readonly Nanos[] {
  return Array.from(new SelfTimes().of(tree).subarray(0, tree.size), nanos);
}

/** Works out the same for many traces in the same memory: what it gives is of no use once the next is asked for. */
export class SelfTimes {
  #self = new Float64Array(0);
  #coveredUntil = new Float64Array(0);

  /** By span; longer than the tree has spans. Linear, because children come in order of their starts. */
  of({ size, parent, start, end, follows }: SpanTree): Float64Array {
    if (this.#self.length < size) {
      this.#self = new Float64Array(size * 2);
      this.#coveredUntil = new Float64Array(size * 2);
    }
    const self = this.#self;
    const coveredUntil = this.#coveredUntil;
    for (let span = 0; span < size; span++) {
      const from = at(start, span);
      self[span] = 0;
      coveredUntil[span] = from;
      const above = at(parent, span);
      if (above === -1 || at(follows, span) === 1 || from >= at(end, above)) continue;
      const covered = at(coveredUntil, above);
      if (from > covered) self[above] = at(self, above) + from - covered;
      coveredUntil[above] = Math.max(covered, at(end, span));
    }
    for (let span = 0; span < size; span++) {
      self[span] = at(self, span) + Math.max(0, at(end, span) - at(coveredUntil, span));
    }
    return self;
  }
}
