import { expect, test } from 'vitest';
import { operationPattern } from '../../src/verdict/operation-pattern.ts';

test.each([
  ['GET /user/123', 'GET /user/*'],
  ['GET /user/124/orders/9', 'GET /user/*/orders/*'],
  ['GET /user/{id}', 'GET /user/*'],
  ['GET /user/:id/orders', 'GET /user/*/orders'],
  ['GET /user/<int>', 'GET /user/*'],
  ['GET /file/550e8400-e29b-41d4-a716-446655440000', 'GET /file/*'],
  ['GET /blob/9f86d081884c7d659a2feaa0c55ad015', 'GET /blob/*'],
  ['GET /search?q=shoes&page=2', 'GET /search?…'],
  ['job 20260302', 'job *'],
  ['mail to someone@example.org', 'mail to *'],
])('%s is %s', (name, pattern) => {
  expect(operationPattern(name)).toBe(pattern);
});

test.each([
  'GET',
  'shop.Payment/Charge',
  'SELECT orders',
  'api/v1/query',
  'why? because',
  'std::sort',
  '',
])('%s stays', (name) => {
  expect(operationPattern(name)).toBe(name);
});
