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
import { drained } from '../helpers/drained.ts';
import { dumpOf } from '../helpers/import-bytes.ts';
import { everyJaegerDump, jaegerDump, PLAIN_JAEGER_SPANS } from '../helpers/plain-jaeger.ts';
import { PLAIN_SPANS, plainDump } from '../helpers/plain-otlp.ts';

interface Read {
  readonly rows: readonly string[];
  readonly report: DumpReport | string;
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

/** The same for Jaeger, and traces of which the processes and warnings come in every way. */
const JAEGER = jaegerDump(Object.values(PLAIN_JAEGER_SPANS));
const SMALL_JAEGER = Buffer.from(JAEGER.replaceAll(/\n\s*/g, ''));
const PRETTY_JAEGER = Buffer.from(JSON.stringify(JSON.parse(JAEGER), null, 4));
const JAEGER_TRACES = Buffer.from(everyJaegerDump());
const JAEGER_LINES = Buffer.from(everyJaegerDump().replaceAll(/\n\s+/g, ''));

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

  test.each([
    ['on many lines', JAEGER_TRACES],
    ['one to a line', JAEGER_LINES],
    ['with white space', PRETTY_JAEGER],
  ])('traces of Jaeger, %s', async (_how, dump) => {
    await expectSame(dump);
    await expectSame(dump, 700, 3);
  });

  test.each([
    ['OTLP', `${SMALL.toString()}\n${SMALL.toString()}`],
    ['Jaeger', `${SMALL_JAEGER.toString()}\n${SMALL_JAEGER.toString()}`],
  ])('in JSON lines of %s a record ends with its line', async (_format, lines) => {
    const second = lines.indexOf('\n') + 1;
    for (let at = lines.indexOf('{', second + 1); at !== -1; at = lines.indexOf('{', at + 1)) {
      await expectSame(Buffer.from(`${lines.slice(0, at)}\n${lines.slice(at)}`));
    }
  });

  test.each([
    ['OTLP', SMALL, 1],
    ['Jaeger', SMALL_JAEGER, 2],
    ['Jaeger', JAEGER_LINES, 11],
  ])('a chunk of %s may end at any byte', async (_format, dump, step) => {
    const whole = await fromObjects(dumpOf(dump));
    for (let cut = 1; cut < dump.length; cut += step) {
      const chunks = async function* () {
        yield dump.subarray(0, cut);
        yield dump.subarray(cut);
      };
      expect(await fromBytes({ ...dumpOf(dump), chunks })).toEqual(whole);
    }
  });

  test.each([
    ['OTLP', SMALL, 2],
    ['Jaeger', SMALL_JAEGER, 5],
    ['Jaeger', JAEGER_LINES, 29],
  ])('a dump of %s may end at any byte', async (_format, dump, step) => {
    for (let cut = 1; cut < dump.length; cut += step) await expectSame(dump.subarray(0, cut));
  });
});

const MADE = Buffer.from([...madeDump('otlp-jsonl', 12, 7)].join(''));
const MADE_JAEGER = Buffer.from([...madeDump('jaeger', 12, 7)].join(''));
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
  '"warnings":["w"],',
  '"processID":"p2",',
  '"references":[],',
  '"duration":7,',
  '{"key":"error","type":"bool","value":true},',
  '{"key":"error","type":"string","value":"some"},',
  '{"key":"event","type":"string","value":"e"},',
  '{"key":"otel.status_description","type":"string","value":"d"},',
  '{"key":"otel.scope.version","type":"string","value":"1"},',
  '{"refType":"FOLLOWS_FROM","spanID":"1"},',
  '"processes":{"p1":{"serviceName":"s"}},',
].map((text) => Buffer.from(text));

test.each([
  ['OTLP', [MADE, SMALL, PRETTY]],
  ['Jaeger', [MADE_JAEGER, SMALL_JAEGER, PRETTY_JAEGER, JAEGER_TRACES, JAEGER_LINES]],
])(
  'whatever is wrong with a dump of %s, both ways give the same spans and the same report',
  async (_format, dumps) => {
    const edit = fc.record({
      // Not a double: half of those between 0 and 1 are next to 0.
      at: fc.nat(100_000).map((place) => place / 100_000),
      remove: fc.nat(3),
      insert: fc.oneof(
        fc.constantFrom(...BITS),
        fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
      ),
    });
    const cases = fc.record({
      dump: fc.constantFrom(...dumps),
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
  },
  120_000,
);
