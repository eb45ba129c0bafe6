import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  INT64_PER_ROW,
  type SpanBatch,
  UINT32,
  UINT32_PER_ROW,
} from '../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import { type DumpReport, importBatches, importDump } from '../../src/importers/import-dump.ts';
import type { OpenDump } from '../../src/importers/open-dump.ts';
import { MADE_FORMATS, madeDump } from '../bench/made-dump.ts';
import { CORPUS } from '../helpers/corpus.ts';
import { dumpOf } from '../helpers/import-bytes.ts';

/** A row with everything that it refers to, in a form that does not depend on the batch. */
function rowText(batch: SpanBatch, row: number): string {
  const at = row * UINT32_PER_ROW;
  const column = (index: number) => batch.uint32[at + index] ?? 0;
  const textAt = column(UINT32.textAt);
  const lengths = [UINT32.attributes, UINT32.events, UINT32.links].map(column);
  const end = lengths.reduce((sum, length) => sum + length, textAt);
  return JSON.stringify([
    batch.traces[column(UINT32.trace)],
    [...batch.int64.subarray(row * INT64_PER_ROW, (row + 1) * INT64_PER_ROW)].map(String),
    batch.names[column(UINT32.name)],
    batch.resources[column(UINT32.resource)],
    batch.scopes[column(UINT32.scope)],
    batch.sources[column(UINT32.source)],
    [UINT32.kind, UINT32.status, UINT32.timeFlags, UINT32.flags].map(column),
    lengths,
    Buffer.from(batch.text.subarray(textAt, end)).toString('utf8'),
    batch.hashes[row],
    batch.rare.get(row) ?? null,
  ]);
}

function rowsOf(batches: readonly SpanBatch[]): string[] {
  return batches
    .flatMap((batch) => Array.from({ length: batch.length }, (_, row) => rowText(batch, row)))
    .sort();
}

interface Read {
  readonly rows: readonly string[];
  readonly report: DumpReport | string;
}

async function drained<Item>(
  items: AsyncGenerator<Item, DumpReport>,
): Promise<{ items: Item[]; report: DumpReport | string }> {
  const all: Item[] = [];
  try {
    for (;;) {
      const next = await items.next();
      if (next.done === true) return { items: all, report: next.value };
      all.push(next.value);
    }
  } catch (error) {
    return { items: all, report: String(error) };
  }
}

async function fromBytes(dump: OpenDump, batchSize?: number): Promise<Read> {
  const { items, report } = await drained(
    importBatches(dump, { format: 'auto', ...(batchSize !== undefined && { batchSize }) }),
  );
  return { rows: rowsOf(items), report };
}

/** The plain way: every span parsed by JSON.parse and made an object, then encoded. */
async function fromObjects(dump: OpenDump): Promise<Read> {
  const { items, report } = await drained(importDump(dump, { format: 'auto' }));
  const builder = new SpanBatchBuilder();
  for (const span of items.flat()) builder.add(span);
  return { rows: rowsOf([builder.take()]), report };
}

async function expectSame(bytes: Uint8Array, chunkBytes?: number, batchSize?: number) {
  const options = chunkBytes === undefined ? {} : { chunkBytes };
  const [plain, fast] = [
    await fromObjects(dumpOf(bytes, options)),
    await fromBytes(dumpOf(bytes, options), batchSize),
  ];
  expect(fast).toEqual(plain);
}

/** Every kind of field that is read from bytes. */
const SMALL = JSON.stringify({
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: '0af7651916cd43dd8448eb211c80319c',
              spanId: 'b7ad6b7169203331',
              name: 'é "x"',
              kind: 2,
              startTimeUnixNano: '1755600000000000001',
              endTimeUnixNano: '1755600000000000009',
              attributes: [{ key: 'a', value: { doubleValue: 1.5 } }],
              events: [{ timeUnixNano: '1755600000000000000', name: 'e' }],
              status: { code: 2, message: 'no' },
            },
          ],
          schemaUrl: 'https://opentelemetry.io/schemas/1.37.0',
        },
      ],
    },
  ],
});

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

describe('spans taken from bytes equal those of parsed objects', () => {
  test.each(filesBelow(FIXTURES).map((file) => [path.relative(FIXTURES, file), file]))(
    'fixture %s',
    async (_name, file) => {
      await expectSame(readFileSync(file));
      await expectSame(readFileSync(file), 700, 3);
    },
  );

  test.skipIf(CORPUS === null)(
    'every dump of the corpus (TRACECLI_CORPUS)',
    async () => {
      for (const file of filesBelow(path.join(CORPUS ?? '', 'traces'))) {
        await expectSame(readFileSync(file));
      }
    },
    120_000,
  );

  test.each(MADE_FORMATS)('a made dump of %s', async (format) => {
    const bytes = Buffer.from([...madeDump(format, 3000)].join(''));
    await expectSame(bytes, 64 * 1024, 500);
  });

  test('a chunk may end at any byte', async () => {
    const bytes = Buffer.from(`${SMALL}\n${SMALL}`);
    const whole = await fromObjects(dumpOf(bytes));
    for (let cut = 1; cut < bytes.length; cut += 1) {
      const dump = dumpOf(bytes);
      const chunks = async function* () {
        yield bytes.subarray(0, cut);
        yield bytes.subarray(cut);
      };
      expect(await fromBytes({ ...dump, chunks })).toEqual(whole);
    }
  });
});

const MADE = Buffer.from([...madeDump('otlp-jsonl', 12, 7)].join(''));
const BITS = [
  '"',
  '\\',
  '\\u00e9',
  '\\u003c',
  '\\u0007',
  '\\ud83d',
  '\\/',
  '\ud83e\udd8a',
  'é',
  '\0',
  '\n',
  ' ',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '0',
  '-',
  '-0',
  '1e3',
  '.5',
  '12345678901234567890',
  'null',
  '"flags":257,',
  '"traceState":"a=b",',
  '"kind":"SPAN_KIND_CLIENT",',
  '"name":"again",',

  '{"key":"k","value":{"arrayValue":{"values":[{"intValue":"1"},{}]}}},',
  '{"key":"","value":{}},',
  '{"key":"d","value":{"doubleValue":1}},',
  '{"key":"d","value":{"doubleValue":1e21}},',
  '"links":[{"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331"}],',
].map((text) => Buffer.from(text));

test('whatever is wrong with a dump, both ways give the same spans and the same report', async () => {
  const edit = fc.record({
    at: fc.nat(MADE.length),
    remove: fc.nat(3),
    insert: fc.oneof(
      fc.constantFrom(...BITS),
      fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    ),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
      let bytes = MADE;
      for (const { at, remove, insert } of edits) {
        bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);
      }
      await expectSame(bytes);
    }),
    { numRuns: 400 },
  );
}, 120_000);
