import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scan } from '../../helpers/scan-json.ts';

/** As `text` writes what is read: integers past 2^53 are bigints. */
function written(given: unknown): string {
  return JSON.stringify(given, (_key, each: unknown) =>
    typeof each === 'number' && /^-?\d{16,}$/.test(String(each)) && !Number.isSafeInteger(each)
      ? `${BigInt(String(each))}n`
      : each,
  );
}

const messy =
  '\ufeff{"id":"\\u00e9\\\\\\"é€😀","rows":[{"cell":12345678901234567890,"x":{"y":[true,null]}},]}\r\n' +
  '{"id": zz, "rows": [{"cell": -1.5e3}\n{"id":"open\n{\n  "rows": [\n    {\n      "cell": {"a":\n    },\n' +
  '    {\n      "cell": 4\n    }\n  ]\n}\nnoise\n{"id":1736000000123456789}{"id":[';

test('a messy dump reads the same split at every byte', () => {
  const whole = scan(messy);
  expect(whole.length).toBeGreaterThan(12);
  const { length } = new TextEncoder().encode(messy);
  for (let size = 1; size < length; size += 1) expect(scan(messy, size)).toEqual(whole);
});

const documents = fc.array(
  fc.record({ id: fc.jsonValue(), rows: fc.array(fc.record({ cell: fc.jsonValue() })) }),
  { maxLength: 4 },
);
const layout = fc.record({
  indent: fc.constantFrom(0, 1, 2),
  between: fc.constantFrom('\n', '', '\r\n', ',\n'),
});
const damage = fc.array(
  fc.record({
    at: fc.nat(2000),
    removed: fc.nat(3),
    inserted: fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      '\n',
      'x',
      '9',
      '\0',
      '\n{',
    ),
  }),
  { maxLength: 4 },
);

test('any dump, whole or damaged, reads the same in any chunks', () => {
  fc.assert(
    fc.property(documents, layout, damage, fc.integer({ min: 1, max: 50 }), (...args) => {
      const [given, { indent, between }, edits, size] = args;
      let dump = given.map((each) => JSON.stringify(each, null, indent)).join(between);
      for (const { at, removed, inserted } of edits) {
        dump = dump.slice(0, at) + inserted + dump.slice(at + removed);
      }
      expect(scan(dump, size)).toEqual(scan(dump));
    }),
    { numRuns: 500 },
  );
});

test('any documents, however laid out, are read completely', () => {
  fc.assert(
    fc.property(documents, layout, (given, { indent, between }) => {
      const dump = given.map((each) => JSON.stringify(each, null, indent)).join(between);
      const read = scan(dump).filter((told) => !/^(?:key|row|end)/.test(told));
      const expected = given.flatMap(({ id, rows }) => [
        `id ${written(id)}`,
        ...rows.map(({ cell }) => `cell ${written(cell)}`),
      ]);
      expect(read.map((told) => told.replace(/ @\d+:\d+$/, ''))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

test('any bytes at all end without throwing', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 1, max: 40 }),
      (bytes, size) => {
        expect(scan(bytes, size)).toEqual(scan(bytes));
      },
    ),
  );
});
