import { expect, test } from 'vitest';
import {
  conceptText,
  findConcept,
  grpcStatus,
  httpStatus,
  messagingOperation,
} from '../../src/analysis/attribute-concepts.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';

function attributes(entries: Record<string, AttributeValue>): Map<string, AttributeValue> {
  return new Map(Object.entries(entries));
}

test('the newest spelling wins whatever the order of the attributes', () => {
  const both = attributes({ 'db.system': 'mysql', 'db.system.name': 'mariadb' });
  expect(findConcept(both, 'databaseSystem')).toEqual({ key: 'db.system.name', text: 'mariadb' });
});

test('an empty or structured value says nothing, so that the next spelling is read', () => {
  const odd = attributes({
    'service.peer.name': '',
    'peer.service': ['a'],
    'server.address': 'db1',
  });
  expect(conceptText(odd, 'peerService')).toBeNull();
  expect(conceptText(odd, 'calledName')).toBe('db1');
});

test.each<[string, Record<string, AttributeValue>, number | null]>([
  ['an integer', { 'http.response.status_code': 503n }, 503],
  ['a decimal string, as Zipkin writes it', { 'http.status_code': '404' }, 404],
  ['a whole double, as some JSON encoders write it', { 'http.status_code': 500 }, 500],
  ['text that is not a code', { 'http.status_code': 'OK' }, null],
  ['nothing', {}, null],
])('HTTP status from %s', (_, entries, expected) => {
  expect(httpStatus(attributes(entries))).toBe(expected);
});

test.each<[string, Record<string, AttributeValue>, number | null]>([
  ['an integer', { 'rpc.grpc.status_code': 0n }, 0],
  ['a decimal string', { 'rpc.grpc.status_code': '14' }, 14],
  ['a name', { 'rpc.response.status_code': 'DEADLINE_EXCEEDED' }, 4],
  ['a name in lower case', { 'rpc.response.status_code': 'not_found' }, 5],
  ['a status of another protocol', { 'rpc.response.status_code': 'METHOD_MISSING' }, null],
  ['nothing', {}, null],
])('gRPC status from %s', (_, entries, expected) => {
  expect(grpcStatus(attributes(entries))).toBe(expected);
});

test.each<[Record<string, AttributeValue>, string | null]>([
  [{ 'messaging.operation.type': 'receive' }, 'receive'],
  [{ 'messaging.operation': 'publish' }, 'send'],
  [{ 'messaging.operation': 'deliver' }, 'process'],
  [{ 'messaging.operation': 'something' }, null],
  [{}, null],
])('messaging operation of %o is %s', (entries, expected) => {
  expect(messagingOperation(attributes(entries))).toBe(expected);
});
