import { describe, expect, test } from 'vitest';
import { jaegerJson } from '../../../src/importers/jaeger/jaeger-json.ts';
import {
  issuesOf,
  onlySpan,
  PLAIN,
  spanWith,
  spanWithTags,
  type Tag,
  tagsOf,
} from '../../helpers/jaeger-span.ts';

describe('a tag becomes an attribute of its type', () => {
  test.each<[string, Tag, unknown]>([
    ['string', ['k', 'string', 'x'], 'x'],
    ['bool', ['k', 'bool', true], true],
    ['bool as text', ['k', 'bool', 'true'], true],
    ['bool as text in capitals', ['k', 'bool', 'False'], false],
    ['int64', ['k', 'int64', -5], -5n],
    [
      'int64 past 2^53, which Jaeger writes as text',
      ['k', 'int64', '9223372036854775222'],
      9223372036854775222n,
    ],
    ['int64 that is no integer stays text', ['k', 'int64', 'many'], 'many'],
    ['int64 beyond int64 stays text', ['k', 'int64', '9223372036854775808'], '9223372036854775808'],
    ['float64', ['k', 'float64', 1.5], 1.5],
    ['float64 without a fraction is a double', ['k', 'float64', 2], 2],
    ['float64 as text', ['k', 'float64', '72.5'], 72.5],
    ['float64 NaN as text', ['k', 'float64', 'NaN'], Number.NaN],
    ['float64 that is no number stays text', ['k', 'float64', ''], ''],
    ['binary as base64', ['k', 'binary', 'AAAwOQ=='], new Uint8Array([0, 0, 0x30, 0x39])],
    ['binary that is no base64 stays text', ['k', 'binary', '***'], '***'],
    ['string with a number', ['k', 'string', 7], '7'],
    ['no type: text', ['k', undefined, 'x'], 'x'],
    ['no type: whole number', ['k', undefined, 7], 7n],
    ['no type: fraction', ['k', undefined, 7.5], 7.5],
    ['unknown type: by the value', ['k', 'int', 1500], 1500n],
    ['null', ['k', 'string', null], null],
    ['no type: list', ['k', undefined, [1, 'a']], [1n, 'a']],
    ['no type: object', ['k', undefined, { a: true }], new Map([['a', true]])],
  ])('%s', (_case, tag, expected) => {
    expect(spanWithTags(tag).attributes.get('k')).toEqual(expected);
  });

  test('an integer past 2^53 in a dump that writes it as a number is exact', () => {
    const text = JSON.stringify([{ ...PLAIN, tags: tagsOf([['k', 'int64', 'BIG']]) }]);
    const span = onlySpan(jaegerJson, text.replace('"BIG"', '9223372036854775222'));
    expect(span.attributes.get('k')).toBe(9223372036854775222n);
  });

  test('of a key that occurs twice the last value wins in the position of the first', () => {
    const span = spanWithTags(['a', 'string', '1'], ['b', 'string', '2'], ['a', 'string', '3']);
    expect([...span.attributes]).toEqual([
      ['a', '3'],
      ['b', '2'],
    ]);
  });

  test.each(['__proto__', 'constructor', ''])('the key %o is a key like any other', (key) => {
    expect(spanWithTags([key, 'string', 'x']).attributes.get(key)).toBe('x');
  });

  test('a tag that is none is reported and the others are kept', () => {
    const tags = [7, { type: 'string', value: 'x' }, { key: 'k', type: 'string', value: 'x' }];
    expect([...spanWith({ tags }).attributes]).toEqual([['k', 'x']]);
    expect(issuesOf({ tags })).toEqual(['bad-field', 'bad-field']);
  });
});
