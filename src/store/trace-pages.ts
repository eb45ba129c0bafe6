import type { Connection, SqlRow, SqlValue } from './connection.ts';
import { allOf, type Condition } from './trace-conditions.ts';

/** A sort key of a list of traces: a column of `trace_summaries t` or `trace_rows r` that is never NULL. */
export interface OrderTerm {
  readonly column: 't.start_ns' | 't.duration_ns' | 't.spans' | 't.errors' | 'r.trace_id';
  readonly descending: boolean;
}

/** Where a page ended: the values of its last row for each sort key. */
export type PageEnd = readonly SqlValue[];

/** Which rows of a list of traces to read. */
export interface PageQuery {
  /** What to select, from `trace_summaries t`, `trace_rows r` and the root's `operation_rows o`. */
  readonly columns: string;
  readonly conditions: readonly Condition[];
  /** All keys together are unique. */
  readonly order: readonly OrderTerm[];
  /** Null for the first page. */
  readonly after: PageEnd | null;
  readonly limit: number;
}

/** A page of rows; behind `columns` each row holds its sort keys. `next` is null at the end of the list. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: PageEnd | null;
}

/** Reads one page by keyset: what it costs does not depend on where in the list it lies, given an index of the leading keys. */
export function selectPage<Row extends SqlRow>(
  connection: Connection,
  query: PageQuery,
): Page<Row> {
  const stretches = query.after === null ? [null] : stretchesAfter(query.order, query.after);
  let rows: Row[] = [];
  for (const stretch of stretches) {
    const missing = query.limit + 1 - rows.length;
    if (missing > 0) rows = rows.concat(selectStretch<Row>(connection, query, stretch, missing));
  }
  const shown = rows.slice(0, query.limit);
  const last = rows.length > query.limit ? shown.at(-1) : undefined;
  return { rows: shown, next: last === undefined ? null : last.slice(-query.order.length) };
}

/**
 * What follows the end of a page, as stretches that an index gives in order: equal in all keys but the last and beyond it in that, then
 * equal in one key less, and so on. One condition with OR would make SQLite read everything before the page.
 */
function stretchesAfter(order: readonly OrderTerm[], end: PageEnd): Condition[] {
  return order
    .map((term, i) => {
      const equal = order.slice(0, i).map(({ column }) => `${column} = ?`);
      const beyond = `${term.column} ${term.descending ? '<' : '>'} ?`;
      return { sql: [...equal, beyond].join(' AND '), parameters: end.slice(0, i + 1) };
    })
    .reverse();
}

function selectStretch<Row extends SqlRow>(
  connection: Connection,
  { columns, conditions, order }: PageQuery,
  stretch: Condition | null,
  limit: number,
): Row[] {
  const { sql, parameters } = allOf(stretch === null ? conditions : [...conditions, stretch]);
  const keys = order.map(({ column }) => column);
  const by = order.map(({ column, descending }) => `${column} ${descending ? 'DESC' : 'ASC'}`);
  // CROSS JOIN keeps trace_summaries outermost, so that its indexes give the order.
  return connection.all<Row>(
    `SELECT ${columns}, ${keys.join(', ')}
     FROM trace_summaries t
     CROSS JOIN trace_rows r ON r.trace_key = t.trace_key
     LEFT JOIN operation_rows o ON o.operation_key = t.root_operation_key
     WHERE ${sql} ORDER BY ${by.join(', ')} LIMIT ?`,
    [...parameters, limit],
  );
}
