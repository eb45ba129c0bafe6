import { NO_ATTRIBUTES } from '../model/attributes.ts';
import type { SpanId } from '../model/ids.ts';
import { NOTHING_DROPPED, type Span } from '../model/span.ts';
import { isUnixNano, LAST_UNIX_NANO, nanos, type UnixNano, unixNano } from '../model/time.ts';
import type { Trace, TraceNode } from '../model/trace.ts';

/** A trace in which spans without their parent stand below a node for it. */
export interface PlacedTrace {
  readonly trace: Trace;
  /** Position in the trace as it was → position in `trace.nodes`. */
  readonly positions: Int32Array;
  /** Positions of the nodes that stand for missing parents. Their span is made up: its id and its extent are all that is known. */
  readonly missing: readonly number[];
}

/** `Trace.nodes` while its tree is put together. */
interface OpenNode extends TraceNode {
  readonly children: OpenNode[];
}

/**
 * The trace with one root for each parent that is not in the data, in the place of its first child. The nodes are others than
 * those of `trace`, unless nothing is missing.
 *
 *     orphan a of X             X is not in the data
 *     root r             →       ├─ a
 *     orphan b of X              └─ b
 *                               r
 */
export function withMissingParents(trace: Trace): PlacedTrace {
  const { nodes, roots } = trace;
  const orphans = new Map<SpanId, TraceNode[]>();
  for (const root of roots) {
    if (root.missingParent === null) continue;
    const siblings = orphans.get(root.missingParent);
    if (siblings) siblings.push(root);
    else orphans.set(root.missingParent, [root]);
  }
  const positions = Int32Array.from(nodes.keys());
  if (orphans.size === 0) return { trace, positions, missing: [] };
  const placed: OpenNode[] = [];
  const missing: number[] = [];
  for (const root of roots) {
    const parentId = root.missingParent;
    if (parentId === null) {
      copySubtree(root, null, nodes, placed, positions);
      continue;
    }
    const siblings = orphans.get(parentId);
    if (!siblings) continue;
    orphans.delete(parentId);
    const parent = missingNode(parentId, siblings, placed.length, trace);
    missing.push(placed.length);
    placed.push(parent);
    for (const sibling of siblings) copySubtree(sibling, parent, nodes, placed, positions);
  }
  const top = placed.filter(({ parent }) => parent === null);
  return { trace: { ...trace, nodes: placed, roots: top }, positions, missing };
}

/** Copies `root` and all below it, which follow it in `nodes`, to the end of `placed`, under `parent`. */
function copySubtree(
  root: TraceNode,
  parent: OpenNode | null,
  nodes: readonly TraceNode[],
  placed: OpenNode[],
  positions: Int32Array,
): void {
  const deeper = parent === null ? 0 : 1;
  for (let at = root.index; at < nodes.length; at++) {
    const node = nodes[at];
    if (!node || (node !== root && node.depth === 0)) break;
    const above =
      node.parent === null ? parent : (placed[positions[node.parent.index] ?? -1] ?? null);
    // Field by field: a node may have getters, which a spread would lose.
    const copy: OpenNode = {
      index: placed.length,
      span: node.span,
      service: node.service,
      startNs: node.startNs,
      endNs: node.endNs,
      parent: above,
      children: [],
      depth: node.depth + deeper,
      relation: node.relation,
      missingParent: node.missingParent,
    };
    above?.children.push(copy);
    positions[at] = copy.index;
    placed.push(copy);
  }
}

function missingNode(
  spanId: SpanId,
  children: readonly TraceNode[],
  index: number,
  { traceId, startUnixNano }: Trace,
): OpenNode {
  const startNs = children.reduce((least, node) => Math.min(least, node.startNs), Infinity);
  const endNs = children.reduce((most, node) => Math.max(most, node.endNs), 0);
  const nothing = { attributes: NO_ATTRIBUTES, schemaUrl: '' };
  const span: Span = {
    traceId,
    spanId,
    parentSpanId: null,
    name: `missing parent ${spanId}`,
    kind: 'unspecified',
    startUnixNano: timeAfter(startUnixNano, startNs),
    endUnixNano: timeAfter(startUnixNano, endNs),
    durationNs: nanos(endNs - startNs),
    timeFlags: 0,
    statusCode: 'unset',
    statusMessage: '',
    traceState: '',
    flags: 0,
    attributes: NO_ATTRIBUTES,
    events: [],
    links: [],
    dropped: NOTHING_DROPPED,
    resource: nothing,
    scope: { ...nothing, name: '', version: '', droppedAttributes: 0 },
    origin: {
      format: '',
      traceIdRaw: null,
      spanIdRaw: null,
      parentSpanIdRaw: null,
      shared: false,
      debug: false,
      warnings: [],
    },
  };
  return {
    index,
    span,
    service: '',
    startNs: nanos(startNs),
    endNs: nanos(endNs),
    parent: null,
    children: [],
    depth: 0,
    relation: 'child-of',
    missingParent: null,
  };
}

/** Offsets of more than 104 days are rounded, which may lead past the last time that there is. */
function timeAfter(origin: UnixNano, offsetNs: number): UnixNano {
  const time = origin + BigInt(offsetNs);
  return unixNano(isUnixNano(time) ? time : LAST_UNIX_NANO);
}
