import { compareGroups, groupId, type OperationKey } from '../analysis/span-grouping.ts';
import { SPAN_KINDS, type SpanKind } from '../model/span.ts';
import type { SpanVocabulary } from '../model/span-vocabulary.ts';
import { operationPattern } from './operation-pattern.ts';

/** So many names of one service and kind are kept. Names that hold ids are many, and seldom come again later. */
const MAX_NAMES = 20_000;

/** Gives operations numbers, as they come. Names are read once, however many spans have them, or a few times where very many differ. */
export class OperationNumbers {
  /** By service, then by kind, then by name. */
  readonly #bySpan = new Map<string, Map<SpanKind, Map<string, number>>>();
  #vocabulary: SpanVocabulary | null = null;
  /** By the number of that vocabulary. */
  #ofVocabulary: (number | undefined)[] = [];
  readonly #patterns = new Map<string, string>();
  readonly #byKey = new Map<string, number>();
  readonly keys: OperationKey[] = [];

  /** The number of an operation that a vocabulary numbers otherwise. Traces of one scan share theirs. */
  numberOf(vocabulary: SpanVocabulary, operation: number): number {
    if (vocabulary !== this.#vocabulary) {
      this.#vocabulary = vocabulary;
      this.#ofVocabulary = [];
    }
    const known = this.#ofVocabulary[operation];
    if (known !== undefined) return known;
    const { name = '', kind = 0 } = vocabulary.operations[operation] ?? {};
    const number = this.#numberOfSpan(vocabulary.serviceOf(operation), name, SPAN_KINDS[kind]);
    this.#ofVocabulary[operation] = number;
    return number;
  }

  #numberOfSpan(service: string, name: string, kind: SpanKind = 'unspecified'): number {
    const names = this.#namesOf(service, kind);
    const known = names.get(name);
    if (known !== undefined) return known;
    const number = this.#numberOfKey({ service, name: this.#patternOf(name), kind });
    if (names.size >= MAX_NAMES) names.clear();
    names.set(name, number);
    return number;
  }

  /** A call has the name on both of its sides. */
  #patternOf(name: string): string {
    const known = this.#patterns.get(name);
    if (known !== undefined) return known;
    const pattern = operationPattern(name);
    if (this.#patterns.size >= MAX_NAMES) this.#patterns.clear();
    this.#patterns.set(name, pattern);
    return pattern;
  }

  #namesOf(service: string, kind: SpanKind): Map<string, number> {
    let kinds = this.#bySpan.get(service);
    if (kinds === undefined) {
      kinds = new Map();
      this.#bySpan.set(service, kinds);
    }
    let names = kinds.get(kind);
    if (names === undefined) {
      names = new Map();
      kinds.set(kind, names);
    }
    return names;
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
