import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SpanBatchBuilder } from '../../src/encoding/span-batch-builder.ts';
import { type DumpReport, importBatches, importDump } from '../../src/importers/import-dump.ts';
import type { OpenDump } from '../../src/importers/open-dump.ts';
import { MADE_FORMATS, madeDump } from '../bench/made-dump.ts';
import { rowsOf } from '../helpers/batch-rows.ts';
import { CORPUS } from '../helpers/corpus.ts';
import { dumpOf } from '../helpers/import-bytes.ts';
import { PLAIN_SPANS, plainDump } from '../helpers/plain-otlp.ts';

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

/** Every kind of field that is read from bytes, and the same written on many lines. */
const SMALL = Buffer.from(plainDump(PLAIN_SPANS));
const PRETTY = Buffer.from(JSON.stringify(JSON.parse(plainDump(PLAIN_SPANS)), null, 1));

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
    const whole = await fromObjects(dumpOf(SMALL));
    for (let cut = 1; cut < SMALL.length; cut += 1) {
      const chunks = async function* () {
        yield SMALL.subarray(0, cut);
        yield SMALL.subarray(cut);
      };
      expect(await fromBytes({ ...dumpOf(SMALL), chunks })).toEqual(whole);
    }
  });

  test('a dump may end at any byte', async () => {
    for (let cut = 1; cut < SMALL.length; cut += 2) await expectSame(SMALL.subarray(0, cut));
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
  'true',
  '1e400',
  '"NaN"',
  '0.1e-7',
  '"0"',
  '+',
  '=',
  '\\ud83d\\ude00',
  '"droppedEventsCount":3,',
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
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(3),
    insert: fc.oneof(
      fc.constantFrom(...BITS),
      fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
    ),
  });
  const cases = fc.record({
    dump: fc.constantFrom(MADE, SMALL, PRETTY),
    edits: fc.array(edit, { minLength: 1, maxLength: 6 }),
    chunkBytes: fc.constantFrom(64 * 1024, 5000, 300),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ dump, edits, chunkBytes }) => {
      let bytes: Buffer = dump;
      for (const { at, remove, insert } of edits) {
        const from = Math.floor(at * bytes.length);
        bytes = Buffer.concat([bytes.subarray(0, from), insert, bytes.subarray(from + remove)]);
      }
      await expectSame(bytes, chunkBytes);
    }),
    { numRuns: 600 },
  );
}, 120_000);
