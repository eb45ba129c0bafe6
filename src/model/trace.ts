import type { SpanId, TraceId } from './ids.ts';
import type { Span } from './span.ts';
import type { SpanTree } from './span-tree.ts';
import type { Nanos, UnixNano } from './time.ts';

/** How a span hangs under its parent: Jaeger's CHILD_OF (and every other format's parent), or FOLLOWS_FROM. */
export type ParentRelation = 'child-of' | 'follows-from';

/**
 * One span in its trace's tree. Times are offsets from the trace's start, so that plain numbers are exact.
 *
 *     trace start       startNs           endNs
 *     |-----------------[=================]------->
 */
export interface TraceNode {
  /** Position in `Trace.nodes`. */
  readonly index: number;
  readonly span: Span;
  /** The span's service; one without a name inherits its nearest ancestor's. */
  readonly service: string;
  /** Offset of the start; a span without a start (`TIME_FLAGS.noStart`) is placed at its parent's. */
  readonly startNs: Nanos;
  /** Offset of the end, never before the start. */
  readonly endNs: Nanos;
  /** Null for a root and for an orphan. */
  readonly parent: TraceNode | null;
  /** By start, then longest first, then span id, then order in the store. */
  readonly children: readonly TraceNode[];
  /** 0 for roots and orphans. */
  readonly depth: number;
  readonly relation: ParentRelation;
  /** The parent id that no span of the trace has, else null. */
  readonly missingParent: SpanId | null;
}

/** Something odd about a trace's shape; display and analyses go on, findings count them. */
export interface TraceWarning {
  readonly code:
    | 'duplicate-span-id'
    | 'duplicate-span'
    | 'parent-cycle'
    | 'missing-parent'
    | 'several-roots'
    | 'shared-span-id'
    | 'merged-fragment'
    | 'no-start'
    | 'no-end'
    | 'negative-duration';
  /** How many spans it concerns. */
  readonly count: number;
  /** The first of them in tree order. */
  readonly spanId: SpanId;
}

/** All spans of one trace id as a tree: shared Zipkin ids split, fragments merged, parents resolved, cycles cut. Clocks are as read. */
export interface Trace {
  readonly traceId: TraceId;
  /** Earliest start of a span that has one; 0 when none has. Offsets count from here. */
  readonly startUnixNano: UnixNano;
  /** Latest end − earliest start. */
  readonly durationNs: Nanos;
  /** Depth first, roots and siblings by the order of `TraceNode.children`. */
  readonly nodes: readonly TraceNode[];
  /** Roots and orphans, in order. */
  readonly roots: readonly TraceNode[];
  readonly warnings: readonly TraceWarning[];
  /** The nodes as columns of numbers: what analyses of many traces look at. */
  readonly tree: SpanTree;
}
