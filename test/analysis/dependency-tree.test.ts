import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DependencyRow, dependencyTree } from '../../src/analysis/dependency-tree.ts';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';
import type { Span } from '../../src/model/span.ts';
import { callSpan, dependenciesOf } from '../helpers/dependencies-of.ts';

/** Client and server spans of calls written `caller callee`, each in a trace of its own; a single name is a service without calls. */
function graph(...calls: readonly string[]): ServiceDependencies {
  return dependenciesOf(
    calls.flatMap((call, i): Span[] => {
      const traceId = (i + 1).toString(16);
      const [caller = '', callee] = call.split(' ');
      if (callee === undefined) return [callSpan('1', null, caller, 'internal', { traceId })];
      if (caller === 'user') return [callSpan('1', null, callee, 'server', { traceId })];
      return [
        callSpan('1', null, caller, 'client', { traceId }),
        callSpan('2', '1', callee, 'server', { traceId }),
      ];
    }),
  );
}

function drawn(rows: readonly DependencyRow[]): string[] {
  return rows.map(({ node, edge, depth, isLast, state }) => {
    const mark = state === 'expanded' ? '' : ` ${state}`;
    return `${'  '.repeat(depth)}${isLast ? '└' : '├'} ${node.name}${edge ? ` ${edge.calls}` : ''}${mark}`;
  });
}

test('callers above what they call, each node expanded once, circles cut', () => {
  const tree = dependencyTree(
    graph('user web', 'web cart', 'web cart', 'cart web', 'web orders', 'orders cart', 'cart cart'),
  );
  expect(drawn(tree)).toEqual([
    '└ user',
    '  └ web 1',
    '    ├ cart 2',
    '      ├ cart 1 cycle',
    '      └ web 1 cycle',
    '    └ orders 1',
    '      └ cart 1 seen',
  ]);
});

test('a node that calls nothing is shown wherever it is called, without a mark', () => {
  expect(drawn(dependencyTree(graph('a db', 'b db')))).toEqual([
    '├ a',
    '  └ db 1',
    '└ b',
    '  └ db 1',
  ]);
});

test('roots: callers from outside, services that nothing calls, circles, services without calls', () => {
  const tree = dependencyTree(graph('alone', 'y x', 'x y', 'w v', 'user u', 'self self'));
  expect(drawn(tree)).toEqual([
    '├ user',
    '  └ u 1',
    '├ self',
    '  └ self 1 cycle',
    '├ w',
    '  └ v 1',
    '├ x',
    '  └ y 1',
    '    └ x 1 cycle',
    '└ alone',
  ]);
});

test('nothing to show', () => {
  expect(dependencyTree(graph())).toEqual([]);
});

test('a chain of 10,000 services and a service that calls 10,000', () => {
  const size = 10_000;
  const chain = dependencyTree(graph(...Array.from({ length: size }, (_, i) => `s${i} s${i + 1}`)));
  expect(chain.at(-1)?.depth).toBe(size);
  const star = dependencyTree(graph(...Array.from({ length: size }, (_, i) => `hub s${i}`)));
  expect(star.filter(({ isLast }) => isLast)).toHaveLength(2);
});

test('every edge is one row, every node is expanded once, and depths grow by one', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const calls = fc.array(fc.tuple(fc.oneof(name, fc.constant('user')), name), { maxLength: 20 });
  fc.assert(
    fc.property(calls, (drawnCalls) => {
      const dependencies = graph(...drawnCalls.map(([caller, callee]) => `${caller} ${callee}`));
      const rows = dependencyTree(dependencies);
      const edges = rows.flatMap(({ edge }) => edge ?? []);
      expect(edges).toHaveLength(dependencies.edges.length);
      expect(new Set(edges)).toEqual(new Set(dependencies.edges));
      const callers = new Set(dependencies.edges.map(({ source }) => source));
      for (const { id } of dependencies.nodes) {
        const expanded = rows.filter(({ node, state }) => node.id === id && state === 'expanded');
        if (callers.has(id)) expect(expanded).toHaveLength(1);
        else expect(expanded.length).toBeGreaterThan(0);
      }
      for (const [i, { depth, edge }] of rows.entries()) {
        expect(depth).toBeLessThanOrEqual((rows[i - 1]?.depth ?? -1) + 1);
        expect(depth === 0).toBe(edge === null);
      }
    }),
  );
});
