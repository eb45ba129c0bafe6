import type { TraceFilter } from '../model/trace-summary.ts';
import type { SqlValue } from './connection.ts';
import { toSqlText } from './sql-text.ts';

/** A condition on `trace_summaries t` and `trace_rows r`, with its parameters. The text never contains what a user typed. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What `filter` asks for, to be joined by AND. Empty when it asks for nothing. */
export function traceConditions(filter: TraceFilter): Condition[] {
  const conditions: Condition[] = (filter.words ?? [])
    .filter((word) => word !== '')
    .map(wordCondition);
  const add = (sql: string, parameter?: SqlValue) =>
    conditions.push({ sql, parameters: parameter === undefined ? [] : [parameter] });
  if (filter.service !== undefined) add(HAS_SERVICE, toSqlText(filter.service));
  if (filter.withErrors === true) add('t.errors > 0');
  if (filter.minDurationNs !== undefined) add('t.duration_ns >= ?', filter.minDurationNs);
  if (filter.maxDurationNs !== undefined) add('t.duration_ns <= ?', filter.maxDurationNs);
  if (filter.since !== undefined) add('t.start_ns >= ?', filter.since);
  if (filter.until !== undefined) add('t.start_ns < ?', filter.until);
  return conditions;
}

/** Whether all conditions hold. */
export function allOf(conditions: readonly Condition[]): Condition {
  return {
    sql: conditions.length === 0 ? 'TRUE' : conditions.map(({ sql }) => sql).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

/** The range of trace ids that begin with `prefix` (up to 32 hex digits), as the blobs at its ends. */
export function traceIdRange(prefix: string): readonly [Buffer, Buffer] {
  return [Buffer.from(prefix.padEnd(32, '0'), 'hex'), Buffer.from(prefix.padEnd(32, 'f'), 'hex')];
}

/** 64-bit ids are shown and typed without the zeros that pad them to 128 bits. */
export const ID_PADDING = '0'.repeat(16);

const HEX = /^[0-9a-f]{1,32}$/;

const HAS_SERVICE = `EXISTS (SELECT 1 FROM trace_services s WHERE s.trace_key = t.trace_key
  AND s.service_key = (SELECT service_key FROM service_rows WHERE service = ?))`;

const IN_NAMES = `EXISTS (SELECT 1 FROM trace_services s WHERE s.trace_key = t.trace_key
    AND s.service_key IN (SELECT service_key FROM service_rows WHERE holds(service, ?)))
  OR t.root_operation_key IN (SELECT operation_key FROM operation_rows WHERE holds(name, ?))
  OR holds(r.trace_id_raw, ?)`;

/** The word is part of a service's name, the root's operation or the raw id, or the id begins with it. */
function wordCondition(word: string): Condition {
  const lower = word.toLowerCase();
  const names = [lower, lower, lower];
  if (!HEX.test(lower)) return { sql: `(${IN_NAMES})`, parameters: names };
  const ranges = [traceIdRange(lower)];
  if (lower.length <= 16) ranges.push(traceIdRange(ID_PADDING + lower));
  const inRange = ranges.map(() => 'r.trace_id BETWEEN ? AND ?').join(' OR ');
  return { sql: `(${inRange} OR ${IN_NAMES})`, parameters: [...ranges.flat(), ...names] };
}
