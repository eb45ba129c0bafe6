import type { JsonObject, JsonValue } from './json/json-shape.ts';
import { sniffSignal } from './otlp/otlp-protobuf-signal.ts';
import { firstMessage } from './otlp/otlp-protobuf-stream.ts';
import { isJsonList, isJsonObject } from './read-field.ts';
import type { DumpHead } from './trace-format.ts';

/** A file that people take for a trace dump, or that needs a step before. */
export interface ForeignDump {
  /** With its article: `a Tempo search result`. */
  readonly what: string;
  /** What to do with the dump called `name`. */
  readonly fix: (name: string) => string;
}

interface KnownForeign extends ForeignDump {
  readonly matches: (head: DumpHead) => boolean;
}

/** What a dump is that no importer takes, null when that is not known either. */
export function foreignDump(head: DumpHead): ForeignDump | null {
  return KNOWN.find(({ matches }) => matches(head)) ?? null;
}

const EXPORT_TRACES = 'export the traces signal instead';

const KNOWN: readonly KnownForeign[] = [
  {
    what: 'Zstandard-compressed',
    fix: (name) => `zstd -d ${name}, then import the result`,
    matches: startsWith(0x28, 0xb5, 0x2f, 0xfd),
  },
  {
    what: 'gzip inside gzip',
    fix: (name) => `gunzip it once, or: zcat ${name} | tracecli import -`,
    matches: startsWith(0x1f, 0x8b),
  },
  {
    what: 'a ZIP archive',
    fix: (name) => `unzip ${name}, then import the files in it`,
    matches: startsWith(0x50, 0x4b, 0x03, 0x04),
  },
  {
    what: 'xz-compressed',
    fix: (name) => `xz -dc ${name} | tracecli import -`,
    matches: startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a),
  },
  {
    what: 'bzip2-compressed',
    fix: (name) => `bzip2 -dc ${name} | tracecli import -`,
    matches: startsWith(...ascii('BZh')),
  },
  {
    what: 'a Parquet file',
    fix: () => 'fetch the traces from the system that wrote it, or export them as OTLP',
    matches: startsWith(...ascii('PAR1')),
  },
  {
    what: 'a SQLite database',
    fix: (name) => `if it is a store of tracecli: tracecli --store ${name}`,
    matches: startsWith(...ascii('SQLite format 3')),
  },
  {
    what: 'UTF-16 text',
    fix: (name) => `iconv -f UTF-16 -t UTF-8 ${name} | tracecli import -`,
    matches: isUtf16,
  },
  {
    what: 'an HTML or XML page',
    fix: () => 'it may be a login or error page: check what was downloaded',
    matches: ({ bytes }) => /^\ufeff?\s*<(?:!doctype|!--|\?xml|[a-z])/i.test(startText(bytes)),
  },
  {
    what: 'OTLP protobuf with logs or metrics',
    fix: () => EXPORT_TRACES,
    matches: ({ bytes, values }) => values.length === 0 && isOtherSignal(bytes),
  },
  {
    what: 'a Tempo search result, which lists traces without their spans',
    fix: () => 'fetch each trace by its id from /api/traces/<traceID> and import that',
    matches: first((value) => firstIn(value['traces'], isSearchHit)),
  },
  {
    what: 'an answer of the SigNoz query API',
    fix: () => 'export the spans as OTLP, for example with a file exporter in the Collector',
    matches: first((value) => firstIn(value['result'], (result) => isJsonList(result['list']))),
  },
  {
    what: 'log records of an OpenTelemetry SDK',
    fix: () => EXPORT_TRACES,
    matches: (head) => first(isLogRecord)(head) || isPrintedLogRecord(head),
  },
  {
    what: 'a Chrome trace (trace events of a browser or profiler)',
    fix: () => 'open it in https://ui.perfetto.dev',
    matches: first((value) => isJsonList(value['traceEvents']) || isChromeEvent(value)),
  },
  {
    what: 'a Tracetest trace or test run',
    fix: () => 'export the trace from the tracing backend that the test reads it from',
    matches: first((value) => isTracetest(value) || isTestRun(value)),
  },
];

/** How much of a text is looked at. */
const START_BYTES = 4096;

/** Of UTF-16 either the mark shows, or every second byte of Latin text is 0. */
function isUtf16({ bytes }: DumpHead): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return bytes.length >= 4 && ((a === 0 && c === 0 && b !== 0) || (b === 0 && d === 0 && a !== 0));
}

function isOtherSignal(bytes: Uint8Array): boolean {
  const signal = sniffSignal(firstMessage(asBuffer(bytes)));
  return signal === 'logs' || signal === 'metrics';
}

function isSearchHit(hit: JsonObject): boolean {
  return 'traceID' in hit && ('rootServiceName' in hit || 'rootTraceName' in hit);
}

/** As the console exporters of OpenTelemetry JS and Python, and Go's stdoutlog, print them. */
function isLogRecord(record: JsonObject): boolean {
  const severities = [
    'severityNumber',
    'severityText',
    'severity_number',
    'severity_text',
    'Severity',
    'SeverityText',
  ];
  return ('body' in record || 'Body' in record) && severities.some((key) => key in record);
}

/** OpenTelemetry JS prints in the notation of JavaScript, without quotes around keys. */
function isPrintedLogRecord({ bytes }: DumpHead): boolean {
  const text = startText(bytes);
  return /^\s*\{\s/.test(text) && /\n {2}severity(?:Number|Text): /.test(text);
}

function isChromeEvent(event: JsonObject): boolean {
  return 'ph' in event && 'ts' in event && 'pid' in event;
}

function isTracetest(trace: JsonObject): boolean {
  return isJsonObject(trace['RootSpan']) && 'ID' in trace;
}

function isTestRun(run: JsonObject): boolean {
  return isJsonObject(run['test']) && 'serviceUnderTest' in run['test'];
}

/** Matches a dump whose first value, or first element if that is a list, is an object that `matches`. */
function first(matches: (value: JsonObject) => boolean): (head: DumpHead) => boolean {
  return ({ values: [value] }) =>
    isJsonList(value) ? firstIn(value, matches) : matchesObject(value, matches);
}

function firstIn(value: JsonValue | undefined, matches: (value: JsonObject) => boolean): boolean {
  return isJsonList(value) && matchesObject(value[0], matches);
}

function matchesObject(
  value: JsonValue | undefined,
  matches: (value: JsonObject) => boolean,
): boolean {
  return isJsonObject(value) && matches(value);
}

function startsWith(...magic: readonly number[]): (head: DumpHead) => boolean {
  return ({ bytes }) => magic.every((byte, index) => bytes[index] === byte);
}

function ascii(text: string): readonly number[] {
  return [...Buffer.from(text, 'ascii')];
}

function startText(bytes: Uint8Array): string {
  return asBuffer(bytes.subarray(0, START_BYTES)).toString('utf8');
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
