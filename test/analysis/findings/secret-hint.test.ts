import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayHoldSecret, mayHoldSecrets } from '../../../src/analysis/findings/secret-hint.ts';
import { findSecrets } from '../../../src/analysis/findings/secret-patterns.ts';
import { encodeAttributes } from '../../../src/encoding/attribute-text.ts';
import type { AttributeValue } from '../../../src/model/attributes.ts';

const NEEDLES = [
  '@',
  'eyJ',
  'AKIA',
  'ASIA',
  'AIza',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'github_pat_',
  'xoxa-',
  'xoxb-',
  'xoxp-',
  'xoxr-',
  'xoxs-',
  'rk_live_',
  'sk_test_',
  'npm_',
  'pypi-',
  '-BEGIN ',
  'earer ',
  '?access',
  '&Token',
  '?tO',
  '&pa',
  '?PASS',
  '&se',
  '?Sig',
  '4111111111111111',
  '4111 1111 1111 1111',
  '3782-822463-10005',
];

/** Digits, spaces and dashes around a number would change it. */
const around = fc.string({
  unit: fc.constantFrom(...Array.from('abkmrxehA?&_JKZ.ü/')),
  maxLength: 12,
});

test('no text that may hold a secret is passed over', () => {
  fc.assert(
    fc.property(around, fc.constantFrom(...NEEDLES), around, (before, needle, after) => {
      const text = `${before}${needle}${after}`;
      fc.pre(text.length >= 6);
      expect(mayHoldSecret(text)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

test.each([
  ['a short text', 'a@b.c'],
  ['a thread', 'http-nio-8080-exec-16'],
  ['a browser', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0'],
  ['a host', 'stock-db.example.internal'],
  ['hex', '382310b912c436ad199f916b'],
  ['a date', '2024-05-06 07:08'],
  ['a number with two dashes between digits', '4111--1111--1111--1111'],
])('%s is none', (_, text) => {
  expect(mayHoldSecret(text)).toBe(false);
  expect(findSecrets(text)).toEqual([]);
});

function hintsIn(attributes: readonly (readonly [string, AttributeValue])[]): boolean {
  const bytes = new TextEncoder().encode(encodeAttributes(new Map(attributes)));
  return mayHoldSecrets({ bytes, from: 0, to: bytes.length });
}

test('what may hold a secret by its text may hold one in the JSON of attributes', () => {
  const rest = fc.string({ unit: 'binary', maxLength: 5 });
  fc.assert(
    fc.property(rest, fc.constantFrom(...NEEDLES), rest, (before, needle, after) => {
      const text = before + needle + after;
      fc.pre(mayHoldSecret(text));
      expect(hintsIn([['key', text]])).toBe(true);
      expect(hintsIn([['key', ['x', text]]])).toBe(true);
    }),
  );
});

test('a map may hold a secret by its keys, plain attributes none', () => {
  expect(hintsIn([['headers', new Map([['authorization', 'x']])]])).toBe(true);
  expect(
    hintsIn([
      ['http.route', '/a/{id}'],
      ['n', 12n],
      ['share', 0.5],
      ['list', ['a', 'b']],
    ]),
  ).toBe(false);
});
