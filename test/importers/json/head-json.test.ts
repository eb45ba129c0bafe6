import { expect, test } from 'vitest';
import { dumpHead } from '../../../src/importers/json/head-json.ts';

function valuesOf(text: string) {
  return dumpHead(new TextEncoder().encode(text), false).values;
}

test.each([
  ['one document', '{"a":1}', [{ a: 1 }]],
  [
    'a cut-off document',
    '{"resourceSpans":[{"resource":{"attr',
    [{ resourceSpans: [{ resource: {} }] }],
  ],
  ['a byte order mark', '\ufeff[1]', [[1]]],
  ['JSON lines', '{"a":1}\n{"b":2}\n{"c', [{ a: 1 }, { b: 2 }]],
  ['pretty-printed values', '{\n"a":1}\n{\n"b":2}', [{ a: 1 }, { b: 2 }]],
  ['a broken line before', '{oops\n{"a":1}', [{ a: 1 }]],
  ['a log line before', 'listening on 4317\n{"a":1}', [{ a: 1 }]],
  [
    'a broken document keeps what is before',
    '{"data":[{"spans":[1,]}]}',
    [{ data: [{ spans: [1] }] }],
  ],
  ['empty lists count', '[]', [[]]],
  ['text', 'hello {world}', []],
  ['HTML', '<html><body>\n</body>', []],
  ['nothing', '', []],
])('%s', (_what, text, values) => {
  expect(valuesOf(text)).toEqual(values);
});

test('bytes that are no text have no values', () => {
  expect(valuesOf('\n\u0004{"a":1}\u0012')).toEqual([]);
});

test('thousands of lines are not all parsed', () => {
  expect(valuesOf('{"a":1}\n'.repeat(10_000)).length).toBe(100);
  expect(valuesOf(`${'noise\n'.repeat(10_000)}{"a":1}`)).toEqual([]);
});
