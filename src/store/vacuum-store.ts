import { connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';

/**
 * Rewrites the file without the room that removed traces left, and gives that back to the file system. Needs as much free space as the
 * store takes, and waits for other writers.
 */
export function vacuumStore(store: Store): void {
  const connection = connectionOf(store);
  connection.run('VACUUM');
  connection.all('PRAGMA wal_checkpoint(TRUNCATE)');
}
