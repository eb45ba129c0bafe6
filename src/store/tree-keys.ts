import { SPAN_KINDS, serviceName, UNKNOWN_SERVICE } from '../model/span.ts';
import { SpanVocabulary } from '../model/span-vocabulary.ts';
import type { SharedLookup } from './shared-lookup.ts';
import type { TreeContext } from './tree-rows.ts';

/** A vocabulary of more entries gives way to an empty one, so that names made of values do not fill the memory. */
const MAX_ENTRIES = 50_000;

/** What the keys in columns are called in the vocabulary of a scan. */
export class TreeKeys implements TreeContext {
  readonly #shared: SharedLookup;
  #vocabulary = new SpanVocabulary();
  /** By resource, then operation. */
  #operations: (number | undefined)[][] = [];
  #resources: (number | undefined)[] = [];
  #unknown = -1;
  readonly #odd: (boolean | undefined)[] = [];

  constructor(shared: SharedLookup) {
    this.#shared = shared;
  }

  get vocabulary(): SpanVocabulary {
    return this.#vocabulary;
  }

  /** To be called between trees. */
  startTree(): void {
    const { operations, resources } = this.#vocabulary;
    if (operations.length + resources.length < MAX_ENTRIES) return;
    this.#vocabulary = new SpanVocabulary();
    this.#operations = [];
    this.#resources = [];
    this.#unknown = -1;
  }

  resource(key: number): number {
    let number = this.#resources[key];
    if (number === undefined) {
      number = this.#vocabulary.resource(this.#shared.resource(key));
      this.#resources[key] = number;
    }
    return number;
  }

  operation(resourceKey: number, operationKey: number): number {
    let ofResource = this.#operations[resourceKey];
    if (ofResource === undefined) {
      ofResource = [];
      this.#operations[resourceKey] = ofResource;
    }
    let number = ofResource[operationKey];
    if (number === undefined) {
      number = this.#findOperation(resourceKey, operationKey);
      ofResource[operationKey] = number;
    }
    return number;
  }

  #findOperation(resourceKey: number, operationKey: number): number {
    const { name, kind } = this.#shared.operation(operationKey);
    const service = this.#vocabulary.service(serviceName(this.#shared.resource(resourceKey)));
    return this.#vocabulary.operation(service, name, SPAN_KINDS.indexOf(kind));
  }

  inherited(operation: number, parent: number): number {
    const { operations } = this.#vocabulary;
    const own = operations[operation];
    if (this.#unknown === -1) this.#unknown = this.#vocabulary.service(UNKNOWN_SERVICE);
    if (own === undefined || own.service !== this.#unknown) return operation;
    const service = operations[parent]?.service ?? this.#unknown;
    return this.#vocabulary.operation(service, own.name, own.kind);
  }

  isOdd(sourceKey: number): boolean {
    let isOdd = this.#odd[sourceKey];
    if (isOdd === undefined) {
      isOdd = this.#shared.format(sourceKey).startsWith('zipkin');
      this.#odd[sourceKey] = isOdd;
    }
    return isOdd;
  }
}
