import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import { checksum } from './checksum.ts';
import { Connection, connectionOf } from './connection.ts';
import type { Store } from './open-store.ts';

/** Stores with fewer spans are analysed faster than their owner can type; nothing is written into them. */
const SPANS_WORTH_IT = 10_000;

/** What all remembered results may take of the file together; a larger one is not kept. */
const MAX_BYTES = 16 * 2 ** 20;

export interface RememberOptions<Result> {
  /** Stores with fewer spans remember nothing. 10,000 by default. */
  readonly minSpans?: number;
  /** Whether a result may be remembered; all may by default. */
  readonly isWhole?: (result: Result) => boolean;
}

/**
 * The result of `work`, or that of an earlier time when the same `question` was asked and the store held the same. `question` must
 * name everything that the result depends on but the store's content, the program's version too. Results must be plain data (as for
 * `structuredClone`) and come back equal.
 *
 * A result is forgotten as soon as the store holds something else, and while an import runs nothing is remembered. A store that cannot
 * be written to, or that somebody else is writing to, is only read.
 */
export function remembered<Result>(
  store: Store,
  question: string,
  work: () => Result,
  { minSpans = SPANS_WORTH_IT, isWhole = () => true }: RememberOptions<Result> = {},
): Result {
  const connection = connectionOf(store);
  const content = contentOf(connection, minSpans);
  if (content === null) return work();
  const earlier = findResult(connection, question, content);
  if (earlier !== null) return earlier.value as Result;
  const result = work();
  if (isWhole(result) && contentOf(connection, minSpans) === content) {
    keepResult(connection.path, question, content, serialize(result));
  }
  return result;
}

/**
 * A text that is the same only as long as the store holds the same spans and their lists are the same: the import log grows in the
 * transactions that add spans, and without a new line in it spans only become fewer. Null where nothing is to be remembered.
 */
function contentOf(connection: Connection, minSpans: number): string | null {
  const isBusy = connection.first('SELECT 1 FROM stale_summaries LIMIT 1') !== null;
  const [traces, spans] = connection.first<readonly [bigint, bigint]>(
    'SELECT count(*), coalesce(sum(spans), 0) FROM trace_summaries',
  ) ?? [0n, 0n];
  if (isBusy || spans < minSpans) return null;
  const imports = connection.all<readonly [bigint, string, string, bigint]>(
    'SELECT import_key, imported_at, format, spans_added FROM import_rows ORDER BY import_key',
  );
  const [services] = connection.first<readonly [bigint]>('SELECT count(*) FROM service_rows') ?? [];
  const text = [traces, spans, services, ...imports.flat()].join(' ');
  return createHash('sha256').update(text).digest('hex');
}

/** In an object, because a result may be null. */
function findResult(
  connection: Connection,
  question: string,
  content: string,
): { readonly value: unknown } | null {
  const row = connection.first<readonly [Buffer, bigint | null]>(
    'SELECT result, checksum FROM result_rows WHERE question = ? AND content = ?',
    [question, content],
  );
  if (row === null || checksum([row[0]]) !== row[1]) return null;
  try {
    return { value: deserialize(row[0]) };
  } catch {
    // Of a Node that writes another form: it is worked out again.
    return null;
  }
}

function keepResult(path: string, question: string, content: string, result: Buffer): void {
  if (result.length > MAX_BYTES) return;
  try {
    const connection = new Connection(path, { readonly: false });
    try {
      connection.database.pragma('busy_timeout = 100');
      connection.database.pragma('synchronous = NORMAL');
      connection.transaction(() => {
        connection.run('DELETE FROM result_rows WHERE content <> ? OR question = ?', [
          content,
          question,
        ]);
        connection.run(
          'INSERT INTO result_rows (question, content, result, checksum) VALUES (?, ?, ?, ?)',
          [question, content, result, checksum([result])],
        );
        connection.run(FORGET_OLDEST, [MAX_BYTES]);
      });
    } finally {
      connection.close();
    }
  } catch {
    // Read-only, full or busy: the answer is there all the same.
  }
}

/** All that the results after them leave no room for. */
const FORGET_OLDEST = `
  DELETE FROM result_rows WHERE result_key IN (
    SELECT result_key FROM (
      SELECT result_key, sum(length(result)) OVER (ORDER BY result_key DESC) AS bytes FROM result_rows
    ) WHERE bytes > ?)`;
