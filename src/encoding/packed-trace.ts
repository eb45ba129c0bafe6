import type { SpanId, TraceId } from '../model/ids.ts';
import type { Nanos, UnixNano } from '../model/time.ts';
import type { Trace, TraceWarning } from '../model/trace.ts';
import type { SpanBatch } from './span-batch.ts';
import { SpanBatchBuilder } from './span-batch-builder.ts';

/**
 * A trace as columns: no object per span, so that a large one passes from one thread to another for the price of a few buffers and
 * weighs a fifth of its objects. `UnpackedTrace` reads it.
 */
export interface PackedTrace {
  readonly traceId: TraceId;
  readonly startUnixNano: UnixNano;
  readonly durationNs: Nanos;
  readonly warnings: readonly TraceWarning[];
  /** Row → the span at that position of `Trace.nodes`. */
  readonly spans: Omit<SpanBatch, 'hashes'>;
  /** By position: that of the parent, −1 for none. */
  readonly parents: Int32Array;
  readonly depths: Int32Array;
  /** Offsets from the trace's start. */
  readonly startsNs: Float64Array;
  readonly endsNs: Float64Array;
  /** 1 for spans that only follow from their parent. */
  readonly followers: Uint8Array;
  /** Positions in `serviceNames`. */
  readonly services: Uint32Array;
  readonly serviceNames: readonly string[];
  /** By position, of the few spans that have one. */
  readonly missingParents: ReadonlyMap<number, SpanId>;
}

/** `trace` as columns. */
export function packTrace(trace: Trace): PackedTrace {
  const { traceId, startUnixNano, durationNs, warnings, nodes } = trace;
  const builder = new SpanBatchBuilder();
  const serviceNumbers = new Map<string, number>();
  const missingParents = new Map<number, SpanId>();
  const packed = {
    parents: new Int32Array(nodes.length),
    depths: new Int32Array(nodes.length),
    startsNs: new Float64Array(nodes.length),
    endsNs: new Float64Array(nodes.length),
    followers: new Uint8Array(nodes.length),
    services: new Uint32Array(nodes.length),
  };
  for (const node of nodes) {
    const { index, service, missingParent } = node;
    builder.add(node.span);
    packed.parents[index] = node.parent?.index ?? -1;
    packed.depths[index] = node.depth;
    packed.startsNs[index] = node.startNs;
    packed.endsNs[index] = node.endNs;
    packed.followers[index] = Number(node.relation === 'follows-from');
    const number = serviceNumbers.get(service) ?? serviceNumbers.size;
    serviceNumbers.set(service, number);
    packed.services[index] = number;
    if (missingParent !== null) missingParents.set(index, missingParent);
  }
  const { hashes: _, ...spans } = builder.take();
  const serviceNames = [...serviceNumbers.keys()];
  return {
    traceId,
    startUnixNano,
    durationNs,
    warnings,
    spans,
    ...packed,
    serviceNames,
    missingParents,
  };
}
