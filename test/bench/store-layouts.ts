import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type Connection, connectionOf, type SqlValue } from '../../src/store/connection.ts';
import { openStore } from '../../src/store/open-store.ts';
import { chunkKeys, readChunk } from '../../src/store/span-chunks.ts';
import {
  type SpanColumns,
  textLength,
  WORD,
  WORDS_PER_SPAN,
  wordOf,
} from '../../src/store/span-columns.ts';
import { sqlite } from '../../src/store/sqlite.ts';
import { FOLDER, removeStore } from './bench-folder.ts';
import { fillStore } from './fill-store.ts';

/** Puts the same spans into SQLite in several ways, and prints what each takes to write, to keep and to read. */

type Sqlite = InstanceType<typeof sqlite>;

/** Spans of one transaction. */
const BATCH = 8192;
/** How many traces are fetched with everything in them. */
const FETCHED = 200;

interface Layout {
  readonly name: string;
  readonly pageBytes?: number;
  readonly create: string;
  /** Made when all spans are in. */
  readonly index?: string;
  readonly write: (database: Sqlite, spans: SpanColumns) => void;
  /** Sums up all durations. */
  readonly scan: (database: Sqlite) => number;
  /** Brings every column of every span into memory; gives the bytes of texts. */
  readonly read: (database: Sqlite) => number;
  /** Bytes of the texts of a trace. */
  readonly fetch: (database: Sqlite, trace: number) => number;
}

const ROW_COLUMNS =
  'trace INTEGER, id BLOB, parent BLOB, start INTEGER, duration INTEGER, hash INTEGER, operation INTEGER, resource INTEGER, scope INTEGER, state INTEGER, texts TEXT';
const ROW_INDEX = 'CREATE UNIQUE INDEX by_trace ON spans (trace, id, hash)';
const ROWS = {
  write: writeRows,
  scan: (database: Sqlite) => numberOf(database, 'SELECT sum(duration) FROM spans'),
  read: (database: Sqlite) => {
    let bytes = 0;
    const statement = database.prepare('SELECT * FROM spans').raw().safeIntegers();
    for (const row of statement.iterate() as IterableIterator<unknown[]>)
      bytes += String(row.at(-1)).length;
    return bytes;
  },
  fetch: (database: Sqlite, trace: number) =>
    numberOf(
      database,
      'SELECT sum(length(texts)) FROM (SELECT texts FROM spans WHERE trace = ?)',
      trace,
    ),
};

const LAYOUTS: readonly Layout[] = [
  {
    name: 'a row a span, index afterwards',
    create: `CREATE TABLE spans (${ROW_COLUMNS})`,
    index: ROW_INDEX,
    ...ROWS,
  },
  {
    name: 'a row a span, index from the start',
    create: `CREATE TABLE spans (${ROW_COLUMNS}); ${ROW_INDEX}`,
    ...ROWS,
  },
  chunks('chunks of 64 spans', 64),
  chunks('chunks of 256 spans', 256),
  chunks('chunks of 1024 spans', 1024),
  { ...chunks('chunks of 256 spans, pages of 4 KiB', 256), pageBytes: 4096 },
  { ...chunks('chunks of 256 spans, pages of 16 KiB', 256), pageBytes: 16_384 },
  chunks(
    'chunks of 256 spans, texts deflated',
    256,
    (texts) => deflateRawSync(texts, { level: 1 }),
    (texts) => inflateRawSync(texts),
  ),
];

function chunks(
  name: string,
  size: number,
  pack = (texts: Buffer) => texts,
  unpack = (texts: Buffer) => texts,
): Layout {
  return {
    name,
    create: `CREATE TABLE chunks (chunk INTEGER PRIMARY KEY, ids BLOB, times BLOB, hashes BLOB, words BLOB, texts BLOB);
      CREATE TABLE places (trace INTEGER, chunk INTEGER, PRIMARY KEY (trace, chunk)) WITHOUT ROWID`,
    write: (database, spans) => {
      const insert = database.prepare('INSERT INTO chunks VALUES (NULL, ?, ?, ?, ?, ?)');
      const place = database.prepare('INSERT OR IGNORE INTO places VALUES (?, ?)');
      for (let first = 0; first < spans.length; first += size) {
        const end = Math.min(spans.length, first + size);
        const { lastInsertRowid } = insert.run(...chunkOf(spans, first, end, pack));
        for (let span = first; span < end; span++)
          place.run(wordOf(spans, span, WORD.trace), lastInsertRowid);
      }
    },
    scan: (database) => {
      let sum = 0;
      for (const [times] of rowsOf(database, 'SELECT times FROM chunks'))
        for (let at = 8; at < (times as Buffer).length; at += 16)
          sum +=
            (times as Buffer).readUInt32LE(at) + (times as Buffer).readInt32LE(at + 4) * 2 ** 32;
      return sum;
    },
    read: (database) => {
      let bytes = 0;
      const statement = database.prepare('SELECT * FROM chunks').raw();
      for (const row of statement.iterate() as IterableIterator<unknown[]>)
        bytes += unpack(row.at(-1) as Buffer).length;
      return bytes;
    },
    fetch: (database, trace) =>
      rowsOf(
        database,
        'SELECT c.ids, c.times, c.words, c.texts FROM places p JOIN chunks c USING (chunk) WHERE p.trace = ?',
        trace,
      ).reduce((sum, [, , , texts]) => sum + unpack(texts as Buffer).length, 0),
  };
}

function chunkOf(
  { ids, times, hashes, words, texts, ...spans }: SpanColumns,
  first: number,
  end: number,
  pack: (texts: Buffer) => Buffer,
): Buffer[] {
  const all = { ids, times, hashes, words, texts, ...spans };
  const from = wordOf(all, first, WORD.textAt);
  const to = wordOf(all, end - 1, WORD.textAt) + textLength(all, end - 1);
  return [
    bytesOf(ids.subarray(first * 4, end * 4)),
    bytesOf(times.subarray(first * 2, end * 2)),
    bytesOf(hashes.subarray(first, end)),
    bytesOf(words.subarray(first * WORDS_PER_SPAN, end * WORDS_PER_SPAN)),
    pack(texts.subarray(from, to)),
  ];
}

function writeRows(database: Sqlite, spans: SpanColumns): void {
  const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS TEXT))';
  const many = database.prepare(
    `INSERT OR IGNORE INTO spans VALUES ${Array(50).fill(row).join(', ')}`,
  );
  const one = database.prepare(`INSERT OR IGNORE INTO spans VALUES ${row}`);
  const ids = bytesOf(spans.ids);
  let values: SqlValue[] = [];
  for (let span = 0; span < spans.length; span++) {
    const textAt = wordOf(spans, span, WORD.textAt);
    values.push(
      wordOf(spans, span, WORD.trace),
      ids.subarray(span * 16, span * 16 + 8),
      ids.subarray(span * 16 + 8, span * 16 + 16),
      spans.times[span * 2] ?? 0n,
      spans.times[span * 2 + 1] ?? 0n,
      spans.hashes[span] ?? 0,
      wordOf(spans, span, WORD.operation),
      wordOf(spans, span, WORD.resource),
      wordOf(spans, span, WORD.scope),
      wordOf(spans, span, WORD.state),
      spans.texts.subarray(textAt, textAt + textLength(spans, span)),
    );
    if (values.length < 50 * 11) continue;
    many.run(values);
    values = [];
  }
  for (let at = 0; at < values.length; at += 11) one.run(values.slice(at, at + 11));
}

/** The spans of a store in batches, as an import writes them. */
function* batchesOf(connection: Connection): Generator<SpanColumns> {
  let parts: SpanColumns[] = [];
  for (const key of chunkKeys(connection)) {
    const chunk = readChunk(connection, key);
    if (chunk !== null) parts.push(chunk);
    if (parts.reduce((sum, part) => sum + part.length, 0) < BATCH) continue;
    yield joined(parts);
    parts = [];
  }
  if (parts.length > 0) yield joined(parts);
}

function joined(parts: readonly SpanColumns[]): SpanColumns {
  let shift = 0;
  const words = parts.map((part) => {
    const moved = part.words.slice();
    for (let at = WORD.textAt; at < moved.length; at += WORDS_PER_SPAN)
      moved[at] = (moved[at] ?? 0) + shift;
    shift += part.texts.length;
    return moved;
  });
  const times = new BigInt64Array(parts.flatMap((part) => [...part.times]));
  return {
    length: parts.reduce((sum, part) => sum + part.length, 0),
    ids: new Uint32Array(parts.flatMap((part) => [...part.ids])),
    times,
    timeHalves: new Int32Array(times.buffer),
    hashes: new Float64Array(parts.flatMap((part) => [...part.hashes])),
    words: new Uint32Array(words.flatMap((part) => [...part])),
    sources: new Uint32Array(0),
    texts: Buffer.concat(parts.map((part) => part.texts)),
    rare: new Map(),
  };
}

function measure(layout: Layout, source: Connection, traces: number): string[] {
  const file = path.join(FOLDER, 'layout.db');
  removeStore(file);
  const database = new sqlite(file);
  database.pragma(`page_size = ${layout.pageBytes ?? 8192}`);
  database.pragma('synchronous = NORMAL');
  database.exec(layout.create);
  let write = 0;
  for (const spans of batchesOf(source))
    write += cpuMillis(() => database.transaction(() => layout.write(database, spans))());
  const index = cpuMillis(() => database.exec(layout.index ?? ''));
  const scan = cpuMillis(() => layout.scan(database));
  const read = cpuMillis(() => layout.read(database));
  const fetch = cpuMillis(() => {
    for (let i = 0; i < FETCHED; i++)
      layout.fetch(database, 1 + Math.floor((i * traces) / FETCHED));
  });
  database.close();
  const megabytes = statSync(file).size / 1e6;
  removeStore(file);
  return [
    layout.name,
    ...[write, index, megabytes, scan, read, fetch].map((value) => value.toFixed(0)),
  ];
}

function cpuMillis(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function rowsOf(database: Sqlite, sql: string, ...parameters: number[]): unknown[][] {
  return database
    .prepare(sql)
    .raw()
    .all(...parameters) as unknown[][];
}

function numberOf(database: Sqlite, sql: string, ...parameters: number[]): number {
  return Number(rowsOf(database, sql, ...parameters)[0]?.[0] ?? 0);
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);
}

const spans = Number(process.argv[2] ?? 300_000);
mkdirSync(FOLDER, { recursive: true });
const file = path.join(FOLDER, 'layouts.db');
removeStore(file);
await fillStore(file, spans, 1);
const store = openStore(file, 'read');
const connection = connectionOf(store);
const [traces] = connection.first<readonly [bigint]>('SELECT count(*) FROM trace_rows') ?? [0n];
console.log(`\n${spans} spans, CPU ms\n`);
console.log(
  '| layout | write | index | MB | sum of all durations | read everything | fetch 200 traces |\n|---|---|---|---|---|---|---|',
);
for (const layout of LAYOUTS)
  console.log(`| ${measure(layout, connection, Number(traces)).join(' | ')} |`);
store.close();
removeStore(file);
