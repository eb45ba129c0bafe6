import { expect, test } from 'vitest';
import { vocabularyOf, wordsOf } from '../../src/cli/known-words.ts';

const words = {
  services: ['web'],
  operations: ['GET /'],
  attributes: [
    { scope: 'span', name: 'http.method', values: ['GET', 'POST'] },
    { scope: 'resource', name: 'http.method', values: ['GET', 'PUT'] },
    { scope: 'event', name: 'http.method', values: ['never'] },
  ],
} as const;

test('words are the same after they have passed between threads', () => {
  expect(wordsOf(vocabularyOf(structuredClone(words)))).toEqual(words);
});

test('without a scope an attribute is one of the span or its resource', () => {
  expect(vocabularyOf(words).values('any', 'http.method')).toEqual(['GET', 'POST', 'PUT']);
  expect(vocabularyOf(words).values('event', 'http.method')).toEqual(['never']);
});
