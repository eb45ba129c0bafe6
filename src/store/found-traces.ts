import type { FoundTraces } from '../model/trace-summary.ts';
import type { Connection } from './connection.ts';
import type { Condition } from './trace-conditions.ts';

/** Up to here the keys are passed along with the statement; SQLite then looks each up instead of going through all traces. */
const FEW = 2_000;

/** How many lists of keys a connection keeps: the explorer goes back and forth between the last. */
const LISTS_KEPT = 4;

interface KeptList {
  readonly keys: readonly number[];
  readonly table: string;
}

const LISTS = new WeakMap<Connection, KeptList[]>();
let lists = 0;

/** Whether `trace_summaries t` is one of the traces that were found. Many keys go into a table that only this connection sees. */
export function foundCondition(connection: Connection, { traceKeys }: FoundTraces): Condition {
  if (traceKeys.length <= FEW) {
    return {
      sql: 't.trace_key IN (SELECT value FROM json_each(?))',
      parameters: [JSON.stringify(traceKeys)],
    };
  }
  return {
    sql: `t.trace_key IN (SELECT trace_key FROM temp.${tableOf(connection, traceKeys)})`,
    parameters: [],
  };
}

/** The name of the table with these keys; the number in it is all that differs between names. */
function tableOf(connection: Connection, keys: readonly number[]): string {
  const kept = LISTS.get(connection) ?? [];
  LISTS.set(connection, kept);
  const known = kept.find((list) => list.keys === keys);
  if (known !== undefined) return known.table;
  lists += 1;
  const table = `found_${lists}`;
  connection.guard(() => {
    connection.database.exec(`CREATE TEMP TABLE ${table} (trace_key INTEGER PRIMARY KEY)`);
    connection.run(`INSERT INTO temp.${table} SELECT value FROM json_each(?)`, [
      JSON.stringify(keys),
    ]);
  });
  kept.push({ keys, table });
  if (kept.length > LISTS_KEPT) {
    const oldest = kept.shift();
    if (oldest) connection.guard(() => connection.database.exec(`DROP TABLE temp.${oldest.table}`));
  }
  return table;
}
