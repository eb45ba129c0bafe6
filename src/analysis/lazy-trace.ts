import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import type { SpanTree } from '../model/span-tree.ts';
import { type Nanos, nanos, type UnixNano } from '../model/time.ts';
import type { Trace, TraceNode, TraceWarning } from '../model/trace.ts';
import { UserError } from '../model/user-error.ts';
import { buildTrace } from './build-trace.ts';

/** What is known of a trace without looking at its spans as a whole. */
export interface KnownTrace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: number;
  /** Just what `buildTrace` would give. */
  readonly tree: SpanTree;
}

/** A trace whose nodes are built when somebody looks at them: most of what is asked of many traces its tree answers. */
export class LazyTrace implements Trace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: Nanos;
  readonly tree: SpanTree;
  readonly #spans: () => readonly Span[];
  #built: Trace | null = null;

  /** `spans` gives all of the trace. Looking at nodes throws a `UserError` where it gives others than there were when the tree was made. */
  constructor(known: KnownTrace, spans: () => readonly Span[]) {
    this.traceId = known.traceId;
    this.startUnixNano = known.startUnixNano;
    this.durationNs = nanos(known.durationNs);
    this.tree = known.tree;
    this.#spans = spans;
  }

  get nodes(): readonly TraceNode[] {
    return this.#build().nodes;
  }

  get roots(): readonly TraceNode[] {
    return this.#build().roots;
  }

  get warnings(): readonly TraceWarning[] {
    return this.#build().warnings;
  }

  #build(): Trace {
    if (this.#built !== null) return this.#built;
    const spans = this.#spans();
    const built = spans.length === 0 ? null : buildTrace(spans);
    if (built === null || built.nodes.length !== this.tree.size) {
      throw new UserError('input', `trace ${this.traceId} changed while it was read`, {
        fix: 'ask again when no import runs',
      });
    }
    this.#built = built;
    return built;
  }
}
