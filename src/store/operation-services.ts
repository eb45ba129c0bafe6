import type { Connection } from './connection.ts';

/** How many operations stay in memory. */
const CACHE_ENTRIES = 20_000;

/** Looks up whose operations are. */
export class OperationServices {
  readonly #connection: Connection;
  readonly #services = new Map<number, number>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Keys of the services that have one of `operations`, ascending, as the column `services` has them: `,3,17,`.
   */
  list(operations: Iterable<number>): string {
    const keys = new Set<number>();
    for (const operation of operations) keys.add(this.#of(operation));
    return `,${[...keys].sort((a, b) => a - b).join(',')},`;
  }

  /** As for `SharedRows`. */
  forget(): void {
    this.#services.clear();
  }

  #of(operation: number): number {
    let service = this.#services.get(operation);
    if (service === undefined) {
      const row = this.#connection.first<readonly [bigint]>(
        'SELECT service_key FROM operation_rows WHERE operation_key = ?',
        [operation],
      );
      service = Number(row?.[0] ?? 0n);
      if (this.#services.size >= CACHE_ENTRIES) this.#services.clear();
      this.#services.set(operation, service);
    }
    return service;
  }
}
