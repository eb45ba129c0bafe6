import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { FOLDER } from './bench-folder.ts';
import type { MadeFormat } from './made-dump.ts';

/** DuckDB reads a dump into a table with a row for each span, and counts them. */
const [format = '', dump = '', store = ''] = process.argv.slice(2);

/** As far as it is used here; the package is only there for benchmarks. */
interface DuckDb {
  readonly DuckDBInstance: {
    create(path: string): Promise<{
      connect(): Promise<{
        run(sql: string): Promise<unknown>;
        runAndReadAll(sql: string): Promise<{ getRows(): readonly (readonly bigint[])[] }>;
      }>;
    }>;
  };
}

const rivals = createRequire(path.join(FOLDER, 'rivals', 'package.json'));
const { DuckDBInstance }: DuckDb = rivals('@duckdb/node-api');
// Its limit is for one object, and a document is one.
const read = `read_json('${dump}', maximum_object_size = ${statSync(dump).size + 1024})`;
const OTLP = `
  WITH r AS (SELECT unnest("resourceSpans") AS r FROM ${read}), s AS (SELECT r.resource AS resource, unnest(r."scopeSpans") AS s FROM r),
    p AS (SELECT resource, s.scope AS scope, unnest(s.spans) AS p FROM s)
  SELECT resource, scope, p.* FROM p`;
const SELECTS: Readonly<Record<MadeFormat, string>> = {
  'otlp-json': OTLP,
  'otlp-jsonl': OTLP,
  jaeger: `
    WITH t AS (SELECT unnest(data) AS t FROM ${read}), p AS (SELECT t.processes AS processes, unnest(t.spans) AS p FROM t)
    SELECT processes, p.* FROM p`,
  zipkin: `SELECT * FROM ${read}`,
};

const connection = await (await DuckDBInstance.create(store)).connect();
await connection.run(`CREATE TABLE spans AS ${SELECTS[format as MadeFormat]}`);
await connection.run('CHECKPOINT');
const [[spans] = []] = (await connection.runAndReadAll('SELECT count(*) FROM spans')).getRows();
console.log(Number(spans));
