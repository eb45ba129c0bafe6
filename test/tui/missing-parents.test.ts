import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { criticalPath } from '../../src/analysis/critical-path.ts';
import { withMissingParents } from '../../src/tui/missing-parents.ts';
import { drawnSpans, idOf } from '../helpers/drawn-trace.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { spanIdOf, spanOf } from '../helpers/span-of.ts';
import { Stage } from '../helpers/stage.ts';
import { viewOf } from '../helpers/view-of.ts';

const failed = { statusCode: 'error' } as const;
const GONE = spanIdOf('beef');
const ALSO_GONE = spanIdOf('cafe');

/** Two spans of one missing parent, with a root that begins between them, and one of another. */
const spans = drawnSpans(
  `
  a      [-----)
    a1    [--)
  R        [-------------)
  b              [---)
  c                 [---)
`,
  {
    a: { parentSpanId: GONE },
    a1: failed,
    b: { parentSpanId: GONE },
    c: { parentSpanId: ALSO_GONE },
  },
);

function outline(): string[] {
  return withMissingParents(buildTrace(spans)).trace.nodes.map(
    ({ depth, span }) => `${'  '.repeat(depth)}${span.name}`,
  );
}

test('spans whose parent is missing stand together below a row that says so', () => {
  expect(outline()).toEqual([
    `missing parent ${GONE}`,
    '  a',
    '    a1',
    '  b',
    'R',
    `missing parent ${ALSO_GONE}`,
    '  c',
  ]);
});

test('every span is there once, at the position that is told', () => {
  const trace = buildTrace(spans);
  const { trace: placed, positions, missing } = withMissingParents(trace);
  expect(placed.nodes).toHaveLength(trace.nodes.length + missing.length);
  for (const { index, span, startNs } of trace.nodes) {
    const node = placed.nodes[positions[index] ?? -1];
    expect([node?.span, node?.startNs]).toEqual([span, startNs]);
  }
  for (const [index, node] of placed.nodes.entries()) {
    expect(node.index).toBe(index);
    expect(node.depth).toBe(node.parent ? node.parent.depth + 1 : 0);
    for (const child of node.children) expect(child.parent).toBe(node);
  }
});

test('nothing is copied where nothing is missing', () => {
  const trace = buildTrace(drawnSpans('R [--)'));
  expect(withMissingParents(trace).trace).toBe(trace);
});

test('what is known of the spans goes with them', () => {
  const view = viewOf(spans);
  const names = (positions: Int32Array) =>
    Array.from(positions, (at) => view.nodes[at]?.span.name ?? '');
  expect(names(view.errors)).toEqual(['a1']);
  const { sections, shifts } = criticalPath(buildTrace(spans));
  const owners = new Set(sections.map(({ node }) => node?.span.name));
  expect(new Set(names(view.critical))).toEqual(owners);
  const shifted = view.nodes.filter((node) => view.shiftOf(node) !== 0);
  expect(shifted.map(({ span }) => span.name)).toEqual(shifts.map(({ node }) => node.span.name));
  for (const node of view.nodes) {
    if (node.span.spanId === idOf('a')) expect(view.selfNs(node)).toBe(3e6);
  }
  expect(view.serviceColors.has('')).toBe(false);
});

test('100,000 orphans, each below the last, without recursion', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) =>
    spanOf({
      spanId: spanIdOf((i + 1).toString(16)),
      parentSpanId: spanIdOf(i ? i.toString(16) : 'fffffff'),
    }),
  );
  const { trace, missing } = withMissingParents(buildTrace(chain));
  expect(missing).toEqual([0]);
  expect(trace.nodes.at(-1)?.depth).toBe(100_000);
});

describe('in the waterfall', () => {
  const stage = () => new Stage(memorySource([spans]), { columns: 120 }).keys('enter');

  test('the row tells what is missing, and that nothing else is known', async () => {
    const opened = stage();
    const text = await opened.text();
    expect(text).toMatch(/5 spans.*\? 3 orphans/);
    expect(text).toMatch(new RegExp(`\\? missing parent ${GONE}`));
    expect(text).toMatch(/2 spans have the parent 0*beef, which is not in the data/);
    expect(await opened.keys('enter').text()).toMatch(/nothing but its id is known/);
    expect(opened.screen.kind).toBe('waterfall');
  });

  test('it folds, is no service, and has no details among its neighbours', () => {
    const opened = stage().keys('space x X');
    expect(opened.screen).toMatchObject({ outline: { sieve: { isolated: null } } });
    opened.keys('space j j j enter n');
    expect(opened.screen).toMatchObject({ kind: 'span', node: 4 });
    expect(opened.keys('n').screen).toMatchObject({ kind: 'span', node: 6 });
  });
});

test('a child of a missing parent that ends in the last nanosecond there is does not end the explorer', () => {
  const early = spanOf({ spanId: '1', startUnixNano: 2n, durationNs: 1 });
  const last = { spanId: '2', parentSpanId: '9', startUnixNano: 2n ** 63n - 1n, durationNs: 0 };
  expect(() => withMissingParents(buildTrace([early, spanOf(last)]))).not.toThrow();
});
