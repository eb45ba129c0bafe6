import type { Connection } from './connection.ts';

/** How many spans of a file are in the store after imports that were stopped: those of the one that came farthest, 0 for none. */
export function importedSpans(connection: Connection, fingerprint: string): number {
  const row = connection.first<readonly [bigint | null]>(
    'SELECT max(spans) FROM position_rows WHERE fingerprint = ?',
    [fingerprint],
  );
  return Number(row?.[0] ?? 0n);
}

/** Notes how far an import has come, in the transaction that writes the spans. */
export function notePosition(
  connection: Connection,
  importKey: number,
  position: { readonly fingerprint: string; readonly spans: number },
): void {
  connection.run(
    `INSERT INTO position_rows (import_key, fingerprint, spans) VALUES (?, ?, ?)
     ON CONFLICT (import_key) DO UPDATE SET spans = excluded.spans`,
    [importKey, position.fingerprint, position.spans],
  );
}

/** The file is in the store as a whole. */
export function forgetPositions(connection: Connection, fingerprint: string): void {
  connection.run('DELETE FROM position_rows WHERE fingerprint = ?', [fingerprint]);
}
