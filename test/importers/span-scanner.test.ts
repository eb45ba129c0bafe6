import { describe, expect, test } from 'vitest';
import { UINT32, UINT32_PER_ROW } from '../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import type { IssueCode } from '../../src/importers/import-issue.ts';
import type { BytesAt } from '../../src/importers/json/json-shape.ts';
import { parseJson } from '../../src/importers/json/parse-json.ts';
import { readOtlpSpan } from '../../src/importers/otlp/otlp-json-span.ts';
import { isJsonObject } from '../../src/importers/read-field.ts';
import { NO_RESOURCE, NO_SCOPE } from '../../src/importers/span-builder.ts';
import { type OwnRows, type ScannedSpans, spanScanner } from '../../src/importers/span-scanner.ts';
import { rowsOf } from '../helpers/batch-rows.ts';
import { PLAIN_SPANS } from '../helpers/plain-otlp.ts';

const scanner = spanScanner();
if (scanner === null) throw new Error('there is no scanner: `npm run build` makes it');

const FORMAT = 'otlp-json';

function ownerIn(builder: SpanBatchBuilder): OwnRows {
  return (rows) => {
    for (let row = 0; row < rows.length; row += UINT32_PER_ROW) {
      rows[row + UINT32.resource] = builder.resources.slotOf(NO_RESOURCE);
      rows[row + UINT32.scope] = builder.scopes.slotOf(NO_SCOPE);
      rows[row + UINT32.source] = builder.source(FORMAT);
    }
  };
}

let dumps = 0;

/** Reads from the beginning of a text; every text is another dump. */
function read(
  text: string | Uint8Array,
  builder: SpanBatchBuilder,
  at: Partial<BytesAt> = {},
): ScannedSpans | 'later' | null {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  dumps += 2 ** 30;
  const place = { bytes, from: 0, end: bytes.length, offset: dumps, line: 1, ...at };
  return scanner?.read('readOtlpSpans', place, builder, ownerIn(builder)) ?? null;
}

/** What the ordinary way makes of a span, with nothing to report. */
function ordinaryRows(text: string): string[] {
  const builder = new SpanBatchBuilder();
  const raw = parseJson(text);
  const reported: IssueCode[] = [];
  const context = { format: FORMAT, resource: NO_RESOURCE, scope: NO_SCOPE };
  const span = isJsonObject(raw) ? readOtlpSpan(raw, context, (code) => reported.push(code)) : null;
  expect(reported).toEqual([]);
  if (span !== null) builder.add(span);
  return rowsOf([builder.take()]);
}

const SPAN =
  '{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"n","startTimeUnixNano":"1","endTimeUnixNano":"2"}';

function spanWith(fields: string): string {
  return `${SPAN.slice(0, -1)},${fields}}`;
}

function spanWithValue(value: string): string {
  return spanWith(`"attributes":[{"key":"k","value":${value}}]`);
}

describe('plain spans are read, and give the row that the ordinary way gives', () => {
  test.each(Object.entries(PLAIN_SPANS))('%s', (_shows, span) => {
    for (const text of [span, span.replaceAll(/\n\s*/g, '')]) {
      const builder = new SpanBatchBuilder();
      expect(read(text, builder)).toMatchObject({ count: 1, end: Buffer.byteLength(text) });
      expect(rowsOf([builder.take()])).toEqual(ordinaryRows(text));
    }
  });
});

describe('odd spans are left to the ordinary way', () => {
  test.each([
    ['no end', SPAN.replace(',"endTimeUnixNano":"2"', '')],
    ['an end before the start', SPAN.replace('"2"', '"0"')],
    ['an id of zeros', SPAN.replace('b7ad6b7169203331', '0000000000000000')],
    ['an id in capitals', SPAN.replace('b7ad', 'B7AD')],
    ['an id of another length', SPAN.replace('b7ad', 'b7a')],
    ['a time of 2^63', SPAN.replace('"2"', '"9223372036854775808"')],
    ['an unknown field', spanWith('"more":1')],
    ['a field twice', spanWith('"name":"m"')],
    ['a field in both spellings', spanWith('"span_id":"b7ad6b7169203331"')],
    ['a kind beyond the last', spanWith('"kind":6')],
    ['flags beyond 32 bits', spanWith('"flags":4294967296')],
    ['an attribute twice', spanWith(`"attributes":[${'{"key":"k","value":{}},'.repeat(2)}]`)],
    [
      'an attribute twice in a map',
      spanWithValue('{"kvlistValue":{"values":[{"key":"a","value":{}},{"key":"a","value":{}}]}}'),
    ],
    ['an attribute without a value', spanWith('"attributes":[{"key":"k"}]')],
    ['a value of two types', spanWithValue('{"intValue":"1","stringValue":"a"}')],
    ['an integer past 64 bits', spanWithValue('{"intValue":"9223372036854775808"}')],
    ['an integer with zeros before it', spanWithValue('{"intValue":"01"}')],
    ['a double that is none', spanWithValue('{"doubleValue":"x"}')],
    ['base64 without padding', spanWithValue('{"bytesValue":"AQ"}')],
    ['base64 with bits left over', spanWithValue('{"bytesValue":"AR=="}')],
    ['a lone surrogate', spanWithValue('{"stringValue":"\\ud83d x"}')],
    ['a control character', spanWithValue('{"stringValue":"a\u0001"}')],
    [
      'nesting beyond reason',
      spanWithValue(`${'{"arrayValue":{"values":['.repeat(40)}${']}}'.repeat(40)}`),
    ],
  ])('%s', (_what, text) => {
    const builder = new SpanBatchBuilder();
    expect(read(`${text},${SPAN}`, builder)).toBeNull();
    expect(builder.length).toBe(0);
  });

  test.each([
    [[0xff]],
    [[0xc0, 0x80]],
    [[0xe0, 0x80, 0x80]],
    [[0xed, 0xa0, 0x80]],
    [[0xf4, 0x90, 0x80, 0x80]],
    [[0xf0, 0x9f, 0x98]],
  ])('bytes that are no UTF-8: %j', (bytes) => {
    const [before = '', behind = ''] = SPAN.split('"n"');
    const text = Buffer.concat([
      Buffer.from(`${before}"`),
      Buffer.from(bytes),
      Buffer.from(`"${behind}`),
    ]);
    expect(read(text, new SpanBatchBuilder())).toBeNull();
  });
});

test('a span that is cut off anywhere waits for the rest, and leaves no trace', () => {
  for (const text of Object.values(PLAIN_SPANS)) {
    const bytes = Buffer.from(text);
    const builder = new SpanBatchBuilder();
    for (let end = 1; end < bytes.length; end++) {
      expect(read(bytes.subarray(0, end), builder)).toBe('later');
    }
    expect(builder.length).toBe(0);
  }
});

test('spans of one list are read at once, up to the first odd one or the end of the line', () => {
  const builder = new SpanBatchBuilder();
  const plain = `${SPAN},${SPAN}, ${SPAN}`;
  const last = plain.length - SPAN.length;
  for (const text of [`${plain},{"odd":1}`, `${plain},\n${SPAN}`, `${plain}]`]) {
    const spans = read(text, builder, { offset: 7000 + dumps });
    expect(spans).toEqual({ count: 3, end: plain.length, lastOffset: expect.any(Number) });
    if (spans !== null && spans !== 'later') expect((spans.lastOffset - 7000) % 2 ** 30).toBe(last);
  }
  expect(builder.length).toBe(9);
});

test('more rows than the scanner holds, and a span that is too long for it', () => {
  const builder = new SpanBatchBuilder();
  const list = Buffer.from(`${SPAN},`.repeat(7000));
  for (let round = 0; round < 10; round++) {
    for (let from = 0; from < list.length; ) {
      const spans = read(list, builder, { from });
      if (spans === null || spans === 'later') throw new Error('a plain span was not read');
      from = spans.end + 1;
    }
  }
  const long = spanWithValue(`{"stringValue":"${'x'.repeat(2 ** 20)}"}`);
  expect(read(long, builder)).toBeNull();
  const batch = builder.take();
  expect(batch.length).toBe(70_000);
  expect(new Set(rowsOf([batch])).size).toBe(1);
});

test('two dumps that are read in turn keep their rows apart', () => {
  const builders = [new SpanBatchBuilder(), new SpanBatchBuilder()] as const;
  for (let round = 0; round < 3; round++) {
    builders.forEach((builder, index) => {
      read(SPAN.replace('"n"', `"${index}"`), builder);
    });
  }
  const batches = builders.map((builder) => builder.take());
  expect(batches.map(({ length, names }) => [length, ...names])).toEqual([
    [3, '0'],
    [3, '1'],
  ]);
});
