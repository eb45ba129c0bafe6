import { SPAN_KINDS, type SpanKind } from '../model/span.ts';
import { connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { eachChunkNumbers } from './span-chunks.ts';
import { WORD, WORDS_PER_SPAN } from './span-columns.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';

/** All durations of an operation: a service's spans of one name and kind. */
export interface OperationDurations {
  readonly service: string;
  readonly name: string;
  readonly kind: SpanKind;
  /** In ns, one per span, in no order; 0 for a span that ends before it starts. */
  readonly durations: Float64Array;
}

/**
 * The durations of every span by operation, straight from the columns: 8 bytes a span and no object for it. By service, name and kind,
 * compared by code unit.
 */
export function operationDurations(store: Store): OperationDurations[] {
  const connection = connectionOf(store);
  const found = new Map<number, Durations>();
  eachChunkNumbers(connection, ({ length, timeHalves: halves, words }) => {
    for (let span = 0; span < length; span++) {
      const operation = words[span * WORDS_PER_SPAN + WORD.operation] ?? 0;
      const durations = found.get(operation) ?? new Durations();
      if (durations.size === 0) found.set(operation, durations);
      const high = halves[span * 4 + 3] ?? 0;
      durations.add(high < 0 ? 0 : high * 2 ** 32 + ((halves[span * 4 + 2] ?? 0) >>> 0));
    }
  });
  const operations = connection.all<readonly [bigint, SqlText, SqlText, bigint]>(
    `SELECT o.operation_key, v.service, o.name, o.kind FROM operation_rows o JOIN service_rows v USING (service_key)`,
  );
  return operations
    .flatMap(([key, service, name, kind]) => {
      const durations = found.get(Number(key));
      if (durations === undefined) return [];
      return {
        service: fromSqlText(service),
        name: fromSqlText(name),
        kind: SPAN_KINDS[Number(kind)] ?? 'unspecified',
        durations: durations.taken(),
      };
    })
    .sort(byOperation);
}

function byOperation(a: OperationDurations, b: OperationDurations): number {
  return (
    compare(a.service, b.service) ||
    compare(a.name, b.name) ||
    SPAN_KINDS.indexOf(a.kind) - SPAN_KINDS.indexOf(b.kind)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A list of numbers that grows. */
class Durations {
  #values = new Float64Array(16);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(value: number): void {
    if (this.#size === this.#values.length) {
      const values = new Float64Array(this.#size * 2);
      values.set(this.#values);
      this.#values = values;
    }
    this.#values[this.#size++] = value;
  }

  taken(): Float64Array {
    return this.#values.subarray(0, this.#size);
  }
}
