import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { UINT32, UINT32_PER_ROW } from '../../../src/encoding/span-batch.ts';
import { SpanBatchBuilder } from '../../../src/encoding/span-batch-builder.ts';
import { importBatches, importDump } from '../../../src/importers/import-dump.ts';
import { NO_RESOURCE, NO_SCOPE } from '../../../src/importers/span-builder.ts';
import { type ScannedSpans, spanScanner } from '../../../src/importers/span-scanner.ts';
import { rowsOf } from '../../helpers/batch-rows.ts';
import { drained } from '../../helpers/drained.ts';
import { dumpOf } from '../../helpers/import-bytes.ts';
import {
  jaegerDump,
  jaegerSpanText,
  jaegerTagsText,
  PLAIN_JAEGER_SPANS,
} from '../../helpers/plain-jaeger.ts';

const scanner = spanScanner();
if (scanner === null) throw new Error('there is no scanner: `npm run build` makes it');

let dumps = 0;

/** Reads spans from the beginning of a text, as of a dump of its own. */
function read(text: string | Uint8Array, method: 'read' | 'readButLast' = 'read') {
  const builder = new SpanBatchBuilder();
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  dumps += 2 ** 30;
  const at = { bytes, from: 0, end: bytes.length, offset: dumps, line: 1 };
  const spans: ScannedSpans | 'later' | null | undefined = scanner?.[method](
    'readJaegerSpans',
    at,
    builder,
    (rows) => {
      for (let row = 0; row < rows.length; row += UINT32_PER_ROW) {
        rows[row + UINT32.resource] = builder.resources.slotOf(NO_RESOURCE);
        rows[row + UINT32.scope] = builder.scopes.slotOf(NO_SCOPE);
        rows[row + UINT32.source] = builder.source('jaeger-json');
      }
    },
  );
  return { spans, builder };
}

describe('plain spans are read without the ordinary way', () => {
  test.each(Object.entries(PLAIN_JAEGER_SPANS))('%s', (_shows, span) => {
    for (const text of [span, span.replaceAll(/\n\s*/g, '')]) {
      expect(read(text).spans).toMatchObject({ count: 1, end: Buffer.byteLength(text) });
    }
  });
});

const ID = 'b7ad6b7169203331';
const PLAIN = jaegerSpanText(ID, '"flags":1');

describe('odd spans are left to the ordinary way', () => {
  test.each([
    ['no duration', PLAIN.replace('"duration":1500,', '')],
    ['no process', PLAIN.replace('"processID":"p1",', '')],
    ['a negative duration', PLAIN.replace('1500', '-1500')],
    ['a fraction of a microsecond', PLAIN.replace('1500', '1500.5')],
    ['a time past 2262', PLAIN.replace('1700000000000001', '9223372036854776')],
    ['an end past 2262', PLAIN.replace('1700000000000001', '9223372036854000')],
    ['a time in quotes', PLAIN.replace('1700000000000001', '"1700000000000001"')],
    ['an id of zeros', PLAIN.replace(ID, '0000000000000000')],
    ['an id in capitals', PLAIN.replace(ID, 'B7AD6B7169203331')],
    ['an id that is too long', PLAIN.replace(ID, `0${ID}`)],
    ['an id that is a name', PLAIN.replace(ID, 'span-1')],
    ['an unknown field', jaegerSpanText(ID, '"depth":1')],
    ['a field twice', jaegerSpanText(ID, '"duration":2')],
    ['a process inline', jaegerSpanText(ID, '"process":{"serviceName":"s"}')],
    ['a warning that is no text', jaegerSpanText(ID, '"warnings":[1]')],
    ['a reference with more to it', jaegerSpanText(ID, '"references":[{"spanID":"1","span":{}}]')],
    ['a reference to no trace', jaegerSpanText(ID, '"references":[{"traceID":"0","spanID":"1"}]')],
    ['a tag twice', jaegerTagsText(ID, '["a","string","1"]', '["a","string","1"]')],
    ['a taken tag twice', jaegerTagsText(ID, ...Array<string>(2).fill('["error","bool",true]'))],
    ['a tag without a type', jaegerSpanText(ID, '"tags":[{"key":"k","value":"v"}]')],
    ['a tag of an unknown type', jaegerTagsText(ID, '["k","map","v"]')],
    ['a tag whose value is of another type', jaegerTagsText(ID, '["k","bool","true"]')],
    ['a tag that is null', jaegerTagsText(ID, '["k","string",null]')],
    ['an unknown kind', jaegerTagsText(ID, '["span.kind","string","SERVER"]')],
    ['an unknown status', jaegerTagsText(ID, '["otel.status_code","string","UNSET"]')],
    ['a description of nothing', jaegerTagsText(ID, '["otel.status_description","string","d"]')],
    ['a version of nothing', jaegerTagsText(ID, '["otel.scope.version","string","1"]')],
    [
      'two scopes',
      jaegerTagsText(ID, '["otel.scope.name","string","a"]', '["otel.library.name","string","b"]'),
    ],
    ['a negative count', jaegerTagsText(ID, '["otel.dropped_links_count","int64",-1]')],
    [
      'two names of an event',
      jaegerSpanText(
        ID,
        '"logs":[{"timestamp":1,"fields":[{"key":"event","type":"string","value":"a"},{"key":"event","type":"string","value":"a"}]}]',
      ),
    ],
  ])('%s', (_what, text) => {
    const { spans, builder } = read(`${text},${PLAIN}`);
    expect(spans).toBeNull();
    expect(builder.length).toBe(0);
  });
});

test('a span that is cut off anywhere waits for the rest', () => {
  for (const text of Object.values(PLAIN_JAEGER_SPANS)) {
    const bytes = Buffer.from(text);
    for (let end = 1; end < bytes.length; end += 3) {
      const { spans, builder } = read(bytes.subarray(0, end));
      expect([spans, builder.length]).toEqual(['later', 0]);
    }
  }
});

test('the last span that is plain can be left', () => {
  const list = `${PLAIN}, ${PLAIN},${PLAIN}`;
  const last = list.length - PLAIN.length - 1;
  for (const text of [`${list}]`, `${list},{"odd":1}`, `${list},{"traceID":"`]) {
    const { spans, builder } = read(text, 'readButLast');
    expect(spans).toMatchObject({ count: 2, end: last });
    expect(builder.take().length).toBe(2);
  }
  const { spans, builder } = read(`${PLAIN}]`, 'readButLast');
  expect([spans, builder.length]).toEqual([null, 0]);
});

/** Mostly what Jaeger writes, sometimes what it would not. */
const anyId = fc.constantFrom('b7ad6b7169203331', 'b7ad6b7169203332', 'b7ad', '1', '0', '', 'x y');
const anyTraceId = fc.constantFrom(
  '0af7651916cd43dd8448eb211c80319c',
  '0af7651916cd43dd',
  'af7',
  '0',
);
const KEYS =
  'span.kind error otel.status_code otel.status_description http.status_message w3c.tracestate otel.scope.name ' +
  'otel.scope.version otel.library.name otel.library.version otel.dropped_links_count event a é http.status_code';
const TEXTS = 'server CLIENT true False OK Error unset 1.0 lib 5 é"x"\n';
const anyKey = fc.constantFrom(...KEYS.split(' '));
const anyText = fc.constantFrom('', ...TEXTS.split(' '));
const anyTag = fc.record({
  key: anyKey,
  type: fc.constantFrom('string', 'string', 'string', 'bool', 'int64', 'float64', 'binary'),
  value: fc.oneof(anyText, anyText, fc.boolean(), fc.integer(), fc.double(), fc.constant(null)),
});
const anyTags = fc.oneof(
  { weight: 4, arbitrary: fc.uniqueArray(anyTag, { maxLength: 6, selector: ({ key }) => key }) },
  { weight: 1, arbitrary: fc.array(anyTag, { maxLength: 6 }) },
);
const anyTime = fc.oneof(fc.nat(), fc.constant(1_700_000_000_000_001), fc.constant(-1));
const anySpan = fc.record(
  {
    traceID: anyTraceId,
    spanID: anyId,
    flags: fc.nat(4),
    operationName: anyText,
    references: fc.array(
      fc.record(
        {
          refType: fc.constantFrom('CHILD_OF', 'FOLLOWS_FROM'),
          traceID: anyTraceId,
          spanID: anyId,
        },
        { requiredKeys: ['spanID'] },
      ),
      { maxLength: 4 },
    ),
    startTime: anyTime,
    duration: anyTime,
    tags: anyTags,
    logs: fc.array(fc.record({ timestamp: anyTime, fields: anyTags }), { maxLength: 2 }),
    processID: fc.constantFrom('p1', 'p1', 'p2', 'p3'),
    warnings: fc.constantFrom(null, [], ['w']),
  },
  { requiredKeys: ['traceID', 'spanID', 'startTime', 'duration', 'processID'] },
);
const anyFrame = fc.record(
  { warnings: fc.constantFrom('null', '["of the trace"]'), areProcessesFirst: fc.boolean() },
  { requiredKeys: [] },
);

test('whatever spans say, they are those of the ordinary way', async () => {
  const traces = [
    fc.array(anySpan, { maxLength: 5 }),
    fc.array(anyFrame, { maxLength: 3 }),
  ] as const;
  await fc.assert(
    fc.asyncProperty(...traces, async (spans, frames) => {
      const text = jaegerDump(
        spans.map((span) => JSON.stringify(span)),
        frames,
      );
      const dump = () => dumpOf(Buffer.from(text));
      const ordinary = await drained(importDump(dump(), { format: 'jaeger-json' }));
      const builder = new SpanBatchBuilder();
      for (const span of ordinary.items.flat()) builder.add(span);
      const fast = await drained(importBatches(dump(), { format: 'jaeger-json' }));
      expect(fast.report).toEqual(ordinary.report);
      expect(rowsOf(fast.items)).toEqual(rowsOf([builder.take()]));
    }),
    { numRuns: 500 },
  );
}, 600_000);
