import type { Span } from '../model/span.ts';
import { connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';
import { scanTraceKeys } from './read-spans.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';

/** Names of all services, sorted by code unit. */
export function serviceNames(store: Store): string[] {
  return connectionOf(store)
    .all<readonly [SqlText]>('SELECT service FROM service_rows')
    .map(([service]) => fromSqlText(service))
    .sort();
}

/** Names of operations are as many as dumps make them: ids in names would be millions. */
const MOST_OPERATIONS = 5_000;

/** Names of operations, each once, sorted by code unit; of a store with very many, those that came first. */
export function operationNames(store: Store): string[] {
  const names = connectionOf(store)
    .all<readonly [SqlText]>('SELECT name FROM operation_rows ORDER BY operation_key LIMIT ?', [
      MOST_OPERATIONS,
    ])
    .map(([name]) => fromSqlText(name));
  return Array.from(new Set(names)).sort();
}

/** The spans of about `traces` traces, spread evenly over the store, oldest import first. */
export function* sampleTraces(store: Store, traces: number): Generator<readonly Span[]> {
  const row = connectionOf(store).first<readonly [bigint | null]>(
    'SELECT max(trace_key) FROM trace_rows',
  );
  const last = Number(row?.[0] ?? 0n);
  const step = Math.max(1, last / traces);
  const keys = new Set<number>();
  for (let key = last; key >= 1; key -= step) keys.add(Math.round(key));
  const ascending = Array.from(keys).sort((a, b) => a - b);
  for (const { spans } of scanTraceKeys(store, ascending)) yield spans;
}
