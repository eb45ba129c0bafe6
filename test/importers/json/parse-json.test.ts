import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../../src/importers/json/json-reader.ts';
import {
  JsonSyntaxError,
  parseExactly,
  parseJson,
} from '../../../src/importers/json/parse-json.ts';

describe('integers', () => {
  test.each([
    ['1736000000123456789', 1736000000123456789n],
    ['-9223372036854775808', -9223372036854775808n],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', 9007199254740992n],
    ['1484778331123456', 1484778331123456],
    ['18446744073709551615', 18446744073709551615n],
    ['0.30000000000000004', 0.30000000000000004],
    ['1e21', 1e21],
    ['-0', -0],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toBe(value);
    expect(parseJson(`[${text}]`)).toEqual([value]);
    expect(parseJson(`{"a": ${text} }`)).toEqual({ a: value });
  });

  test('digits in a string are no number', () => {
    expect(parseJson('{"time":"1736000000123456789"}')).toEqual({ time: '1736000000123456789' });
  });
});

test('__proto__ is a key like any other, also beside large integers', () => {
  for (const text of ['{"__proto__":{"x":1}}', '{"__proto__":{"x":9007199254740993}}']) {
    const value = parseJson(text);
    expect(Object.keys(value ?? {})).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  }
});

test('the exact parser agrees with JSON.parse on everything that has no large integers', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      fc.pre(!/\d{16}/.test(text));
      expect(parseExactly(text)).toEqual(JSON.parse(text));
    }),
  );
});

test('the exact parser accepts what JSON.parse accepts, and nothing else', () => {
  const pieces = [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"\\u00e9"',
    '"\\x"',
    '1',
    '-',
    '01',
    '1.5e-3',
    'true',
    'nul',
    ' ',
    '\n',
    '\t"',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (parts) => {
      const text = parts.join('');
      expect(outcome(() => parseExactly(text))).toEqual(outcome(() => JSON.parse(text)));
    }),
    { numRuns: 3000 },
  );
});

function outcome(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch {
    return 'refused';
  }
}

describe('where text stops being JSON', () => {
  test.each([
    ['{"a":1,}', 7, 'unexpected "}"'],
    ['[1 2]', 3, 'unexpected "2]"'],
    ['{a:1}', 1, 'unexpected "a:1}"'],
    ['["x\ny"]', 3, 'unexpected "\\ny\\"]"'],
    ['[1] x', 4, 'unexpected "x"'],
    ['[1,', 3, 'the text ends too early'],
    ['{"a":tru', 8, 'the text ends too early'],
    ['', 0, 'the text ends too early'],
  ])('%j', (text, offset, message) => {
    const error = caught(() => parseJson(text));
    expect(error).toBeInstanceOf(JsonSyntaxError);
    expect(error).toMatchObject({ offset, message });
  });
});

function caught(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('a text that is cut off keeps what was complete', () => {
  test.each([
    ['{"a":[1,2,{"b":"x', { a: [1, 2, {}] }],
    ['{"a":1,"b', { a: 1 }],
    ['[1,2', [1]],
    ['[tr', []],
    ['[-', []],
    ['{"a":"x\\', {}],
  ])('%s', (text, value) => {
    expect(readJson(text, 0)).toMatchObject({ value, fault: 'end' });
  });

  test('100,000 levels deep', () => {
    expect(readJson('['.repeat(100_000), 0).fault).toBe('end');
  });
});
