import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import type { Trace } from '../model/trace.ts';
import {
  type CallPath,
  type PathGrouping,
  type PathOperation,
  pathByOperation,
} from './path-grouping.ts';
import { compareGroups, type GroupKey, groupId } from './span-grouping.ts';

/** Gives the groups of spans numbers, as they come. */
export interface GroupNumbers<K> {
  /**
   * The number of the group of a trace's span (by number), −1 if it has none; a number past the last span is a lost parent. `above` is the
   * number of its parent's group, −1 for a root.
   */
  numberOf(trace: Trace, span: number, above: number): number;
  keyOf(group: number): K;
  /** A total order that does not depend on who came first. */
  compare(a: number, b: number): number;
}

/** Numbers of groups by a key of the span itself. */
export class KeyNumbers<K extends GroupKey> implements GroupNumbers<K> {
  readonly #grouping: PathGrouping<K>;
  readonly #numbers = new Map<string, number>();
  readonly #keys: K[] = [];
  #vocabulary: SpanVocabulary | null = null;
  /** By operation of the vocabulary. */
  #ofOperations: (number | undefined)[] = [];
  #ofLost: number | null = null;

  constructor(grouping: PathGrouping<K>) {
    this.#grouping = grouping;
  }

  numberOf(trace: Trace, span: number): number {
    const { tree } = trace;
    if (span >= tree.size) {
      this.#ofLost ??= this.#numberOfKey(this.#grouping.lost);
      return this.#ofLost;
    }
    if (this.#grouping.follows === 'span') return this.#numberOfSpan(trace, span);
    if (tree.vocabulary !== this.#vocabulary) {
      this.#vocabulary = tree.vocabulary;
      this.#ofOperations = [];
    }
    const operation = tree.operation[span] ?? -1;
    let number = this.#ofOperations[operation];
    if (number === undefined) {
      number = this.#numberOfOperation(tree.vocabulary, operation);
      this.#ofOperations[operation] = number;
    }
    return number;
  }

  #numberOfOperation({ operations, services }: SpanVocabulary, operation: number): number {
    const found = operations[operation];
    if (found === undefined || this.#grouping.follows === 'span') return -1;
    return this.#numberOfKey(this.#grouping.keyOf(services[found.service] ?? '', found.name));
  }

  #numberOfSpan(trace: Trace, span: number): number {
    if (this.#grouping.follows !== 'span') return -1;
    if (this.#grouping.mayHaveKey?.(trace.tree, span) === false) return -1;
    const node = trace.nodes[span];
    const key = node === undefined ? null : this.#grouping.keyOf(node);
    return key === null ? -1 : this.#numberOfKey(key);
  }

  #numberOfKey(key: K): number {
    const id = groupId(key);
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    this.#numbers.set(id, this.#keys.length);
    return this.#keys.push(key) - 1;
  }

  /** The number of a key; null if no span had it so far. */
  find(key: K): number | null {
    return this.#numbers.get(groupId(key)) ?? null;
  }

  keyOf(group: number): K {
    return this.#keys[group] ?? this.#grouping.lost;
  }

  compare(a: number, b: number): number {
    return compareGroups(this.keyOf(a), this.keyOf(b));
  }
}

const NO_STEP = -1;

/**
 * Numbers of call paths: one per path above and operation, so that a path of 100,000 calls costs no more than its last one. Dumps in which
 * every request takes another way have about as many paths as spans: a path is kept in 28 bytes.
 */
export class CallPathNumbers implements GroupNumbers<CallPath> {
  readonly #operations = new KeyNumbers(pathByOperation);
  #count = 0;
  /** By number. */
  #operationOf = new Int32Array(1024);
  #above = new Int32Array(1024);
  #depth = new Int32Array(1024);
  /** An open table of numbers + 1 by path above and operation; 0 is free. */
  #table = new Int32Array(4096);

  numberOf(trace: Trace, span: number, above: number): number {
    const operation = this.#operations.numberOf(trace, span);
    let slot = this.#slotOf(above, operation);
    for (let found = this.#table[slot] ?? 0; found !== 0; found = this.#table[slot] ?? 0) {
      const number = found - 1;
      if (this.#above[number] === above && this.#operationOf[number] === operation) return number;
      slot = (slot + 1) & (this.#table.length - 1);
    }
    this.#table[slot] = this.#count + 1;
    return this.#add(operation, above);
  }

  #slotOf(above: number, operation: number): number {
    const hash = Math.imul(above + 1, 0x9e3779b1) ^ Math.imul(operation + 1, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & (this.#table.length - 1);
  }

  #add(operation: number, above: number): number {
    const number = this.#count++;
    if (number === this.#above.length) this.#grow();
    this.#operationOf[number] = operation;
    this.#above[number] = above;
    this.#depth[number] = above === NO_STEP ? 0 : (this.#depth[above] ?? 0) + 1;
    if (this.#count * 2 > this.#table.length) this.#rehash();
    return number;
  }

  #grow(): void {
    const capacity = this.#above.length * 2;
    this.#operationOf = enlarged(this.#operationOf, capacity);
    this.#above = enlarged(this.#above, capacity);
    this.#depth = enlarged(this.#depth, capacity);
  }

  #rehash(): void {
    this.#table = new Int32Array(this.#table.length * 2);
    const mask = this.#table.length - 1;
    for (let number = 0; number < this.#count; number++) {
      let slot = this.#slotOf(this.#above[number] ?? 0, this.#operationOf[number] ?? 0);
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = number + 1;
    }
  }

  keyOf(group: number): CallPath {
    const path: PathOperation[] = [];
    for (let step = group; step !== NO_STEP; step = this.#above[step] ?? NO_STEP) {
      path.push(this.#operations.keyOf(this.#operationOf[step] ?? 0));
    }
    return path.reverse();
  }

  /** Shorter paths first, then by the operations from the last to the first. */
  compare(a: number, b: number): number {
    const order = (this.#depth[a] ?? 0) - (this.#depth[b] ?? 0);
    if (order !== 0) return order;
    let [left, right] = [a, b];
    while (left !== right) {
      const difference = this.#operations.compare(
        this.#operationOf[left] ?? 0,
        this.#operationOf[right] ?? 0,
      );
      if (difference !== 0) return difference;
      left = this.#above[left] ?? NO_STEP;
      right = this.#above[right] ?? NO_STEP;
    }
    return 0;
  }
}

function enlarged(array: Int32Array, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
