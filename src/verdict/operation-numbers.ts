import { compareGroups, groupId, type OperationKey } from '../analysis/span-grouping.ts';
import type { SpanKind } from '../model/span.ts';
import type { TraceNode } from '../model/trace.ts';
import { operationPattern } from './operation-pattern.ts';

/** Gives operations numbers, as they come. Names are read once, however many spans have them. */
export class OperationNumbers {
  /** By service, then by name, then by kind. */
  readonly #bySpan = new Map<string, Map<string, Map<SpanKind, number>>>();
  readonly #byKey = new Map<string, number>();
  readonly keys: OperationKey[] = [];

  numberOf({ service, span: { name, kind } }: TraceNode): number {
    const names = this.#bySpan.get(service) ?? new Map<string, Map<SpanKind, number>>();
    if (names.size === 0) this.#bySpan.set(service, names);
    const kinds = names.get(name) ?? new Map<SpanKind, number>();
    if (kinds.size === 0) names.set(name, kinds);
    const known = kinds.get(kind);
    if (known !== undefined) return known;
    const number = this.#numberOfKey({ service, name: operationPattern(name), kind });
    kinds.set(kind, number);
    return number;
  }

  #numberOfKey(key: OperationKey): number {
    const id = groupId(key);
    const known = this.#byKey.get(id);
    if (known !== undefined) return known;
    this.#byKey.set(id, this.keys.length);
    return this.keys.push(key) - 1;
  }

  /** Throws for a number that was never given. */
  keyOf(number: number): OperationKey {
    const key = this.keys[number];
    if (key === undefined) throw new RangeError(`no operation has the number ${number}`);
    return key;
  }

  compare(a: number, b: number): number {
    return compareGroups(this.keyOf(a), this.keyOf(b));
  }
}
