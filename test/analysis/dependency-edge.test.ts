import { describe, expect, test } from 'vitest';
import { TIME_FLAGS } from '../../src/model/span.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';
import { traceIdOf } from '../helpers/span-of.ts';

describe('measures', () => {
  const start = 1_700_000_000_000_000_000n;

  test('network time, traces, first and last seen, and traces to look at', () => {
    const spans = [30, 10, 20].flatMap((clientNs, i) => {
      const trace = { traceId: `a${i}`, startUnixNano: start + BigInt(i) };
      return [
        callSpan('1', null, 'a', 'client', { ...trace, durationNs: clientNs }),
        callSpan('2', '1', 'b', 'server', {
          ...trace,
          startUnixNano: start + BigInt(i),
          durationNs: 15,
          statusCode: i === 0 ? 'unset' : 'error',
        }),
      ];
    });
    const { edges, stats, nodes } = dependenciesOf(spans);
    expect(edges).toHaveLength(1);
    expect(edges[0]).toMatchObject({
      calls: 3,
      errors: 2,
      clientErrors: 0,
      serverErrors: 2,
      client: { count: 3, totalNs: 60, p50Ns: 20, maxNs: 30 },
      server: { count: 3, totalNs: 45, meanNs: 15, p50Ns: 15 },
      network: { count: 2, totalNs: 20, p50Ns: 5, maxNs: 15 },
      queue: { count: 0, p50Ns: null },
      traces: 3,
      firstSeen: start,
      lastSeen: start + 2n,
      examples: { slowest: traceIdOf('a0'), median: traceIdOf('a2'), firstError: traceIdOf('a1') },
    });
    expect(stats.negativeNetwork).toBe(1);
    expect(nodes).toMatchObject([
      { id: 'service:a', type: 'service', name: 'a', calls: 0, errors: 0, durations: { count: 0 } },
      {
        id: 'service:b',
        calls: 3,
        errors: 2,
        durations: { count: 3, p99Ns: 15, lowSample: ['p90', 'p95', 'p99'] },
      },
    ]);
  });

  test('a node without spans of its own has what its callers saw', () => {
    const attributes = { 'db.system': 'redis' };
    const { nodes } = dependenciesOf([
      callSpan('1', null, 'a', 'client', { attributes, durationNs: 5, statusCode: 'error' }),
      callSpan('2', null, 'b', 'client', { attributes, durationNs: 7 }),
    ]);
    expect(nodes[0]).toMatchObject({
      id: 'database:redis',
      type: 'database',
      name: 'redis',
      calls: 2,
      errors: 1,
      durations: { totalNs: 12 },
    });
  });

  test('spans without a known duration are calls without a duration', () => {
    const unfinished = { timeFlags: TIME_FLAGS.noEnd, durationNs: 0 };
    const { edges } = dependenciesOf([
      callSpan('1', null, 'a', 'client', unfinished),
      callSpan('2', '1', 'b', 'server', unfinished),
    ]);
    expect(edges[0]).toMatchObject({
      calls: 1,
      client: { count: 0 },
      server: { count: 0 },
      network: { count: 0 },
      examples: { slowest: null, median: null },
    });
  });

  test("a caller whose parent is of another service was called, but its duration is another call's", () => {
    const { edges, nodes } = dependenciesOf([
      callSpan('1', null, 'a', 'internal'),
      callSpan('2', '1', 'b', 'client', { attributes: { 'server.address': 'x' }, durationNs: 9 }),
    ]);
    expect(edges).toMatchObject([
      { target: 'service:b', calls: 1, server: { count: 0 }, inferred: { 'service-change': 1 } },
      { target: 'external:x', client: { totalNs: 9 } },
    ]);
    expect(nodes.find(({ id }) => id === 'service:b')).toMatchObject({ calls: 0 });
  });

  test('time in a queue, and a message that came before it was sent', () => {
    const sent = { startUnixNano: start, durationNs: 10 };
    const spans = [
      callSpan('1', null, 'a', 'producer', sent),
      callSpan('2', '1', 'b', 'consumer', { startUnixNano: start + 100n }),
      callSpan('3', '1', 'b', 'consumer', { startUnixNano: start + 5n }),
    ];
    const { edges, stats } = dependenciesOf(spans, {
      collapseMessaging: { findSpan: () => null },
    });
    expect(edges).toMatchObject([
      { calls: 2, queue: { count: 1, maxNs: 90 }, client: { count: 1 } },
    ]);
    expect(stats.negativeQueue).toBe(1);
  });

  test('a service without a name takes no part and is counted', () => {
    const { edges, nodes, stats } = dependenciesOf([
      callSpan('1', null, '', 'client'),
      callSpan('2', '1', 'b', 'server'),
    ]);
    expect(edges).toEqual([]);
    expect(nodes.map(({ id }) => id)).toEqual(['service:b']);
    expect(stats.unknownService).toBe(1);
  });
});

test('a producer that consumers of several traces link to is measured once on each edge', () => {
  const producer = callSpan('1', null, 'a', 'producer', { traceId: 'a', durationNs: 10 });
  const link = {
    traceId: producer.traceId,
    spanId: producer.spanId,
    traceState: '',
    attributes: new Map(),
    flags: 0,
    droppedAttributes: 0,
  };
  const spans = [
    producer,
    callSpan('2', null, 'b', 'consumer', { traceId: 'b', links: [link] }),
    callSpan('3', null, 'b', 'consumer', { traceId: 'c', links: [link, link] }),
    callSpan('4', null, 'c', 'consumer', { traceId: 'd', links: [link] }),
    callSpan('5', null, 'c', 'consumer', {
      traceId: 'e',
      links: [{ ...link, traceId: traceIdOf('f') }],
    }),
  ];
  const { edges } = dependenciesOf(spans, {
    collapseMessaging: { findSpan: (traceId) => (traceId === producer.traceId ? producer : null) },
  });
  expect(edges).toMatchObject([
    { target: 'service:b', calls: 2, client: { count: 1 }, server: { count: 2 } },
    { target: 'service:c', calls: 1, client: { count: 1 }, server: { count: 1 } },
  ]);
});

test('a message of a batch comes from the sender of the batch', () => {
  const receive = { attributes: { 'messaging.operation.type': 'receive' } };
  const process = { attributes: { 'messaging.operation.type': 'process' } };
  const { edges } = dependenciesOf(
    [
      callSpan('1', null, 'a', 'producer'),
      callSpan('2', '1', 'b', 'consumer', receive),
      callSpan('3', '2', 'b', 'internal'),
      callSpan('4', '2', 'b', 'consumer', process),
    ],
    { collapseMessaging: { findSpan: () => null } },
  );
  expect(edges).toMatchObject([{ source: 'service:a', target: 'service:b', calls: 1 }]);
});
