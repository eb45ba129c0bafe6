import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SpanBatchBuilder } from '../../../src/encoding/span-batch-builder.ts';
import { type DumpReport, importBatches, importDump } from '../../../src/importers/import-dump.ts';
import type { OpenDump } from '../../../src/importers/open-dump.ts';
import { spanScanner } from '../../../src/importers/span-scanner.ts';
import { rowsOf } from '../../helpers/batch-rows.ts';
import { dumpOf } from '../../helpers/import-bytes.ts';

const scanner = spanScanner();
if (scanner === null) throw new Error('there is no scanner: `npm run build` makes it');

const SPAN = {
  traceId: '5af7183fb1d4cf5f0af7651916cd43dd',
  id: '352bff9a74ca9ad2',
  name: 'get /api',
  timestamp: 1_556_604_172_355_737,
  duration: 1431,
};

/** Spans that are read from their bytes. */
const PLAIN: Readonly<Record<string, object>> = {
  'what every span has': SPAN,
  'a short trace id and a short id': { ...SPAN, traceId: '48485a3953bb6124', id: '1' },
  'a parent': { ...SPAN, parentId: '6b221d5bc9e6496c' },
  'a short parent': { ...SPAN, parentId: 'abc', kind: 'SERVER' },
  'no parent': { ...SPAN, parentId: null, tags: null, annotations: null, localEndpoint: null },
  'a client': { ...SPAN, kind: 'CLIENT', shared: true },
  'the server of a shared id': { ...SPAN, kind: 'SERVER', shared: true },
  'a producer': { ...SPAN, kind: 'PRODUCER', shared: false, debug: false },
  'a consumer, asked for': { ...SPAN, kind: 'CONSUMER', debug: true },
  'a kind in a tag': { ...SPAN, tags: { 'span.kind': 'internal' } },
  'a kind in both': { ...SPAN, kind: 'CLIENT', tags: { a: 'b', 'span.kind': 'server' } },
  tags: { ...SPAN, tags: { 'http.path': '/ä "x" \\ \n', empty: '', '': 'no key', '9': 'nine' } },
  'no tags': { ...SPAN, tags: {}, annotations: [] },
  endpoints: {
    ...SPAN,
    localEndpoint: { serviceName: 'front "end"', ipv4: '10.1.2.3', port: 80 },
    remoteEndpoint: { port: 9000, ipv4: '192.168.99.255', serviceName: 'back' },
    tags: { a: 'b' },
  },
  'endpoints that say little': {
    ...SPAN,
    localEndpoint: { serviceName: '', port: 0 },
    remoteEndpoint: {},
  },
  'an error': { ...SPAN, tags: { error: 'true', a: 'b' } },
  'an error with a message': { ...SPAN, tags: { a: 'b', error: 'broken pipe' } },
  'an error with nothing': { ...SPAN, tags: { error: '' } },
  'a message in two places': {
    ...SPAN,
    tags: { error: 'boom', 'otel.status_description': 'boom', 'otel.status_code': 'ERROR' },
  },
  'a description of an error': { ...SPAN, tags: { 'otel.status_description': 'ß', error: 'true' } },
  'a status': { ...SPAN, tags: { 'otel.status_code': 'OK', 'http.status_message': 'Fine' } },
  'an unset status': {
    ...SPAN,
    tags: { 'otel.status_code': 'STATUS_CODE_UNSET', 'otel.status_description': '' },
  },
  'a scope': { ...SPAN, tags: { 'otel.scope.name': 'lib', 'otel.scope.version': '1.2' } },
  'a scope in both spellings': {
    ...SPAN,
    tags: { 'otel.library.name': 'lib', 'otel.scope.name': 'lib', a: 'b' },
  },
  'a trace state': { ...SPAN, kind: 'SERVER', shared: true, tags: { 'w3c.tracestate': 'a=b' } },
  annotations: {
    ...SPAN,
    annotations: [
      { timestamp: 1_556_604_172_355_740, value: 'ws' },
      { value: 'before | it "began"', timestamp: 1_556_604_172_355_000 },
      { timestamp: 1_556_604_172_355_741, value: '' },
    ],
    tags: { behind: 'annotations' },
  },
  'annotations with attributes': {
    ...SPAN,
    annotations: [
      {
        timestamp: 1_556_604_172_355_740,
        value:
          '"exception":{"exception.type":"E","exception.message":"a \\"b\\"\\n\\u00e9","n":12,"escaped":true}',
      },
    ],
  },
};

/** Spans that are left to the ordinary way. */
const ODD: Readonly<Record<string, object>> = {
  'no name': { ...SPAN, name: undefined },
  'no duration': { ...SPAN, duration: undefined },
  'a duration of 0': { ...SPAN, duration: 0 },
  'a duration with a fraction': { ...SPAN, duration: 1.5 },
  'a time in quotes': { ...SPAN, timestamp: '1556604172355737' },
  'an id of zeros': { ...SPAN, id: '0000000000000000' },
  'its own parent': { ...SPAN, parentId: SPAN.id },
  'a parent of zeros': { ...SPAN, parentId: '0000000000000000' },
  'an id in capitals': { ...SPAN, id: '352BFF9A74CA9AD2' },
  'a kind in small letters': { ...SPAN, kind: 'client' },
  'a tag that is a number': { ...SPAN, tags: { a: 1 } },
  'a link': { ...SPAN, tags: { 'otlp.link.0': 'a|b||{}|0' } },
  'a kind that is none': { ...SPAN, tags: { 'span.kind': 'both' } },
  'two messages': { ...SPAN, tags: { error: 'boom', 'otel.status_description': 'bang' } },
  'a version of no scope': { ...SPAN, tags: { 'otel.scope.version': '1' } },
  'a tag that an endpoint has too': {
    ...SPAN,
    remoteEndpoint: { serviceName: 'back' },
    tags: { 'service.peer.name': 'other' },
  },
  'an address that is none': { ...SPAN, localEndpoint: { ipv4: '10.0.0.01' } },
  'an address of version 6': { ...SPAN, localEndpoint: { ipv6: '::1' } },
  'an annotation of version 1': {
    ...SPAN,
    annotations: [{ timestamp: 1, value: 'cs', endpoint: { serviceName: 'a' } }],
  },
  'an annotation with the attributes of the collector': {
    ...SPAN,
    annotations: [{ timestamp: 5, value: 'name|{"a":1}|0' }],
  },
  'an annotation that only looks like one with attributes': {
    ...SPAN,
    annotations: [{ timestamp: 5, value: '"name"' }],
  },
  'a field of version 1': { ...SPAN, binaryAnnotations: [] },
  'an unknown field': { ...SPAN, more: 1 },
};

let dumps = 0;

function isTaken(text: string): boolean {
  const bytes = Buffer.from(text);
  dumps += 2 ** 30;
  const at = { bytes, from: 0, end: bytes.length, offset: dumps, line: 1 };
  const spans = scanner?.read('readZipkinSpans', at, new SpanBatchBuilder(), () => undefined);
  return spans !== null && spans !== 'later';
}

interface Read {
  readonly rows: readonly string[];
  readonly report: DumpReport | string;
}

async function drained<Item>(items: AsyncGenerator<Item, DumpReport>) {
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

async function fromBytes(dump: OpenDump): Promise<Read> {
  const { items, report } = await drained(importBatches(dump, { format: 'zipkin-v2' }));
  return { rows: rowsOf(items), report };
}

async function fromObjects(dump: OpenDump): Promise<Read> {
  const { items, report } = await drained(importDump(dump, { format: 'zipkin-v2' }));
  const builder = new SpanBatchBuilder();
  for (const span of items.flat()) builder.add(span);
  return { rows: rowsOf([builder.take()]), report };
}

async function expectSame(bytes: Uint8Array, chunkBytes = 64 * 1024): Promise<void> {
  const expected = await fromObjects(dumpOf(bytes, { chunkBytes }));
  expect(await fromBytes(dumpOf(bytes, { chunkBytes }))).toEqual(expected);
}

describe('plain spans are read from bytes as the ordinary way reads them', () => {
  test.each(Object.entries(PLAIN))('%s', async (_what, span) => {
    for (const text of [JSON.stringify(span), JSON.stringify(span, null, 2)]) {
      expect(isTaken(text)).toBe(true);
      await expectSame(Buffer.from(`[${text},${text}]`));
    }
  });
});

describe('odd spans are left to the ordinary way', () => {
  test.each(Object.entries(ODD))('%s', async (_what, span) => {
    const text = JSON.stringify(span);
    expect(isTaken(text)).toBe(false);
    await expectSame(Buffer.from(`[${JSON.stringify(SPAN)},${text},${JSON.stringify(SPAN)}]`));
  });
});

const LIST = Buffer.from(JSON.stringify(Object.values(PLAIN)));
const TRACES = Buffer.from(JSON.stringify([Object.values(PLAIN), Object.values(ODD)]));
const LINES = Buffer.from(
  Object.values(PLAIN)
    .map((span) => `${JSON.stringify(span)}\n`)
    .join(''),
);

test('a dump may be cut at any byte, into chunks or for good', async () => {
  const whole = await fromObjects(dumpOf(LIST));
  for (let cut = 1; cut < LIST.length; cut += 3) {
    const chunks = async function* () {
      yield LIST.subarray(0, cut);
      yield LIST.subarray(cut);
    };
    expect(await fromBytes({ ...dumpOf(LIST), chunks })).toEqual(whole);
    if (cut % 7 === 0) await expectSame(LIST.subarray(0, cut));
  }
}, 60_000);

const BITS = [
  '"',
  '\\',
  '\\u00e9',
  '\\ud83d',
  '\\u0000',
  '\0',
  'é',
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
  '1e3',
  '.5',
  'null',
  'true',
  '|{',
  '"name":"again",',
  '"tags":{"error":"x"},',
  '"error":"y",',
  '"otel.status_code":"Error",',
  '"kind":"CLIENT",',
  '"shared":true,',
  '"localEndpoint":{"serviceName":"s","ipv4":"1.2.3.4"},',
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
    dump: fc.constantFrom(LIST, TRACES, LINES),
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
    { numRuns: 400 },
  );
}, 120_000);
