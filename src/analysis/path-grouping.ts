import type { TraceNode } from '../model/trace.ts';
import {
  byAttribute,
  compareGroups,
  type GroupKey,
  groupId,
  type SpanGrouping,
} from './span-grouping.ts';

/** The service and the operation of a span that the trace lacks. */
export const LOST = '(missing)';

/** What the owners of a critical path are grouped by. */
export interface PathGrouping<K extends GroupKey> {
  readonly keyOf: SpanGrouping<K>;
  /** The group of time that belongs to a lost parent. */
  readonly lost: K;
}

type ServiceKey = { readonly service: string };

/** What a service does under one name, whatever the kind of the span. */
export type PathOperation = { readonly service: string; readonly operation: string };

export const pathByService: PathGrouping<ServiceKey> = {
  keyOf: ({ service }) => ({ service }),
  lost: { service: LOST },
};

export const pathByOperation: PathGrouping<PathOperation> = {
  keyOf: pathOperation,
  lost: { service: LOST, operation: LOST },
};

/** By one attribute of the span or its resource, null for owners without it. */
export function pathByAttribute(key: string): PathGrouping<GroupKey> {
  return { keyOf: byAttribute(key), lost: { [key]: null } };
}

function pathOperation({ service, span }: TraceNode): PathOperation {
  return { service, operation: span.name };
}

/** The calls that led to a span, from the root down to itself. */
export type CallPath = readonly PathOperation[];

/** Gives the groups of spans numbers, as they come. */
export interface GroupNumbers<K> {
  /** The number of a span's group, −1 if it has none; null is a lost parent. `above` is the number of its parent's, −1 for a root. */
  numberOf(node: TraceNode | null, above: number): number;
  keyOf(group: number): K;
  /** A total order that does not depend on who came first. */
  compare(a: number, b: number): number;
}

/** Numbers of groups by a key of the span itself. */
export class KeyNumbers<K extends GroupKey> implements GroupNumbers<K> {
  readonly #grouping: PathGrouping<K>;
  readonly #numbers = new Map<string, number>();
  readonly #keys: K[] = [];

  constructor(grouping: PathGrouping<K>) {
    this.#grouping = grouping;
  }

  numberOf(node: TraceNode | null): number {
    const key = node ? this.#grouping.keyOf(node) : this.#grouping.lost;
    if (key === null) return -1;
    const id = groupId(key);
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#keys.length);
    return this.#keys.push(key) - 1;
  }

  keyOf(group: number): K {
    return this.#keys[group] ?? this.#grouping.lost;
  }

  compare(a: number, b: number): number {
    return compareGroups(this.keyOf(a), this.keyOf(b));
  }
}

/** Numbers of call paths: one per path above and operation, so that a path of 100,000 calls costs no more than its last one. */
export class CallPathNumbers implements GroupNumbers<CallPath> {
  readonly #numbers = new Map<string, number>();
  readonly #steps: {
    readonly operation: PathOperation;
    readonly above: number;
    readonly depth: number;
  }[] = [];

  numberOf(node: TraceNode | null, above: number): number {
    const operation = node ? pathOperation(node) : pathByOperation.lost;
    const id = `${above}/${groupId(operation)}`;
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#steps.length);
    return this.#steps.push({ operation, above, depth: this.#depth(above) + 1 }) - 1;
  }

  keyOf(group: number): CallPath {
    const path: PathOperation[] = [];
    for (let step = this.#steps[group]; step; step = this.#steps[step.above]) {
      path.push(step.operation);
    }
    return path.reverse();
  }

  /** Shorter paths first, then by the operations from the last to the first. */
  compare(a: number, b: number): number {
    const order = this.#depth(a) - this.#depth(b);
    if (order !== 0) return order;
    let [left, right] = [this.#steps[a], this.#steps[b]];
    while (left && right && left !== right) {
      const difference = compareGroups(left.operation, right.operation);
      if (difference !== 0) return difference;
      [left, right] = [this.#steps[left.above], this.#steps[right.above]];
    }
    return 0;
  }

  #depth(group: number): number {
    return this.#steps[group]?.depth ?? -1;
  }
}
