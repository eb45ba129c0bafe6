import { parseQuantile, percentile } from '../analysis/nearest-rank.ts';
import { type Nanos, nanos } from '../model/time.ts';
import type { TraceNode } from '../model/trace.ts';

/** Siblings of one service, operation and kind that can share a row. */
export interface SpanGroup {
  /** By start; the first one stands for all. */
  readonly members: readonly TraceNode[];
  readonly totalNs: Nanos;
  readonly p50Ns: Nanos;
  readonly p95Ns: Nanos;
  readonly maxNs: Nanos;
  readonly errors: number;
  /** No two of them ran at the same time. */
  readonly isSerial: boolean;
}

/** Fewer than this are quicker read one by one. */
const FEWEST = 5;
const MEDIAN = parseQuantile('p50');
const P95 = parseQuantile('p95');

/** The repeated siblings of a trace. */
export class SpanGroups {
  /** For each span the position of the first one of its group; -1 for most. */
  readonly heads: Int32Array;
  readonly #members = new Map<number, TraceNode[]>();
  readonly #made = new Map<number, SpanGroup>();

  constructor(nodes: readonly TraceNode[], roots: readonly TraceNode[]) {
    this.heads = new Int32Array(nodes.length).fill(-1);
    this.#collect(roots);
    for (const { children } of nodes) this.#collect(children);
  }

  /** The group that begins at `head`; null when none does. */
  at(head: number): SpanGroup | null {
    const known = this.#made.get(head);
    if (known) return known;
    const members = this.#members.get(head);
    if (!members) return null;
    const group = groupOf(members);
    this.#made.set(head, group);
    return group;
  }

  #collect(siblings: readonly TraceNode[]): void {
    if (siblings.length < FEWEST) return;
    const byName = new Map<string, TraceNode[]>();
    for (const node of siblings) {
      const key = `${node.service}\n${node.span.kind}\n${node.span.name}`;
      const alike = byName.get(key);
      if (alike) alike.push(node);
      else byName.set(key, [node]);
    }
    for (const alike of byName.values()) {
      const head = alike[0]?.index ?? 0;
      if (alike.length < FEWEST) continue;
      this.#members.set(head, alike);
      for (const { index } of alike) this.heads[index] = head;
    }
  }
}

function groupOf(members: readonly TraceNode[]): SpanGroup {
  const durations = Float64Array.from(members, ({ span }) => span.durationNs).sort();
  let totalNs = 0;
  for (const duration of durations) totalNs += duration;
  return {
    members,
    totalNs: nanos(totalNs),
    p50Ns: nanos(percentile(durations, MEDIAN) ?? 0),
    p95Ns: nanos(percentile(durations, P95) ?? 0),
    maxNs: nanos(durations.at(-1) ?? 0),
    errors: members.filter(({ span }) => span.statusCode === 'error').length,
    isSerial: members.every(({ startNs }, i) => startNs >= (members[i - 1]?.endNs ?? 0)),
  };
}
