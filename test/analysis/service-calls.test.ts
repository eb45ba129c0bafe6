import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';
import type { AttributeValue } from '../../src/model/attributes.ts';
import { SPAN_KINDS } from '../../src/model/span.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';
import { spanOf } from '../helpers/span-of.ts';

describe('properties', () => {
  const drawnSpan = fc.record({
    parent: fc.nat(12),
    trace: fc.nat(3),
    service: fc.constantFrom('a', 'b', 'c', ''),
    kind: fc.constantFrom(...SPAN_KINDS),
    durationNs: fc.nat(9),
    statusCode: fc.constantFrom('unset' as const, 'error' as const),
    attributes: fc.constantFrom<Record<string, AttributeValue>>(
      {},
      { 'peer.service': 'b' },
      { 'server.address': 'x' },
      { 'db.system': 'redis' },
      { 'messaging.system': 'kafka', 'messaging.operation.type': 'receive' },
      { 'messaging.system': 'kafka', 'messaging.operation.type': 'process' },
    ),
  });
  const forest = fc.array(drawnSpan, { maxLength: 40 }).map((drawn) =>
    drawn.map(({ parent, trace, ...parts }, i) =>
      spanOf({
        ...parts,
        traceId: `a${trace}`,
        spanId: (i + 1).toString(16),
        parentSpanId: parent === 0 ? null : parent.toString(16),
        startUnixNano: BigInt(i),
      }),
    ),
  );

  test('the result does not depend on the order of spans or traces', () => {
    fc.assert(
      fc.property(forest, (spans) => {
        expect(dependenciesOf(spans.toReversed())).toEqual(dependenciesOf(spans));
      }),
    );
  });

  test('edges of all traces are the sum of the edges of each', () => {
    fc.assert(
      fc.property(forest, (spans) => {
        const knownServices = new Set(['a', 'b', 'c']);
        const sums = new Map<string, number[]>();
        for (const traceId of new Set(spans.map((s) => s.traceId))) {
          const ofTrace = spans.filter((s) => s.traceId === traceId);
          addEdges(sums, dependenciesOf(ofTrace, { knownServices }));
        }
        const whole = new Map<string, number[]>();
        addEdges(whole, dependenciesOf(spans, { knownServices }));
        expect(sums).toEqual(whole);
      }),
    );
  });

  test('every server span makes at most one call, and no duration is counted twice', () => {
    fc.assert(
      fc.property(forest, (spans) => {
        const { edges } = dependenciesOf(spans);
        const fromServers = edges
          .filter(({ type }) => type === 'rpc' || type === 'entry')
          .map(({ calls, inferred, type }) =>
            type === 'entry'
              ? calls
              : calls - inferred['service-change'] - inferred['peer-attribute'],
          );
        const servers = spans.filter(({ kind }) => kind === 'server').length;
        expect(sum(fromServers)).toBeLessThanOrEqual(servers);
        for (const { calls, client, server, errors, clientErrors, serverErrors } of edges) {
          expect(Math.max(client.count, server.count, errors)).toBeLessThanOrEqual(calls);
          expect(clientErrors + serverErrors).toBeGreaterThanOrEqual(errors);
        }
      }),
    );
  });
});

/** Adds what adds up. */
function addEdges(sums: Map<string, number[]>, { edges }: ServiceDependencies): void {
  for (const edge of edges) {
    const id = `${edge.source} ${edge.target} ${edge.type}`;
    const { calls, errors, client, server, network, traces, inferred } = edge;
    const counts = [
      calls,
      errors,
      client.count,
      client.totalNs,
      server.count,
      server.totalNs,
      network.count,
      traces,
      ...Object.values(inferred),
    ];
    const before = sums.get(id) ?? counts.map(() => 0);
    sums.set(
      id,
      counts.map((count, i) => count + (before[i] ?? 0)),
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

test('100,000 generations, a server at the bottom of each of many wrappers', () => {
  const size = 100_000;
  const spans = Array.from({ length: size }, (_, i) =>
    callSpan(
      (i + 1).toString(16),
      i === 0 ? null : (i % 2 === 1 ? i : i - 1).toString(16),
      'a',
      i % 2 === 0 ? 'server' : 'internal',
      { startUnixNano: BigInt(i) },
    ),
  );
  const { edges, nodes } = dependenciesOf(spans);
  expect(nodes[0]?.calls).toBe(size / 2);
  expect(edges).toMatchObject([{ source: 'user', calls: 1 }]);
});
