import type Database from 'better-sqlite3';

/** "TRCE" in ASCII: tells a tracecli store from every other SQLite file (`PRAGMA application_id`). */
export const APPLICATION_ID = 0x54524345;

/**
 * The schema, one step per released version; step n takes a store from version n to n + 1 (`PRAGMA user_version`).
 * Never edit a step that was released: append one.
 *
 * Tables end in `_rows` and are compact: strings and everything that many spans share are stored once and referred to by integer
 * keys, ids are binary, absent values are NULL. The views `traces`, `spans`, `attributes`, `events` and `links` are for people.
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

  CREATE TABLE span_rows (
    span_key INTEGER PRIMARY KEY,
    trace_key INTEGER NOT NULL,
    span_id INTEGER NOT NULL,         -- the 64 bits as a signed integer
    content_hash INTEGER NOT NULL,    -- tells copies of a span from different spans with the same id
    parent_span_id INTEGER,
    operation_key INTEGER NOT NULL,
    resource_key INTEGER NOT NULL,
    scope_key INTEGER NOT NULL,
    source_key INTEGER NOT NULL,
    start_ns INTEGER NOT NULL,        -- since 1970, exact
    duration_ns INTEGER NOT NULL,     -- end - start; negative when the span ends before it starts
    time_flags INTEGER NOT NULL,      -- 1 no start 2 no end 4 negative duration 8 bad time
    status INTEGER NOT NULL,          -- 0 unset 1 ok 2 error
    status_message TEXT,
    flags INTEGER NOT NULL,
    attributes TEXT,                  -- typed JSON object
    events TEXT,                      -- JSON list
    links TEXT,                       -- JSON list
    extra TEXT,                       -- JSON object of what few spans have: traceState, dropped, shared, debug, warnings
    raw_ids TEXT                      -- JSON object: spellings of ids that are neither canonical nor the trace's
  );
  CREATE UNIQUE INDEX span_rows_by_trace ON span_rows (trace_key, span_id, content_hash);

  CREATE TABLE trace_services (
    trace_key INTEGER NOT NULL,
    service_key INTEGER NOT NULL,
    PRIMARY KEY (trace_key, service_key)
  ) WITHOUT ROWID;

  CREATE TABLE trace_summaries (      -- what lists show; a trace without one is still being imported
    trace_key INTEGER PRIMARY KEY,
    start_ns INTEGER NOT NULL,
    duration_ns INTEGER NOT NULL,
    spans INTEGER NOT NULL,
    errors INTEGER NOT NULL,
    orphans INTEGER NOT NULL,
    root_operation_key INTEGER
  );
  CREATE INDEX trace_summaries_by_start ON trace_summaries (start_ns);
  CREATE INDEX trace_summaries_by_duration ON trace_summaries (duration_ns, start_ns);
  CREATE INDEX trace_summaries_by_spans ON trace_summaries (spans, start_ns);
  CREATE INDEX trace_summaries_by_errors ON trace_summaries (errors, start_ns);

  CREATE TABLE stale_summaries (trace_key INTEGER PRIMARY KEY); -- traces with spans that their summary does not count yet

  CREATE VIEW traces AS
  SELECT lower(hex(r.trace_id)) AS trace_id, t.start_ns, t.duration_ns, t.spans, t.errors, t.orphans,
    v.service AS root_service, o.name AS root_operation, r.trace_id_raw
  FROM trace_summaries t
  JOIN trace_rows r USING (trace_key)
  LEFT JOIN operation_rows o ON o.operation_key = t.root_operation_key
  LEFT JOIN service_rows v ON v.service_key = o.service_key;

  CREATE VIEW spans AS
  SELECT lower(hex(r.trace_id)) AS trace_id, printf('%016x', s.span_id) AS span_id,
    CASE WHEN s.parent_span_id IS NOT NULL THEN printf('%016x', s.parent_span_id) END AS parent_span_id,
    v.service, o.name,
    CASE o.kind WHEN 0 THEN 'unspecified' WHEN 1 THEN 'internal' WHEN 2 THEN 'server' WHEN 3 THEN 'client'
      WHEN 4 THEN 'producer' WHEN 5 THEN 'consumer' END AS kind,
    CASE s.status WHEN 0 THEN 'unset' WHEN 1 THEN 'ok' WHEN 2 THEN 'error' END AS status,
    coalesce(s.status_message, '') AS status_message,
    s.start_ns, s.start_ns + s.duration_ns AS end_ns, max(s.duration_ns, 0) AS duration_ns,
    coalesce(s.attributes, '{}') AS attributes, p.attributes AS resource_attributes, c.name AS scope, c.version AS scope_version,
    i.dump, u.format
  FROM span_rows s
  JOIN trace_rows r USING (trace_key)
  JOIN operation_rows o USING (operation_key)
  JOIN service_rows v USING (service_key)
  JOIN resource_rows p USING (resource_key)
  JOIN scope_rows c USING (scope_key)
  JOIN source_rows u USING (source_key)
  JOIN import_rows i USING (import_key);

  CREATE VIEW attributes AS
  SELECT lower(hex(r.trace_id)) AS trace_id, printf('%016x', s.span_id) AS span_id, a.key,
    CASE a.type WHEN 'text' THEN 'string' WHEN 'integer' THEN 'int' WHEN 'real' THEN 'double' WHEN 'array' THEN 'list'
      WHEN 'true' THEN 'bool' WHEN 'false' THEN 'bool' WHEN 'null' THEN 'empty'
      ELSE (SELECT CASE t.key WHEN 'i' THEN 'int' WHEN 'd' THEN 'double' WHEN 'b' THEN 'bytes' ELSE 'map' END FROM json_each(a.value) t)
    END AS type,
    CASE WHEN a.type <> 'object' THEN a.value
      ELSE (SELECT CASE WHEN t.key = 'i' THEN CAST(t.value AS INTEGER) WHEN t.type = 'integer' THEN CAST(t.value AS REAL) ELSE t.value END FROM json_each(a.value) t)
    END AS value
  FROM span_rows s JOIN trace_rows r USING (trace_key), json_each(s.attributes) a;

  CREATE VIEW events AS
  SELECT lower(hex(r.trace_id)) AS trace_id, printf('%016x', s.span_id) AS span_id,
    s.start_ns + CAST(e.value ->> '$.offsetNs' AS INTEGER) AS time_ns,
    e.value ->> '$.name' AS name, coalesce(e.value -> '$.attributes', '{}') AS attributes
  FROM span_rows s JOIN trace_rows r USING (trace_key), json_each(s.events) e;

  CREATE VIEW links AS
  SELECT lower(hex(r.trace_id)) AS trace_id, printf('%016x', s.span_id) AS span_id,
    l.value ->> '$.traceId' AS linked_trace_id, l.value ->> '$.spanId' AS linked_span_id,
    coalesce(l.value -> '$.attributes', '{}') AS attributes
  FROM span_rows s JOIN trace_rows r USING (trace_key), json_each(s.links) l;
  `,
  `
  CREATE TABLE result_rows (          -- results of analyses that took long; may be emptied at any time
    result_key INTEGER PRIMARY KEY,
    question TEXT NOT NULL UNIQUE,    -- what was asked, by which program
    content TEXT NOT NULL,            -- what the store held then
    result BLOB NOT NULL
  );
  `,
];

/** The schema version that this program reads and writes. */
export const SCHEMA_VERSION = MIGRATIONS.length;

/** The schema version of an open database, 0 for an empty one. */
export function schemaVersion(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }));
}

/** Takes the schema to `SCHEMA_VERSION` in one transaction; two processes that open a new store at once do not get in each other's way. */
export function migrate(database: Database.Database): void {
  if (schemaVersion(database) >= SCHEMA_VERSION) return;
  const steps = database.transaction(() => {
    for (const step of MIGRATIONS.slice(schemaVersion(database))) database.exec(step);
    database.pragma(`application_id = ${APPLICATION_ID}`);
    database.pragma(`user_version = ${SCHEMA_VERSION}`);
  });
  steps.immediate();
}
