/** A map by service, name, and one thing more. Nested maps, because joining the texts of a key costs more than three look-ups. */
export class OperationMap<T> {
  readonly #services = new Map<string, Map<string, Map<string | null, T>>>();
  readonly #values: T[] = [];

  get size(): number {
    return this.#values.length;
  }

  get(service: string, name: string, more: string | null): T | undefined {
    return this.#services.get(service)?.get(name)?.get(more);
  }

  /** The key must be new. */
  add(service: string, name: string, more: string | null, value: T): void {
    let names = this.#services.get(service);
    if (names === undefined) {
      names = new Map();
      this.#services.set(service, names);
    }
    let values = names.get(name);
    if (values === undefined) {
      values = new Map();
      names.set(name, values);
    }
    values.set(more, value);
    this.#values.push(value);
  }

  /** In the order in which they were added. */
  values(): readonly T[] {
    return this.#values;
  }
}
