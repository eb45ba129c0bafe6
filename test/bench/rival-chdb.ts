import { createRequire } from 'node:module';
import path from 'node:path';
import { FOLDER } from './bench-folder.ts';
import type { MadeFormat } from './made-dump.ts';

/** ClickHouse's engine reads a dump into a table with a row for each span, and counts them. */
const [format = '', dump = '', store = ''] = process.argv.slice(2);

/** As far as it is used here; the package is only there for benchmarks. */
interface Chdb {
  readonly Session: new (path: string) => { query(sql: string, format?: string): string };
}

const VALUE =
  'Tuple(stringValue Nullable(String), intValue Nullable(Int64), doubleValue Nullable(Float64), boolValue Nullable(Bool))';
const KEY_VALUES = `Array(Tuple(key String, value ${VALUE}))`;
const OTLP_SPAN = `Tuple(traceId String, spanId String, parentSpanId String, name String, kind UInt8, startTimeUnixNano UInt64, endTimeUnixNano UInt64,
  attributes ${KEY_VALUES}, events Array(Tuple(timeUnixNano UInt64, name String, attributes ${KEY_VALUES})), status Tuple(code UInt8, message String))`;
const OTLP = {
  structure: `resourceSpans Array(Tuple(resource Tuple(attributes ${KEY_VALUES}), scopeSpans Array(Tuple(scope Tuple(name String, version String), spans Array(${OTLP_SPAN})))))`,
  select: `SELECT tupleElement(r, 'resource') AS resource, tupleElement(s, 'scope') AS scope, untuple(p)
    FROM dump ARRAY JOIN resourceSpans AS r ARRAY JOIN tupleElement(r, 'scopeSpans') AS s ARRAY JOIN tupleElement(s, 'spans') AS p`,
};
const TAGS = 'Array(Tuple(key String, type String, value Dynamic))';
const JAEGER_SPAN = `Tuple(traceID String, spanID String, flags UInt8, operationName String, references Array(Tuple(refType String, traceID String, spanID String)),
  startTime UInt64, duration UInt64, tags ${TAGS}, logs Array(Tuple(timestamp UInt64, fields ${TAGS})), processID String)`;
const READS: Readonly<Record<MadeFormat, { structure: string; select: string }>> = {
  'otlp-json': OTLP,
  'otlp-jsonl': OTLP,
  jaeger: {
    structure: `data Array(Tuple(traceID String, spans Array(${JAEGER_SPAN}), processes Map(String, Tuple(serviceName String, tags ${TAGS}))))`,
    select: `SELECT tupleElement(t, 'processes') AS processes, untuple(p) FROM dump ARRAY JOIN data AS t ARRAY JOIN tupleElement(t, 'spans') AS p`,
  },
  zipkin: {
    structure: `traceId String, parentId String, id String, kind String, name String, timestamp UInt64, duration UInt64,
      localEndpoint Tuple(serviceName String, ipv4 String), annotations Array(Tuple(timestamp UInt64, value String)), tags Map(String, String)`,
    select: 'SELECT * FROM dump',
  },
};

const { structure, select } = READS[format as MadeFormat];
const rivals = createRequire(path.join(FOLDER, 'rivals', 'package.json'));
const { Session }: Chdb = rivals('chdb');
const session = new Session(store);
const from = `file('${dump}', JSONEachRow, '${structure.replace(/\s+/g, ' ')}')`;
const query = select.replace('dump', from);
// A document is one row; cutting it for several threads would need more rows.
const settings = `SETTINGS input_format_parallel_parsing = ${format === 'otlp-json' || format === 'jaeger' ? 0 : 1}, allow_experimental_dynamic_type = 1, input_format_json_ignore_unknown_keys_in_named_tuple = 1`;
session.query('CREATE DATABASE bench');
session.query(
  `CREATE TABLE bench.spans ENGINE = MergeTree ORDER BY tuple() AS ${query} ${settings}`,
);
console.log(Number(session.query('SELECT count() FROM bench.spans', 'TabSeparated')));
