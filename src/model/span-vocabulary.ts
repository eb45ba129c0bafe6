import { type Resource, SPAN_KINDS, UNKNOWN_SERVICE } from './span.ts';

/** What a service does under one name and kind, with the service as the trace's tree has it. */
export interface SpanOperation {
  /** Number of the service in `SpanVocabulary.services`. */
  readonly service: number;
  readonly name: string;
  /** Index in SPAN_KINDS. */
  readonly kind: number;
}

/** Numbers for what many spans have in common, from 0 up, as they come. Trees of one scan share one. */
export class SpanVocabulary {
  readonly #services: string[] = [];
  readonly #serviceNumbers = new Map<string, number>();
  readonly #operations: SpanOperation[] = [];
  /** By service, then name: by kind the number of the operation. */
  readonly #operationNumbers: Map<string, (number | undefined)[]>[] = [];
  readonly #resources: Resource[] = [];
  readonly #resourceNumbers = new Map<Resource, number>();

  get services(): readonly string[] {
    return this.#services;
  }

  get operations(): readonly SpanOperation[] {
    return this.#operations;
  }

  get resources(): readonly Resource[] {
    return this.#resources;
  }

  /** Number of a service. */
  service(name: string): number {
    const known = this.#serviceNumbers.get(name);
    if (known !== undefined) return known;
    this.#serviceNumbers.set(name, this.#services.length);
    this.#operationNumbers.push(new Map());
    return this.#services.push(name) - 1;
  }

  /** Number of the operation of a service (by number), a name and a kind (by index in SPAN_KINDS). */
  operation(service: number, name: string, kind: number): number {
    const names = this.#operationNumbers[service];
    if (names === undefined) throw new RangeError(`no service has the number ${service}`);
    let kinds = names.get(name);
    if (kinds === undefined) {
      kinds = Array.from(SPAN_KINDS, () => undefined);
      names.set(name, kinds);
    }
    const known = kinds[kind];
    if (known !== undefined) return known;
    const number = this.#operations.push({ service, name, kind }) - 1;
    kinds[kind] = number;
    return number;
  }

  /** Name of the service of an operation. */
  serviceOf(operation: number): string {
    return this.#services[this.#operations[operation]?.service ?? -1] ?? UNKNOWN_SERVICE;
  }

  /** Number of a resource; equal ones that are different objects have different numbers. */
  resource(resource: Resource): number {
    const known = this.#resourceNumbers.get(resource);
    if (known !== undefined) return known;
    this.#resourceNumbers.set(resource, this.#resources.length);
    return this.#resources.push(resource) - 1;
  }
}
