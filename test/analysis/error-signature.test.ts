import { expect, test } from 'vitest';
import { errorSignature, saysCancelled } from '../../src/analysis/error-signature.ts';
import type { SpanEvent } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';
import { type SpanParts, spanOf } from '../helpers/span-of.ts';

function exception(type: string, message = ''): SpanEvent {
  return {
    timeUnixNano: unixNano(0n),
    name: 'exception',
    attributes: new Map([
      ['exception.type', type],
      ['exception.message', message],
    ]),
    droppedAttributes: 0,
  };
}

const HTTP: SpanParts = { attributes: { 'http.status_code': 503n } };

test.each<[string, SpanParts, string]>([
  [
    'the last exception',
    { ...HTTP, events: [exception('Retry'), exception('Timeout')] },
    'Timeout',
  ],
  [
    'error.type before codes',
    { attributes: { 'error.type': 'Boom', 'http.status_code': 503n } },
    'Boom',
  ],
  ['HTTP status', HTTP, 'HTTP 503'],
  [
    'HTTP status before gRPC',
    { attributes: { 'http.status_code': '404', 'rpc.grpc.status_code': 5n } },
    'HTTP 404',
  ],
  [
    'a good HTTP status says nothing',
    { attributes: { 'http.status_code': 200n }, statusMessage: 'bad' },
    'bad',
  ],
  ['gRPC status', { attributes: { 'rpc.grpc.status_code': 14n } }, 'gRPC 14'],
  ['gRPC OK says nothing', { attributes: { 'rpc.grpc.status_code': 0n } }, 'error'],
  [
    'numbers',
    { statusMessage: 'dial tcp 10.0.0.7:5432: timeout after 30s' },
    'dial tcp <n>: timeout after <n>s',
  ],
  ['a UUID', { statusMessage: 'no order 6ba7b810-9dad-11d1-80b4-00c04fd430c8' }, 'no order <uuid>'],
  ['hex', { statusMessage: 'trace 5b8efff798038103 at 0xdeadBEEF' }, 'trace <hex> at <hex>'],
  ['a word of hex letters stays', { statusMessage: 'defaced facade' }, 'defaced facade'],
  ['quoted text', { statusMessage: `column "user 7" of 'cart'` }, 'column "…" of "…"'],
  ['only the first line', { statusMessage: 'failed\n  at main.js:10' }, 'failed'],
  ['nothing', {}, 'error'],
])('signature by %s', (_, parts, expected) => {
  expect(errorSignature(spanOf(parts))).toBe(expected);
});

test('a long message is cut to 120 characters', () => {
  const signature = errorSignature(spanOf({ statusMessage: 'é'.repeat(500) }));
  expect(Array.from(signature)).toHaveLength(120);
  expect(signature.endsWith('é…')).toBe(true);
});

test.each<[string, SpanParts, boolean]>([
  ['gRPC CANCELLED by number', { attributes: { 'rpc.grpc.status_code': 1n } }, true],
  ['gRPC CANCELLED by name', { attributes: { 'rpc.response.status_code': 'CANCELLED' } }, true],
  ['HTTP 499', { attributes: { 'http.response.status_code': 499n } }, true],
  ['the message', { statusMessage: 'context canceled' }, true],
  ['the type of an exception', { events: [exception('TaskCanceledException')] }, true],
  ['the message of an exception', { events: [exception('Error', 'Request Cancelled')] }, true],
  ['nothing of the kind', { ...HTTP, statusMessage: 'deadline exceeded' }, false],
])('cancelled: %s', (_, parts, expected) => {
  expect(saysCancelled(spanOf(parts))).toBe(expected);
});
