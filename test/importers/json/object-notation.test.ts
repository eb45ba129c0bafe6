import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ObjectNotationError,
  parseObjectNotation,
} from '../../../src/importers/json/object-notation.ts';

describe('what Node.js prints is read back', () => {
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ unit: 'binary' }),
      fc.double({ noNaN: true }).map((number) => (number === 0 ? 0 : number)),
      fc.maxSafeInteger(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 8 }),
      fc.dictionary(fc.string(), tie('value'), { maxKeys: 5 }),
    ),
  })).value;

  test('whatever the values are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), plain), (object) => {
        const printed = inspect(object, { depth: 10 });
        expect(parseObjectNotation(printed)).toEqual({ ...object });
      }),
    );
  });

  test.each([
    ['a long text, broken into lines', { text: 'line\n'.repeat(40) }],
    ['quotes of three kinds', { text: `it's "so" \`called\`` }],
    ['an apostrophe', { text: "it's" }],
    ['control characters', { text: '\u0000\u001b[31m\t\\' }],
    ['numbers in columns', { list: Array.from({ length: 90 }, (_, i) => i * 1000) }],
    ['keys that need quotes', { 'http.route': 1, 'a b': 2, __proto__x: 3, 4: 5 }],
  ])('%s', (_, object) => {
    expect(parseObjectNotation(inspect(object, { depth: 3 }))).toEqual(object);
  });
});

test.each([
  ['undefined', '{ a: undefined }', { a: null }],
  [
    'what is too deep',
    '{ a: [Array], b: [Object], c: [Circular *1] }',
    { a: '[Array]', b: '[Object]', c: '[Circular *1]' },
  ],
  ['the rest of a list', '{ a: [\n 1,\n ... 19 more items\n] }', { a: [1, '... 19 more items'] }],
  ['the rest of a text', "{ a: 'xx'... 5 more characters }", { a: 'xx... 5 more characters' }],
  [
    'classes',
    '{ a: Resource { b: 1 }, c: [Object: null prototype] { d: 2 } }',
    { a: { b: 1 }, c: { d: 2 } },
  ],
  ['a cycle', '<ref *1> { a: 1 }', { a: 1 }],
  ['a Map', "{ a: Map(1) { 'k' => [ 1 ] } }", { a: { k: [1] } }],
  ['a Set', "{ a: Set(2) { 'x', 'y' } }", { a: { 0: 'x', 1: 'y' } }],
  ['a promise', '{ a: Promise { <pending> } }', { a: { 0: '<pending>' } }],
  ['a date', '{ a: 2024-01-12T14:57:40.147Z }', { a: '2024-01-12T14:57:40.147Z' }],
  ['a function', '{ a: [Function: next] }', { a: '[Function: next]' }],
  [
    'large integers',
    '{ a: 9007199254740993n, b: -3n, c: 1e+21 }',
    { a: 9007199254740993n, b: -3n, c: 1e21 },
  ],
  [
    'double quotes and a last comma, as in Deno and Bun',
    '{\n  a: "x",\n  b: [ "y" ],\n}',
    { a: 'x', b: ['y'] },
  ],
  ['the name of the prototype as a key', "{ ['__proto__']: 1 }", { ['__proto__']: 1 }],
])('%s', (_, text, expected) => {
  expect(parseObjectNotation(text)).toEqual(expected);
});

test.each([
  ['no end', '{ a: 1'],
  ['no end of a string', "{ a: 'x }"],
  ['no value', '{ a: , b: 1 }'],
  ['no comma', "{ a: 'x' b: 1 }"],
  ['more than an object', '{ a: 1 } x'],
  ['no object', '[ 1 ]'],
  ['nesting without end', `{ a: ${'['.repeat(200)}`],
])('%s is an error', (_, text) => {
  expect(() => parseObjectNotation(text)).toThrow(ObjectNotationError);
});
