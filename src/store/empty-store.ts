import { connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';

/** Takes everything out of the store, the import log too, in one transaction. The file keeps its size; what is imported next fills it. */
export function emptyStore(store: Store): void {
  const connection = connectionOf(store);
  connection.transaction(() => {
    const tables = connection.all<readonly [string]>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'span_numbers'",
    );
    for (const [name] of tables) connection.run(`DELETE FROM "${name}"`, []);
  });
}
