import { describe, expect, test } from 'vitest';
import { ImportOutput } from '../../src/importers/import-output.ts';
import { UserError } from '../../src/model/user-error.ts';
import { dumpOf, importWhole } from '../helpers/import-bytes.ts';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';

function line(...spanIds: string[]): string {
  const spans = spanIds.map((spanId) => ({
    traceId: TRACE_ID,
    spanId,
    name: 'op',
    startTimeUnixNano: '5',
    endTimeUnixNano: '9',
  }));
  return JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] });
}

function bytes(...lines: string[]): Uint8Array {
  return new TextEncoder().encode(lines.join('\n'));
}

test('spans come in batches, in the order of the dump', async () => {
  const dump = dumpOf(bytes(line('1', '2', '3'), line('4'), line('5')), { chunkBytes: 50 });
  const { spans, report, batches } = await importWhole(dump, { batchSize: 2 });
  expect(spans.map(({ spanId }) => Number(spanId))).toEqual([1, 2, 3, 4, 5]);
  expect(batches.every((size) => size <= 2)).toBe(true);
  expect(report).toEqual({
    name: 'dump',
    format: 'otlp-json',
    records: 5,
    split: 0,
    spans: 5,
    issues: [],
  });
});

test('bad records become issues, and every record is accounted for', async () => {
  const dump = dumpOf(bytes(line('1', 'zzz', '2'), '{broken', line('', '3'), '{"other":1}'));
  const { spans, report } = await importWhole(dump);
  expect(spans).toHaveLength(3);
  expect(report.records + report.split).toBe(spans.length + 3);
  expect(report.issues).toMatchObject([
    {
      code: 'span-id-missing',
      severity: 'dropped',
      count: 2,
      firstAt: { line: 1 },
      example: 'spanId: "zzz"',
    },
    { code: 'json-syntax', severity: 'dropped', count: 1, firstAt: { line: 2 } },
    { code: 'unrecognised-record', count: 1, firstAt: { line: 4 } },
  ]);
});

describe('a dump without spans', () => {
  test.each([
    ['{"resourceSpans":[]}', 0],
    ['{"data":[]}', 0],
    ['[]', 0],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"name":"x"}]}]}]}', 1],
  ])('%s is one all the same', async (text, records) => {
    const { spans, report } = await importWhole(dumpOf(bytes(text)));
    expect(spans).toEqual([]);
    expect(report.records).toBe(records);
  });

  test.each(['', ' \n\r\n\t', '\ufeff'])('%j is refused as empty', async (text) => {
    const importing = importWhole(dumpOf(bytes(text)));
    await expect(importing).rejects.toThrow(UserError);
    await expect(importing).rejects.toMatchObject({ kind: 'input', what: 'dump is empty' });
  });

  test('logs and metrics alone are refused, however long', async () => {
    const lines = Array(20_000).fill('{"resourceLogs":[{}]}\n{"resourceMetrics":[{}]}');
    await expect(importWhole(dumpOf(bytes(...lines)))).rejects.toMatchObject({
      kind: 'input',
      what: 'dump holds OTLP logs or metrics, no traces',
    });
  });

  test('logs before the traces are no reason to refuse', async () => {
    const lines = [...Array(20_000).fill('{"resourceLogs":[{}]}'), line('1')];
    const { spans, report } = await importWhole(dumpOf(bytes(...lines)));
    expect(spans).toHaveLength(1);
    expect(report.issues).toMatchObject([
      { code: 'other-signal', severity: 'noted', count: 20_000 },
    ]);
  });
});

test('--format is obeyed whatever the dump looks like', async () => {
  const { report } = await importWhole(dumpOf(bytes(line('1'))), { format: 'tempo-json' });
  expect(report).toMatchObject({ format: 'tempo-json', spans: 0 });
  expect(report.issues).not.toEqual([]);
  await expect(importWhole(dumpOf(bytes('x')), { format: 'nonsense' })).rejects.toMatchObject({
    kind: 'usage',
  });
});

test('damaged compression is an issue at the place where the bytes end', async () => {
  const whole = bytes(line('1'), '');
  const { spans, report } = await importWhole(dumpOf(whole, { damage: 'unexpected end of file' }));
  expect(spans).toHaveLength(1);
  expect(report.issues).toEqual([
    {
      code: 'truncated-input',
      severity: 'dropped',
      count: 1,
      firstAt: { byte: whole.length, line: null },
      example: 'unexpected end of file',
    },
  ]);
});

test('the source is closed when the importer stops early', async () => {
  let isClosed = false;
  const dump = dumpOf(bytes(line('1')));
  const importing = importWhole({
    ...dump,
    async *chunks() {
      try {
        yield bytes('no dump at all');
        yield bytes('more');
      } finally {
        isClosed = true;
      }
    },
  });
  await expect(importing).rejects.toThrow(UserError);
  expect(isClosed).toBe(true);
});

describe('ImportOutput', () => {
  test('issues of one code are one line: the earliest place, cut to 120 characters', () => {
    const output = new ImportOutput();
    output.issue('bad-field', { byte: 50, line: 3 }, 'later');
    output.issue('no-end', { byte: 20, line: 2 }, 'an end');
    output.issue('bad-field', { byte: 10, line: 1 }, 'x'.repeat(500));
    output.issue('bad-field', { byte: 60, line: 4 }, 'latest');
    expect(output.issues()).toEqual([
      {
        code: 'bad-field',
        severity: 'repaired',
        count: 3,
        firstAt: { byte: 10, line: 1 },
        example: `${'x'.repeat(119)}…`,
      },
      {
        code: 'no-end',
        severity: 'noted',
        count: 1,
        firstAt: { byte: 20, line: 2 },
        example: 'an end',
      },
    ]);
  });
});
