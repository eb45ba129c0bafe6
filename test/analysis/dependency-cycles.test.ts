import { expect, test } from 'vitest';
import { dependencyShape } from '../../src/analysis/dependency-cycles.ts';
import type { ServiceDependencies } from '../../src/analysis/service-dependencies.ts';

type Graph = Pick<ServiceDependencies, 'nodes' | 'edges'>;

/** Of `a>b` and so on; only what the shape looks at. */
function shapeOf(text: string) {
  const pairs = text
    .split(' ')
    .filter(Boolean)
    .map((pair) => pair.split('>'));
  const ids = [...new Set(pairs.flat())].sort();
  const graph = {
    nodes: ids.map((id) => ({ id: `service:${id}` })),
    edges: pairs.map(([source, target]) => ({
      source: `service:${source}`,
      target: `service:${target}`,
    })),
  } as unknown as Graph;
  const { cycles, depth } = dependencyShape(graph as ServiceDependencies);
  return { cycles: cycles.map((ids) => ids.map((id) => id.slice(8)).join(' ')), depth };
}

test.each([
  ['', [], 0],
  ['a>b b>c a>c', [], 2],
  ['a>b b>a', ['a b'], 0],
  ['a>a a>b', ['a'], 1],
  ['w>a a>b b>c c>a c>d d>e x>y y>x', ['a b c', 'x y'], 3],
  ['a>b b>c c>b c>d d>a e>d', ['a b c d'], 1],
])('%s', (graph, cycles, depth) => {
  expect(shapeOf(graph)).toEqual({ cycles, depth });
});

test('a chain of 50,000 services', () => {
  const chain = Array.from({ length: 50_000 }, (_, i) => `${i}>${i + 1}`).join(' ');
  expect(shapeOf(chain)).toEqual({ cycles: [], depth: 50_000 });
});
