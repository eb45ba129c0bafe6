import { contentHash } from '../encoding/content-hash.ts';
import { resourceText, scopeText } from '../encoding/shared-encoding.ts';
import { checksum } from './checksum.ts';
import type { Connection, SqlRow } from './connection.ts';
import { migrate } from './migrations.ts';
import { CHUNK_SPANS } from './span-chunks.ts';
import { fromSqlText, type SqlText } from './sql-text.ts';
import { sqlite } from './sqlite.ts';

/**
 * What is wrong with pages, the schema and rows that have a hash of their own, a sentence each. Chunks of spans are checked apart from this: theirs takes as
 * long as reading them.
 */
export function structureProblems(connection: Connection): string[] {
  const broken = connection
    .all<readonly [string]>('PRAGMA integrity_check')
    .flatMap(([text]) => (text === 'ok' ? [] : text.split('\n')));
  return broken.length > 0
    ? broken
    : [...schemaProblems(connection), ...hashProblems(connection), ...numberProblems(connection)];
}

type SchemaRow = readonly [type: string, name: string, sql: string];

const SCHEMA = 'SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name';

/** They are missing while an import sorts the list of traces, or after one that was killed meanwhile. */
const MAY_BE_MISSING = /^trace_summaries_by_/;

/** Tables, indexes and views that are not as a new store has them. */
function schemaProblems(connection: Connection): string[] {
  const found = new Map(connection.all<SchemaRow>(SCHEMA).map((row) => [row[1], String(row)]));
  return newSchema().flatMap((row) => {
    const [type, name] = row;
    if (found.get(name) === String(row)) return [];
    if (!found.has(name) && MAY_BE_MISSING.test(name)) return [];
    return [`the ${type} ${name} is not as it was made`];
  });
}

function newSchema(): SchemaRow[] {
  const database = new sqlite(':memory:');
  try {
    migrate(database);
    return database.prepare(SCHEMA).raw(true).all() as SchemaRow[];
  } finally {
    database.close();
  }
}

/** Rows by table, and what tells whether one is as it was written. */
const HASHED: readonly (readonly [table: string, isAsWritten: string])[] = [
  ['resource_rows', 'content_hash = resource_hash(attributes, schema_url)'],
  [
    'scope_rows',
    'content_hash = scope_hash(name, version, attributes, dropped_attributes, schema_url)',
  ],
  ['chunk_digests', 'checksum = checksum(groups)'],
  ['chunk_filters', 'checksum = checksum(attributes)'],
  ['result_rows', 'checksum = checksum(result)'],
];

function hashProblems(connection: Connection): string[] {
  const { database } = connection;
  database.function('checksum', { deterministic: true }, (bytes: Buffer) => checksum([bytes]));
  database.function('resource_hash', { deterministic: true }, resourceHash);
  database.function('scope_hash', { deterministic: true }, scopeHash);
  return HASHED.flatMap(([table, isAsWritten]) => {
    const count = first(
      connection,
      `SELECT count(*) FROM ${table} WHERE (${isAsWritten}) IS NOT 1`,
    );
    return count === 0n ? [] : [`${String(count)} rows of ${table} are not as they were written`];
  });
}

function resourceHash(attributes: string, schemaUrl: SqlText): number {
  return contentHash(resourceText(attributes, fromSqlText(schemaUrl)));
}

function scopeHash(
  name: SqlText,
  version: SqlText,
  attributes: string,
  droppedAttributes: number,
  schemaUrl: SqlText,
): number {
  return contentHash(
    scopeText({
      name: fromSqlText(name),
      version: fromSqlText(version),
      attributes,
      droppedAttributes,
      schemaUrl: fromSqlText(schemaUrl),
    }),
  );
}

/** The numbers that views count by, and the counter that gives chunks their keys. */
function numberProblems(connection: Connection): string[] {
  const numbers = first(
    connection,
    `SELECT count(*) = ${CHUNK_SPANS} AND min(span) = 0 AND max(span) = ${CHUNK_SPANS - 1} FROM span_numbers`,
  );
  const keys = first(
    connection,
    `SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'span_chunks'), 0)
       BETWEEN coalesce(max(chunk_key), 0) AND ${Number.MAX_SAFE_INTEGER} FROM span_chunks`,
  );
  return [
    ...(numbers === 1n ? [] : ['the numbers of span_numbers are not as they were written']),
    ...(keys === 1n ? [] : ['the counter of chunks is not as it was written']),
  ];
}

function first(connection: Connection, sql: string): SqlRow[number] {
  return connection.first<SqlRow>(sql)?.[0] ?? null;
}
