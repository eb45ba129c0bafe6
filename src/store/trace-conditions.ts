import type { TraceFilter } from '../model/trace-summary.ts';
import type { Connection, SqlValue } from './connection.ts';
import { foundCondition } from './found-traces.ts';
import { toSqlText } from './sql-text.ts';

/** A condition on `trace_summaries t`, with its parameters. The text never contains what a user typed. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly SqlValue[];
}

/** What `filter` asks for, to be joined by AND. Empty when it asks for nothing. */
export function traceConditions(connection: Connection, filter: TraceFilter): Condition[] {
  const words = (filter.words ?? []).filter((word) => word !== '');
  const conditions = words.map((word) => wordCondition(connection, word.toLowerCase()));
  const add = (sql: string, ...parameters: SqlValue[]) => conditions.push({ sql, parameters });
  if (filter.service !== undefined) conditions.push(serviceCondition(connection, filter.service));
  if (filter.withErrors === true) add('t.errors > 0');
  if (filter.minDurationNs !== undefined) add('t.duration_ns >= ?', filter.minDurationNs);
  if (filter.maxDurationNs !== undefined) add('t.duration_ns <= ?', filter.maxDurationNs);
  if (filter.since !== undefined) add('t.start_ns >= ?', filter.since);
  if (filter.until !== undefined) add('t.start_ns < ?', filter.until);
  if (filter.maxSpans !== undefined) add('t.spans <= ?', filter.maxSpans);
  if (filter.found !== undefined) conditions.push(foundCondition(connection, filter.found));
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

function serviceCondition(connection: Connection, service: string): Condition {
  const row = connection.first<readonly [bigint]>(
    'SELECT service_key FROM service_rows WHERE service = ?',
    [toSqlText(service)],
  );
  // Without this a service that nobody has would be looked for in every trace.
  if (row === null) return { sql: 'FALSE', parameters: [] };
  return {
    sql: 'instr(t.services, ?)',
    parameters: [`,${row[0]},`],
  };
}

/** The word is part of a service's name, of the root's name or of the raw id, or the id begins with it. */
function wordCondition(connection: Connection, word: string): Condition {
  const byId = idCondition(word);
  const text = toSqlText(word);
  const inNames = connection.first(
    `SELECT 1 FROM service_rows WHERE holds(service, ?) UNION ALL SELECT 1 FROM operation_rows WHERE holds(name, ?) LIMIT 1`,
    [text, text],
  );
  const ids = `t.trace_key IN (SELECT trace_key FROM trace_rows WHERE ${byId.sql})`;
  if (inNames === null) return { sql: ids, parameters: byId.parameters };
  return {
    sql: `(${IN_NAMES} OR ${ids})`,
    parameters: [text, text, ...byId.parameters],
  };
}

const IN_NAMES = `EXISTS (SELECT 1 FROM service_rows v WHERE instr(t.services, ',' || v.service_key || ',') AND holds(v.service, ?))
  OR t.root_operation_key IN (SELECT operation_key FROM operation_rows WHERE holds(name, ?))`;

const HEX = /^[0-9a-f]{1,32}$/;

/** A condition on `trace_rows` alone. */
function idCondition(word: string): Condition {
  const ranges = HEX.test(word) ? [traceIdRange(word)] : [];
  if (HEX.test(word) && word.length <= 16) ranges.push(traceIdRange(ID_PADDING + word));
  return {
    sql: [
      'trace_id_raw IS NOT NULL AND holds(trace_id_raw, ?)',
      ...ranges.map(() => 'trace_id BETWEEN ? AND ?'),
    ].join(' OR '),
    parameters: [toSqlText(word), ...ranges.flat()],
  };
}
