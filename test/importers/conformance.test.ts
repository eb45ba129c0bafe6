import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { findDumps, openDump } from '../../src/importers/open-dump.ts';
import type { Span } from '../../src/model/span.ts';
import { UserError } from '../../src/model/user-error.ts';
import { CORPUS } from '../helpers/corpus.ts';
import { importWhole } from '../helpers/import-bytes.ts';

/** What the corpus says of one of its dumps. */
interface Row {
  readonly path: string;
  readonly traces: number;
  /** Wire records, before any are split. */
  readonly spans: number;
}

const TRACES = path.join(CORPUS ?? '', 'traces');

/** The rows of a table with a header; none where there is no corpus. */
function table(name: string): readonly Readonly<Record<string, string>>[] {
  if (CORPUS === null) return [];
  const [header = '', ...lines] = readFileSync(path.join(TRACES, name), 'utf8').trim().split('\n');
  const names = header.split('\t');
  return lines.map((line) => {
    const cells = line.split('\t');
    return Object.fromEntries(names.map((each, index) => [each, cells[index] ?? '']));
  });
}

const rows: readonly Row[] = table('MANIFEST.tsv').map(({ path: name = '', traces, spans }) => ({
  path: name,
  traces: Number(traces),
  spans: Number(spans),
}));

function rowsIn(...folders: readonly string[]): readonly Row[] {
  return rows.filter((row) => folders.some((folder) => row.path.startsWith(`${folder}/`)));
}

/** Dumps that are taken otherwise than the corpus counts them. */
const EXCEPTIONS: Readonly<Record<string, { traces: number; records: number; reason: string }>> = {
  'otlp/jaegertracing_jaeger__clickhouse-ptrace.json': {
    traces: 0,
    records: 1,
    reason: 'the ids of its only span are empty',
  },
  'otlp/opensearch-project_data-prepper__test-request-multiple-traces-26k.json': {
    traces: 3,
    records: 13,
    reason:
      'spans stand under the old and the new name of a list side by side; the corpus counts one of the two',
  },
};

/** A dump or a directory of them. */
async function importAll(name: string, format = 'auto') {
  const spans: Span[] = [];
  const codes: string[] = [];
  let records = 0;
  let used = '';
  for (const file of await findDumps([path.join(TRACES, name)])) {
    const imported = await importWhole(openDump(file), { format });
    for (const span of imported.spans) spans.push(span);
    codes.push(...imported.report.issues.map(({ code }) => code));
    records += imported.report.records;
    used = imported.report.format;
  }
  return {
    spans,
    codes,
    records,
    format: used,
    traces: new Set(spans.map((span) => span.traceId)).size,
  };
}

async function refusal(name: string): Promise<UserError> {
  try {
    await importAll(name);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error(`${name} was accepted`);
}

describe.skipIf(CORPUS === null)('dumps of the corpus', () => {
  test('the corpus is there and says of every dump what it holds', () => {
    expect(rows.length).toBeGreaterThan(150);
    expect(rows.every(({ traces, spans }) => Number.isInteger(traces) && spans >= traces)).toBe(
      true,
    );
  });

  const odd = rowsIn('malformed', 'not-a-trace', 'custom', 'expected');
  const plain = rows.filter((row) => !odd.includes(row));

  test.each(plain)('$path gives its traces and records', async ({ path: name, traces, spans }) => {
    const expected = EXCEPTIONS[name] ?? { traces, records: spans };
    const detected = await importAll(name);
    expect({ traces: detected.traces, records: detected.records }).toEqual({
      traces: expected.traces,
      records: expected.records,
    });
    const named = await importAll(name, detected.format);
    expect(named.spans.map(identity)).toEqual(detected.spans.map(identity));
  });

  test('exceptions are exceptions still', () => {
    for (const [name, { traces, records }] of Object.entries(EXCEPTIONS)) {
      const row = rows.find((each) => each.path === name);
      if (row !== undefined) expect([row.traces, row.spans]).not.toEqual([traces, records]);
    }
  });

  test.each(rowsIn('not-a-trace'))('$path is refused by its name', async ({ path: name }) => {
    const { kind, what, fix } = await refusal(name);
    expect(kind).toBe('input');
    expect(what).toMatch(/(?:, not a trace dump|, no traces)$/);
    expect(fix).not.toBeNull();
  });

  test.each(rowsIn('custom'))(
    '$path is imported or refused, never empty',
    async ({ path: name }) => {
      const outcome = await importAll(name).catch((error: unknown) => error);
      if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
      else expect(outcome).not.toMatchObject({ traces: 0 });
    },
  );

  // Test cases of Jaeger's UI: each wraps a trace together with the answer that is expected for it. No program writes such a file.
  test.each(rowsIn('expected'))('$path, which is no dump, is refused', async ({ path: name }) => {
    expect((await refusal(name)).where).not.toEqual([]);
  });
});

/** What importing a damaged dump should come to; of those that are not in the corpus nothing is asked. */
const DAMAGED: readonly {
  file: string;
  spans: number;
  codes: readonly string[];
  wanted: string;
}[] = [
  {
    file: 'jaegertracing_jaeger__trace_scan_error.json',
    spans: 2,
    codes: ['json-syntax'],
    wanted: 'a trailing comma costs nothing',
  },
  {
    file: 'jaegertracing_jaeger__trace_invalid_json.json',
    spans: 2,
    codes: ['bad-field', 'no-end'],
    wanted: 'a duration that is no number is left out',
  },
  {
    file: 'jaegertracing_jaeger__trace_wrong_format.json',
    spans: 1,
    codes: [],
    wanted: 'a span alone with its process inline',
  },
  {
    file: 'smithclay_otlp2parquet__trace_invalid_base64.json',
    spans: 0,
    codes: ['trace-id-missing'],
    wanted: 'damaged ids cost the span',
  },
  {
    file: 'smithclay_otlp2parquet__trace_invalid_kind.json',
    spans: 1,
    codes: ['bad-field'],
    wanted: 'an unknown kind costs only the kind',
  },
  {
    file: 'xtergo_robotframework-trace-report__ndjson-malformed_trace.json',
    spans: 3,
    codes: ['json-syntax', 'unrecognised-record'],
    wanted: 'broken lines cost themselves',
  },
];

const damagedRows = rowsIn('malformed');
const damaged = DAMAGED.filter(({ file }) => damagedRows.some((row) => row.path.endsWith(file)));

describe.skipIf(CORPUS === null)('damaged dumps of the corpus', () => {
  test.each(damaged)('$wanted', async ({ file, spans, codes }) => {
    const imported = await importAll(`malformed/${file}`);
    expect(imported.spans).toHaveLength(spans);
    expect(imported.codes).toEqual(codes);
  });

  test.each(damagedRows)('$path is imported or refused, never a crash', async ({ path: name }) => {
    const outcome = await importAll(name).catch((error: unknown) => error);
    if (outcome instanceof Error) expect(outcome).toBeInstanceOf(UserError);
  });
});

const pairs = table('PAIRS.tsv').map(({ file_a: a = '', file_b: b = '', spans_a: count }) => ({
  a,
  b,
  count: Number(count),
}));

describe.skipIf(CORPUS === null)('the same trace in two formats', () => {
  test('the corpus has pairs', () => {
    expect(pairs.length).toBeGreaterThan(4);
  });

  test.each(pairs)('$a and $b', async ({ a, b, count }) => {
    const [one, other] = [await importAll(a), await importAll(b)];
    expect(one.spans).toHaveLength(count);
    expect(one.spans.map(common).sort(byCodeUnit)).toEqual(
      other.spans.map(common).sort(byCodeUnit),
    );
  });
});

function identity({ traceId, spanId, parentSpanId, startUnixNano, durationNs }: Span): string {
  return [traceId, spanId, parentSpanId, startUnixNano, durationNs].join(' ');
}

/** What a span is in every format: those of Jaeger and Zipkin count in microseconds. */
function common({ traceId, spanId, parentSpanId, name, startUnixNano, durationNs }: Span): string {
  const micros = [startUnixNano / 1000n, Math.floor(durationNs / 1000)];
  return [traceId, spanId, parentSpanId, name, ...micros].join(' ');
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
