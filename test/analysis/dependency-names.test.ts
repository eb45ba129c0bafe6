import { describe, expect, test } from 'vitest';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import type { SpanKind } from '../../src/model/span.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';

function edgeNames({ edges }: ServiceDependencies): string[] {
  return edges.map(({ source, target, type, calls }) => `${source} ${type} ${target} ${calls}`);
}

describe('names', () => {
  const queue = { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'amq.gen-1' };
  test.each<[string, SpanKind, Record<string, AttributeValue>, string]>([
    [
      'a port is left out',
      'client',
      { 'server.address': 'api', 'server.port': 8080n },
      'external external:api',
    ],
    [
      'a port in the address is left out',
      'client',
      { 'http.host': 'api:8080' },
      'external external:api',
    ],
    [
      'an IPv6 address is no port',
      'client',
      { 'network.peer.address': '::1' },
      'external external:::1',
    ],
    [
      'an IPv6 address in brackets',
      'client',
      { 'http.host': '[::1]:80' },
      'external external:[::1]',
    ],
    ['a database without a name', 'client', { 'db.system': 'redis' }, 'database database:redis'],
    [
      'a database by its address',
      'client',
      { 'db.system': 'redis', 'net.peer.name': 'cache:6379' },
      'database database:redis/cache',
    ],
    [
      'a queue with a made-up name',
      'producer',
      { ...queue, 'messaging.destination.temporary': true },
      'messaging messaging:rabbitmq/(temporary)',
    ],
    [
      'a destination without a system',
      'producer',
      { 'messaging.destination.name': 'jobs' },
      'messaging messaging:unknown/jobs',
    ],
    [
      'a broker by its peer name',
      'producer',
      { 'peer.service': 'kafka' },
      'messaging messaging:kafka',
    ],
    [
      'a client that sends a message',
      'client',
      { ...queue, 'messaging.operation.type': 'send' },
      'messaging messaging:rabbitmq/amq.gen-1',
    ],
  ])('%s', (_, kind, attributes, expected) => {
    const result = dependenciesOf([callSpan('1', null, 'a', kind, { attributes })]);
    expect(edgeNames(result)).toEqual([`service:a ${expected} 1`]);
  });

  test.each<[Record<string, AttributeValue>, string]>([
    [{ 'server.address': 'api', 'server.port': 8080n }, 'service:a external external:api:8080 1'],
    [{ 'http.host': 'api:81', 'server.port': 8080n }, 'service:a external external:api:81 1'],
    [{ 'peer.service': 'api', 'server.port': 8080n }, 'service:a external external:api 1'],
    [
      { 'db.system': 'redis', 'net.peer.name': 'c', 'net.peer.port': '1' },
      'service:a database database:redis/c:1 1',
    ],
  ])('with ports: %o', (attributes, expected) => {
    const result = dependenciesOf([callSpan('1', null, 'a', 'client', { attributes })], {
      ports: true,
    });
    expect(edgeNames(result)).toEqual([expected]);
  });

  test("names differ by case unless the data is Zipkin's, which shows the first spelling", () => {
    const spans = [
      callSpan('1', null, 'Web', 'client', { attributes: { 'peer.service': 'API' } }),
      callSpan('2', null, 'api', 'server', { attributes: { 'peer.service': 'WEB' } }),
      callSpan('3', null, 'web', 'internal'),
    ];
    expect(edgeNames(dependenciesOf(spans))).toEqual([
      'external:WEB entry service:api 1',
      'service:Web external external:API 1',
    ]);
    const zipkin = dependenciesOf(spans, { caseInsensitive: true });
    expect(edgeNames(zipkin)).toEqual([
      'service:WEB entry service:API 1',
      'service:WEB rpc service:API 1',
    ]);
    expect(zipkin.nodes.map(({ id }) => id)).toEqual(['service:API', 'service:WEB']);
  });

  test('a peer is a service when the data set has it, also if only in traces that are not looked at', () => {
    const spans = [callSpan('1', null, 'a', 'client', { attributes: { 'peer.service': 'b' } })];
    const result = dependenciesOf(spans, { knownServices: ['a', 'b'] });
    expect(edgeNames(result)).toEqual(['service:a rpc service:b 1']);
    expect(result.edges[0]?.inferred['peer-attribute']).toBe(1);
  });
});
