import { existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { candidatesFor, findByQuery } from '../../src/cli/find-by-query.ts';
import { readQuery } from '../../src/cli/typed-query.ts';
import { serviceName } from '../../src/model/span.ts';
import { connectionOf } from '../../src/store/connection.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { valueText } from '../../src/traceql/value.ts';
import { generateDump } from './generate-dump.ts';
import { measuredRun, median } from './measured-run.ts';

/** This file runs as a bundle three folders below the root, next to the other benchmarks. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FOLDER = path.join(ROOT, '.tracecli', 'bench');
const REPORTER = path.join(ROOT, 'test', 'bench', 'report-usage.cjs');
const CLI = path.join(ROOT, 'bin', 'tracecli.js');
const ROUNDS = 7;
/** Gives 20 spans a trace on average. */
const SPREAD = 29;

/** A question, what a user would ask DuckDB instead, and how long the answer may take. */
interface Question {
  readonly name: string;
  readonly query: string;
  /** Over `spans(trace_id, span_id, parent_span_id, service, name, kind, status, start_ns, duration_ns, attributes MAP)`. */
  readonly sql: string;
  readonly targetMs: number | null;
}

/** `address` is one that few spans have. */
function questions(address: string): readonly Question[] {
  return [
    {
      name: 'service, error, duration',
      query: '{ resource.service.name = "cart-api-0" && status = error && duration > 100ms }',
      sql: `SELECT count(DISTINCT trace_id) FROM spans WHERE service = 'cart-api-0' AND status = 'error' AND duration_ns > 100000000`,
      targetMs: 50,
    },
    {
      name: 'an attribute, a rare value',
      query: `{ .network.peer.address = "${address}" }`,
      sql: `SELECT count(DISTINCT trace_id) FROM spans WHERE attributes['network.peer.address'] = '${address}'`,
      targetMs: 100,
    },
    {
      name: 'an attribute and a status',
      query: '{ .http.response.status_code = 404 && status = error && duration > 100ms }',
      sql: `SELECT count(DISTINCT trace_id) FROM spans WHERE attributes['http.response.status_code'] = '404' AND status = 'error' AND duration_ns > 100000000`,
      targetMs: null,
    },
    {
      name: 'an error below a service',
      query: '{ resource.service.name = "cart-api-0" } >> { status = error }',
      sql: `WITH RECURSIVE below AS (
          SELECT trace_id, span_id FROM spans WHERE service = 'cart-api-0'
          UNION SELECT s.trace_id, s.span_id FROM spans s JOIN below b ON s.trace_id = b.trace_id AND s.parent_span_id = b.span_id
        ) SELECT count(DISTINCT s.trace_id) FROM spans s JOIN below b ON s.trace_id = b.trace_id AND s.parent_span_id = b.span_id
        WHERE s.status = 'error'`,
      targetMs: 2000,
    },
    {
      name: 'count of spans in every trace',
      query: '{ kind = client } | count() > 10',
      sql: `SELECT count(*) FROM (SELECT trace_id FROM spans WHERE kind = 'client' GROUP BY trace_id HAVING count(*) > 10)`,
      targetMs: null,
    },
  ];
}

interface Times {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function timed<T>(work: () => T | Promise<T>): Promise<Times & { readonly result: T }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, result };
}

/** A store of about `spans` spans, imported once. */
function benchStore(spans: number): Store {
  const file = path.join(FOLDER, `queries-${spans}.db`);
  if (!existsSync(file)) {
    const dump = path.join(FOLDER, `${spans}-short.otlp-jsonl`);
    if (!existsSync(dump)) generateDump('otlp-jsonl', spans, dump, 1, SPREAD);
    const usage = measuredRun(
      [CLI, 'import', dump, '--no-progress', '--json', '--store', file],
      REPORTER,
    );
    if (usage === null) throw new Error('the import failed');
  }
  // What the first query leaves behind for the others is to be measured too.
  const store = openStore(file, 'change');
  for (const table of ['chunk_digests', 'chunk_filters'])
    connectionOf(store).run(`DELETE FROM ${table}`);
  store.close();
  return openStore(file, 'read');
}

/** One address of many. */
function someAddress(store: Store): string {
  for (const spans of scanTraces(store)) {
    for (const { attributes } of spans) {
      const address = attributes.get('network.peer.address');
      if (typeof address === 'string') return address;
    }
  }
  throw new Error('no span has an address');
}

interface DuckDb {
  readonly table: (sql: string) => Promise<number>;
  readonly parquet: (sql: string) => Promise<number>;
}

/** DuckDB over the same spans, as a table in memory and as a Parquet file; null where it is not installed. */
async function duckDb(store: Store, spans: number): Promise<DuckDb | null> {
  const rivals = path.join(FOLDER, 'rivals');
  if (!existsSync(path.join(rivals, 'node_modules', '@duckdb', 'node-api'))) {
    console.log(`no DuckDB: npm install --prefix ${rivals} @duckdb/node-api\n`);
    return null;
  }
  const { DuckDBInstance } = createRequire(path.join(rivals, 'x.js'))('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const parquet = path.join(FOLDER, `queries-${spans}.parquet`);
  if (!existsSync(parquet)) {
    const lines = path.join(FOLDER, `queries-${spans}.ndjson`);
    writeLines(store, lines);
    const columns =
      "{trace_id:'VARCHAR',span_id:'VARCHAR',parent_span_id:'VARCHAR',service:'VARCHAR',name:'VARCHAR',kind:'VARCHAR',status:'VARCHAR',start_ns:'BIGINT',duration_ns:'BIGINT',attributes:'MAP(VARCHAR,VARCHAR)'}";
    await connection.run(
      `COPY (SELECT * FROM read_json('${lines}', format='newline_delimited', columns=${columns})) TO '${parquet}' (FORMAT parquet)`,
    );
    rmSync(lines);
  }
  await connection.run(`CREATE TABLE spans AS SELECT * FROM '${parquet}'`);
  const ask = async (sql: string) => {
    const reader = await connection.runAndReadAll(sql);
    return Number(reader.getRows()[0][0]);
  };
  return {
    table: ask,
    parquet: (sql) => ask(sql.replaceAll(/\b(FROM|JOIN) spans\b/g, `$1 '${parquet}'`)),
  };
}

function writeLines(store: Store, file: string): void {
  mkdirSync(FOLDER, { recursive: true });
  const target = openSync(file, 'w');
  for (const spans of scanTraces(store)) {
    let text = '';
    for (const span of spans) {
      text += `${JSON.stringify({
        trace_id: span.traceId,
        span_id: span.spanId,
        parent_span_id: span.parentSpanId,
        service: serviceName(span.resource),
        name: span.name,
        kind: span.kind,
        status: span.statusCode,
        start_ns: String(span.startUnixNano),
        duration_ns: span.durationNs,
        attributes: Object.fromEntries(
          Array.from(span.attributes, ([key, value]) => [key, valueText(value, false)]),
        ),
      })}\n`;
    }
    writeSync(target, text);
  }
}

/** Slow ones once. */
const SLOW_MS = 1500;

async function medianOf(work: () => unknown): Promise<Times> {
  const first = await timed(work);
  if (first.wallMs > SLOW_MS) return first;
  const rounds: Times[] = [first];
  for (let round = 1; round < ROUNDS; round++) rounds.push(await timed(work));
  return {
    wallMs: median(rounds.map(({ wallMs }) => wallMs)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
  };
}

const ms = (value: number) => value.toFixed(value < 10 ? 1 : 0);

async function benchQueries(spans: number): Promise<void> {
  const store = benchStore(spans);
  const asked = questions(someAddress(store));
  const digests = await timed(() => candidatesFor(store, [stagesOf('{ status = error }')], {}));
  console.log(
    `${spans} spans; the first query makes the digests of all chunks: ${ms(digests.wallMs)} ms\n`,
  );
  const duck = await duckDb(store, spans);
  console.log(
    '| query | traces | chunks read | candidates | ms | CPU ms | target ms | DuckDB table ms | DuckDB Parquet ms |\n|---|---|---|---|---|---|---|---|---|',
  );
  for (const { name, query, sql, targetMs } of asked) {
    const stages = stagesOf(query);
    const found = findByQuery(store, stages, {});
    const columns = found.steps.find(({ step }) => step === 'columns');
    const own = await medianOf(() => findByQuery(store, stages, {}));
    const traces = found.traceKeys.length;
    const rivals = duck === null ? ['', ''] : await duckTimes(duck, sql, traces);
    const chunks = columns ? `${columns.chunksRead} of ${columns.chunks}` : '';
    const cells = [name, traces, chunks, columns?.traces ?? '', ms(own.wallMs), ms(own.cpuMs)];
    console.log(`| ${[...cells, targetMs ?? '', ...rivals].join(' | ')} |`);
  }
  store.close();
}

async function duckTimes(
  { table, parquet }: DuckDb,
  sql: string,
  traces: number,
): Promise<string[]> {
  const check = (answer: number) => {
    if (answer !== traces) throw new Error(`DuckDB finds ${answer} traces, not ${traces}: ${sql}`);
  };
  const times = [
    await medianOf(async () => check(await table(sql))),
    await medianOf(async () => check(await parquet(sql))),
  ];
  return times.map(({ wallMs, cpuMs }) => `${ms(wallMs)} (CPU ${ms(cpuMs)})`);
}

function stagesOf(text: string) {
  const { query } = readQuery([text]);
  if (query.kind !== 'spans') throw new Error(`not a query for spans: ${text}`);
  return query.stages;
}

await benchQueries(Number(process.argv[2] ?? 1_000_000));
