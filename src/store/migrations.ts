import type Database from 'better-sqlite3';
import { CHUNK_SPANS } from './span-chunks.ts';
import { WORD } from './span-columns.ts';
import {
  ATTRIBUTES,
  EVENTS,
  ID,
  LENGTH,
  LINKS,
  PARENT_ID,
  SPANS,
  START,
  word,
} from './span-expressions.ts';

/** "TRCE" in ASCII: tells a tracecli store from every other SQLite file (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x54524345;

/**
 * The schema: the first step makes a store of version 3, each further one takes a store to the next version (`PRAGMA user_version`).
 * Never edit a step that was released: append one.
 *
 * Tables are compact: strings and everything that many spans share are stored once and referred to by integer
 * keys, ids are binary, and spans stand column by column in chunks. The views `traces`, `spans`, `attributes`, `events` and `links` are for people.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE import_rows (
    import_key INTEGER PRIMARY KEY,
    dump TEXT NOT NULL,               -- name as the user gave it
    format TEXT NOT NULL,
    size_bytes INTEGER,               -- NULL for a pipe
    imported_at TEXT NOT NULL,        -- ISO 8601, UTC
    completed INTEGER NOT NULL,       -- 0 while it runs, and for ever when it was stopped
    spans_added INTEGER NOT NULL,
    spans_duplicate INTEGER NOT NULL,
    traces INTEGER NOT NULL,
    records INTEGER NOT NULL,
    split INTEGER NOT NULL,
    issues TEXT NOT NULL              -- JSON list
  );

  CREATE TABLE source_rows (          -- where spans come from
    source_key INTEGER PRIMARY KEY,
    import_key INTEGER NOT NULL,
    format TEXT NOT NULL,
    UNIQUE (import_key, format)
  );

  CREATE TABLE service_rows (
    service_key INTEGER PRIMARY KEY,
    service TEXT NOT NULL UNIQUE
  );

  CREATE TABLE operation_rows (       -- service, name and kind: what analyses group by
    operation_key INTEGER PRIMARY KEY,
    service_key INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind INTEGER NOT NULL,            -- 0 unspecified 1 internal 2 server 3 client 4 producer 5 consumer
    UNIQUE (service_key, name, kind)
  );

  CREATE TABLE resource_rows (
    resource_key INTEGER PRIMARY KEY,
    content_hash INTEGER NOT NULL,
    attributes TEXT NOT NULL,         -- typed JSON
    schema_url TEXT NOT NULL
  );
  CREATE INDEX resource_rows_by_content ON resource_rows (content_hash);

  CREATE TABLE scope_rows (
    scope_key INTEGER PRIMARY KEY,
    content_hash INTEGER NOT NULL,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    attributes TEXT NOT NULL,
    dropped_attributes INTEGER NOT NULL,
    schema_url TEXT NOT NULL
  );
  CREATE INDEX scope_rows_by_content ON scope_rows (content_hash);

  CREATE TABLE trace_rows (
    trace_key INTEGER PRIMARY KEY,    -- in order of first appearance, so that spans of a trace lie near each other in indexes
    trace_id BLOB NOT NULL UNIQUE,    -- 16 bytes
    trace_id_raw TEXT                 -- first spelling seen, NULL when it is the canonical one
  );
  CREATE INDEX trace_rows_by_raw_id ON trace_rows (trace_id_raw) WHERE trace_id_raw IS NOT NULL;

  CREATE TABLE span_chunks (          -- spans column by column, those of one trace side by side; a chunk never changes. Numbers are little-endian
    chunk_key INTEGER PRIMARY KEY AUTOINCREMENT,
    spans INTEGER NOT NULL,           -- up to ${CHUNK_SPANS}
    source_key INTEGER NOT NULL,
    ids BLOB NOT NULL,                -- 16 bytes a span: its id, its parent's id (zeros for none)
    times BLOB NOT NULL,              -- two 64-bit integers: start in ns since 1970, end - start (negative when it ends before it starts)
    hashes BLOB NOT NULL,             -- a double: tells copies of a span from different spans with the same id
    words BLOB NOT NULL,              -- nine 32-bit integers: keys of trace, operation, resource and scope; status (0 unset 1 ok 2 error)
                                      -- + 4 * time flags (1 no start 2 no end 4 negative duration 8 bad time) + 64 * flags;
                                      -- where its texts begin; lengths of attributes, events and links
    rare TEXT,                        -- JSON object by number of the span: message, extra (traceState, dropped, shared, debug, warnings), rawIds, flags
    texts BLOB NOT NULL               -- UTF-8: attributes (typed JSON object), events and links (JSON lists) of each span
  );

  CREATE TABLE trace_chunks (         -- where the spans of a trace are
    trace_key INTEGER NOT NULL,
    chunk_key INTEGER NOT NULL,
    first INTEGER NOT NULL,           -- number of its first span in the chunk
    spans INTEGER NOT NULL,
    PRIMARY KEY (trace_key, chunk_key)
  ) WITHOUT ROWID;

  CREATE TABLE span_numbers (span INTEGER PRIMARY KEY); -- of spans in a chunk, for the views
  INSERT INTO span_numbers
  WITH RECURSIVE numbers (span) AS (SELECT 0 UNION ALL SELECT span + 1 FROM numbers WHERE span < ${CHUNK_SPANS} - 1)
  SELECT span FROM numbers;

  CREATE TABLE trace_summaries (      -- what lists show; a trace without one is still being imported
    trace_key INTEGER PRIMARY KEY,
    start_ns INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    orphans INTEGER NOT NULL,
    root_operation_key INTEGER,
    services TEXT NOT NULL            -- keys of its services, between commas
  );
  CREATE INDEX trace_summaries_by_start ON trace_summaries (start_ns);
  CREATE INDEX trace_summaries_by_duration ON trace_summaries (duration_ns, start_ns);
  CREATE INDEX trace_summaries_by_spans ON trace_summaries (spans, start_ns);
  CREATE INDEX trace_summaries_by_errors ON trace_summaries (errors, start_ns);

  CREATE TABLE stale_summaries (      -- traces with spans that their summary does not count yet
    trace_key INTEGER PRIMARY KEY,
    start_ns INTEGER,                 -- what the summary is to be; all NULL when it has to be worked out
    duration_ns INTEGER,
    spans INTEGER,
    errors INTEGER,
    orphans INTEGER,
    root_operation_key INTEGER,
    services TEXT
  );

  CREATE VIEW traces AS
  SELECT lower(hex(r.trace_id)) AS trace_id, t.start_ns, t.duration_ns, t.spans, t.errors, t.orphans,
    v.service AS root_service, o.name AS root_operation, r.trace_id_raw
  FROM trace_summaries t
  JOIN trace_rows r USING (trace_key)
  LEFT JOIN operation_rows o ON o.operation_key = t.root_operation_key
  LEFT JOIN service_rows v ON v.service_key = o.service_key;

  CREATE VIEW spans AS
  SELECT lower(hex(r.trace_id)) AS trace_id, ${ID} AS span_id, ${PARENT_ID} AS parent_span_id,
    v.service, o.name,
    CASE o.kind WHEN 0 THEN 'unspecified' WHEN 1 THEN 'internal' WHEN 2 THEN 'server' WHEN 3 THEN 'client'
      WHEN 4 THEN 'producer' WHEN 5 THEN 'consumer' END AS kind,
    CASE ${word(WORD.state)} & 3 WHEN 0 THEN 'unset' WHEN 1 THEN 'ok' WHEN 2 THEN 'error' END AS status,
    coalesce(c.rare ->> ('$."' || n.span || '".message'), '') AS status_message,
    ${START} AS start_ns, ${START} + ${LENGTH} AS end_ns, max(${LENGTH}, 0) AS duration_ns,
    coalesce(nullif(${ATTRIBUTES}, ''), '{}') AS attributes, p.attributes AS resource_attributes, s.name AS scope, s.version AS scope_version,
    i.dump, u.format
  FROM ${SPANS}
  CROSS JOIN operation_rows o ON o.operation_key = ${word(WORD.operation)}
  CROSS JOIN service_rows v ON v.service_key = o.service_key
  CROSS JOIN resource_rows p ON p.resource_key = ${word(WORD.resource)}
  CROSS JOIN scope_rows s ON s.scope_key = ${word(WORD.scope)}
  CROSS JOIN source_rows u ON u.source_key = c.source_key
  CROSS JOIN import_rows i ON i.import_key = u.import_key;

  CREATE VIEW attributes AS
  SELECT lower(hex(r.trace_id)) AS trace_id, ${ID} AS span_id, a.key,
    CASE a.type WHEN 'text' THEN 'string' WHEN 'integer' THEN 'int' WHEN 'real' THEN 'double' WHEN 'array' THEN 'list'
      WHEN 'true' THEN 'bool' WHEN 'false' THEN 'bool' WHEN 'null' THEN 'empty'
      ELSE (SELECT CASE t.key WHEN 'i' THEN 'int' WHEN 'd' THEN 'double' WHEN 'b' THEN 'bytes' ELSE 'map' END FROM json_each(a.value) t)
    END AS type,
    CASE WHEN a.type <> 'object' THEN a.value
      ELSE (SELECT CASE WHEN t.key = 'i' THEN CAST(t.value AS INTEGER) WHEN t.type = 'integer' THEN CAST(t.value AS REAL) ELSE t.value END FROM json_each(a.value) t)
    END AS value
  FROM ${SPANS} CROSS JOIN json_each(nullif(${ATTRIBUTES}, '')) a;

  CREATE VIEW events AS
  SELECT lower(hex(r.trace_id)) AS trace_id, ${ID} AS span_id,
    ${START} + CAST(e.value ->> '$.offsetNs' AS INTEGER) AS time_ns,
    e.value ->> '$.name' AS name, coalesce(e.value -> '$.attributes', '{}') AS attributes
  FROM ${SPANS} CROSS JOIN json_each(nullif(${EVENTS}, '')) e;

  CREATE VIEW links AS
  SELECT lower(hex(r.trace_id)) AS trace_id, ${ID} AS span_id,
    l.value ->> '$.traceId' AS linked_trace_id, l.value ->> '$.spanId' AS linked_span_id,
    coalesce(l.value -> '$.attributes', '{}') AS attributes
  FROM ${SPANS} CROSS JOIN json_each(nullif(${LINKS}, '')) l;

  CREATE TABLE result_rows (          -- results of analyses that took long; may be emptied at any time
    result_key INTEGER PRIMARY KEY,
    question TEXT NOT NULL UNIQUE,    -- what was asked, by which program
    content TEXT NOT NULL,            -- what the store held then
    result BLOB NOT NULL
  );
  `,
  `
  CREATE TABLE chunk_digests (        -- what chunks hold, so that queries pass over most of them; made when first asked
    chunk_key INTEGER PRIMARY KEY,
    groups BLOB NOT NULL              -- durations by operation and status, and the resources
  );

  CREATE TABLE chunk_filters (        -- of every chunk that has a digest
    chunk_key INTEGER PRIMARY KEY,
    attributes BLOB NOT NULL          -- a Bloom filter of keys and of keys with values
  );
  `,
  `
  CREATE TABLE position_rows (        -- how far imports of files came that run, or were stopped
    import_key INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,        -- of the file, and of how it was read
    spans INTEGER NOT NULL            -- of the file, from its beginning, that are in the store
  );
  CREATE INDEX position_rows_by_file ON position_rows (fingerprint);
  `,
  `
  CREATE TABLE bookmark_rows (        -- spans that the user wants to find again
    bookmark_key INTEGER PRIMARY KEY,
    trace_id BLOB NOT NULL,
    span_id BLOB NOT NULL,
    note TEXT NOT NULL,
    UNIQUE (trace_id, span_id)
  );
  `,
  `
  ALTER TABLE span_chunks ADD COLUMN checksum INTEGER;   -- of the other columns but the key; NULL in chunks written before there was one

  DELETE FROM chunk_digests;
  DELETE FROM chunk_filters;
  DELETE FROM result_rows;
  ALTER TABLE chunk_digests ADD COLUMN checksum INTEGER; -- of groups
  ALTER TABLE chunk_filters ADD COLUMN checksum INTEGER; -- of attributes
  ALTER TABLE result_rows ADD COLUMN checksum INTEGER;   -- of result

  -- Indexes hold these tables once more: SQLite's own check compares the two, and so finds bytes that changed in either.
  CREATE INDEX import_rows_again ON import_rows (
    dump, format, size_bytes, imported_at, completed, spans_added, spans_duplicate, traces, records, split, issues
  );
  DROP INDEX position_rows_by_file;
  CREATE INDEX position_rows_by_file ON position_rows (fingerprint, spans);
  CREATE INDEX bookmark_rows_again ON bookmark_rows (note);
  `,
];

/** Stores of earlier versions were never released. */
const FIRST_VERSION = 3;

/** The schema version that this program reads and writes. */
export const SCHEMA_VERSION = FIRST_VERSION + MIGRATIONS.length - 1;

/** Whether a store of `version` has to be made anew: it was written before the first release. */
export function isForgotten(version: number): boolean {
  return version > 0 && version < FIRST_VERSION;
}

/** The schema version of an open database, 0 for an empty one. */
export function schemaVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Takes the schema to `SCHEMA_VERSION` in one transaction; two processes that open a new store at once do not get in each other's way. */
export function migrate(database: Database.Database): void {
  if (schemaVersion(database) >= SCHEMA_VERSION) return;
  const steps = database.transaction(() => {
    for (const step of MIGRATIONS.slice(Math.max(0, schemaVersion(database) - FIRST_VERSION + 1)))
      database.exec(step);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  steps.immediate();
}
