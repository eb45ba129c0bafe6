import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import {
  type CriticalPath,
  type CriticalPathOptions,
  criticalPath,
  type PathBasis,
  type PathSection,
  type RootPath,
} from '../../src/analysis/critical-path.ts';
import type { Span } from '../../src/model/span.ts';
import { unixNano } from '../../src/model/time.ts';
import { UserError } from '../../src/model/user-error.ts';
import { COLUMN_NS, drawnTrace, idOf } from '../helpers/drawn-trace.ts';
import { LARGE_SHAPES, largeSpans } from '../helpers/large-spans.ts';
import { messySpans, shuffledSpans } from '../helpers/messy-spans.ts';
import { spanOf } from '../helpers/span-of.ts';

/** `name from–to` in columns. */
function pathOf({ sections }: RootPath): string[] {
  return sections.map(
    ({ node, startNs, endNs }) =>
      `${node?.span.name ?? '(missing)'} ${startNs / COLUMN_NS}–${endNs / COLUMN_NS}`,
  );
}

test('what no child explains is the own time of the parent', () => {
  const trace = drawnTrace(`
    R     [--------------)
      a    [---)
        a1  [-)
      b         [-----)
  `);
  expect(pathOf(criticalPath(trace))).toEqual([
    'R 0–1',
    'a 1–2',
    'a1 2–4',
    'a 4–5',
    'R 5–6',
    'b 6–12',
    'R 12–15',
  ]);
});

test('a child that ends exactly when its sibling starts is on the path', () => {
  const trace = drawnTrace(`
    R [---------)
      a [--)
      b    [--)
  `);
  expect(pathOf(criticalPath(trace))).toEqual(['R 0–2', 'a 2–5', 'b 5–8', 'R 8–10']);
});

test('another root can be asked for: a span in the middle has its own path', () => {
  const trace = drawnTrace(`
    R     [--------------)
      a    [---------)
        a1  [-)
      b                [)
  `);
  const path = criticalPath(trace, { root: idOf('a') });
  expect(pathOf(path)).toEqual(['a 1–2', 'a1 2–4', 'a 4–11']);
  expect(path.otherRoots).toEqual([]);
});

test('asking for a span that the trace does not have is a usage error', () => {
  const trace = drawnTrace('R [---)');
  expect(() => criticalPath(trace, { root: idOf('nope') })).toThrow(UserError);
});

test('work after the answer is the tail', () => {
  const trace = drawnTrace(`
    R [----)
    W        [---)
  `);
  const path = criticalPath(trace);
  expect(path.tailNs).toBe(6 * COLUMN_NS);
  expect(path.otherRoots.map(pathOf)).toEqual([['W 7–11']]);
});

test('time of a lost parent is counted as without evidence', () => {
  const trace = drawnTrace(
    `
    R  [-------------)
    o1   [--)
    o2          [--)
    `,
    { o1: { parentSpanId: idOf('gone') }, o2: { parentSpanId: idOf('gone') } },
  );
  const path = criticalPath(trace);
  expect(pathOf(path)).toEqual(['R 0–2', 'o1 2–5', '(missing) 5–9', 'o2 9–12', 'R 12–14']);
  expect(path.lostNs).toBe(4 * COLUMN_NS);
  expect(path.lostParents).toEqual([
    {
      spanId: idOf('gone'),
      startNs: 2 * COLUMN_NS,
      endNs: 12 * COLUMN_NS,
      orphans: 2,
      isAdopted: true,
    },
  ]);
});

const SKEWED = `
  C           [---------)
    S      [-------)
`;
const CALL = { C: { kind: 'client', service: 'a' }, S: { kind: 'server', service: 'b' } } as const;

test('a server that seems to start before its client is centred in it', () => {
  const path = criticalPath(drawnTrace(SKEWED, CALL));
  expect(pathOf(path)).toEqual(['C 3–4', 'S 4–12', 'C 12–13']);
  expect(path.shifts).toMatchObject([{ shiftNs: 4 * COLUMN_NS }]);
  expect(path.sections[1]?.shiftNs).toBe(4 * COLUMN_NS);
});

test('without skew correction the early server is cut to its client', () => {
  const path = criticalPath(drawnTrace(SKEWED, CALL), { skew: false });
  expect(pathOf(path)).toEqual(['S 3–8', 'C 8–13']);
  expect(path.shifts).toEqual([]);
});

test('spans on one host share its clock, whatever their services', () => {
  const at = (service: string, host: string) => ({
    resource: {
      attributes: new Map([
        ['service.name', service],
        ['host.name', host],
      ]),
      schemaUrl: '',
    },
  });
  const picture = `
    C       [---------)
      S  [-------)
  `;
  const shifts = (host: string) =>
    criticalPath(drawnTrace(picture, { C: at('a', 'h1'), S: at('b', host) })).shifts.length;
  expect([shifts('h1'), shifts('h2')]).toEqual([0, 1]);
});

test.each([
  ['whole microseconds keep to whole microseconds', 1_000, 0, 2_000],
  ['nanoseconds are split to the nanosecond', 1_000, 1, 2_500],
])('the middle of an odd gap is rounded down: %s', (_, lead, finer, expected) => {
  const start = 1_700_000_000_000_000_000n;
  const trace = buildTrace([
    spanOf({ spanId: 'c', startUnixNano: start + BigInt(lead), durationNs: 10_000, ...CALL.C }),
    spanOf({ spanId: '5', parentSpanId: 'c', startUnixNano: start, durationNs: 7_000, ...CALL.S }),
    spanOf({ spanId: 'f', startUnixNano: start + 20_000n, durationNs: finer, service: 'z' }),
  ]);
  const { shifts } = criticalPath(trace);
  expect(shifts).toMatchObject([{ shiftNs: expected }]);
});

const OPTIONS: fc.Arbitrary<CriticalPathOptions> = fc.record({
  skew: fc.boolean(),
  overlapTolerance: fc.boolean(),
});

/** What is wrong with a path, in words; null when nothing is. */
function flaw(path: RootPath, { basis }: CriticalPath): string | null {
  let covered: number = path.startNs;
  let last: PathSection | null = null;
  for (const section of path.sections) {
    if (section.startNs !== covered) return `gap or overlap at ${covered}`;
    if (section.endNs <= section.startNs) return 'section without length';
    if (last?.spanId === section.spanId) return 'neighbours of one span';
    if (!isOpen(section, basis)) return `owner ${section.spanId} is not open`;
    covered = section.endNs;
    last = section;
  }
  return covered === path.endNs ? null : `ends at ${covered}`;
}

/** Whether a section lies within its owner's times on the root's clock. */
function isOpen({ node, startNs, endNs }: PathSection, { times }: PathBasis): boolean {
  if (node === null) return true;
  const from = times.start[node.index] ?? Number.NaN;
  const to = times.end[node.index] ?? Number.NaN;
  return from <= startNs && endNs <= to;
}

test('sections are disjoint, in order and cover their root; every owner is open', () => {
  fc.assert(
    fc.property(messySpans, OPTIONS, (spans, options) => {
      const path = criticalPath(buildTrace(spans), options);
      for (const root of [path, ...path.otherRoots]) expect(flaw(root, path)).toBeNull();
    }),
    { numRuns: 3_000 },
  );
});

test('a path of any span asked for covers it', () => {
  fc.assert(
    fc.property(messySpans, fc.nat(), (spans, choice) => {
      const trace = buildTrace(spans);
      const node = trace.nodes[choice % trace.nodes.length];
      const path = criticalPath(trace, { root: node?.span.spanId ?? null });
      expect([path.startNs, path.endNs]).toEqual([node?.startNs, node?.endNs]);
      expect(flaw(path, path)).toBeNull();
    }),
    { numRuns: 1_000 },
  );
});

/** Everything a path says, in plain values. */
function said(path: CriticalPath): unknown {
  const ids = (nodes: CriticalPath['detached']) => nodes.map(({ span }) => span.spanId);
  const sections = (root: RootPath) =>
    root.sections.map(({ spanId, startNs, endNs, shiftNs }) => [spanId, startNs, endNs, shiftNs]);
  return [
    path.rootId,
    sections(path),
    path.otherRoots.map(sections),
    ids(path.detached),
    ids(path.asynchronous),
    ids(path.outside),
    path.lostParents,
    path.tailNs,
  ];
}

test('the path does not depend on the order of the spans', () => {
  fc.assert(
    fc.property(shuffledSpans, ([spans, shuffled]) => {
      expect(said(criticalPath(buildTrace(shuffled)))).toEqual(
        said(criticalPath(buildTrace(spans))),
      );
    }),
    { numRuns: 2_000 },
  );
});

function later(span: Span, ns: bigint): Span {
  return {
    ...span,
    startUnixNano: unixNano(span.startUnixNano + ns),
    endUnixNano: unixNano(span.endUnixNano + ns),
  };
}

test('the path does not depend on when the trace happened', () => {
  fc.assert(
    fc.property(messySpans, fc.bigInt({ min: 0n, max: 10n ** 17n }), (spans, ns) => {
      const moved = spans.map((span) => later(span, ns));
      expect(said(criticalPath(buildTrace(moved)))).toEqual(said(criticalPath(buildTrace(spans))));
    }),
    { numRuns: 1_000 },
  );
});

describe('100,000 spans', () => {
  const COUNT = 100_000;
  const pathOfShape = (shape: keyof typeof LARGE_SHAPES) =>
    criticalPath(buildTrace(largeSpans(shape, COUNT)));

  test.each(Object.keys(LARGE_SHAPES) as (keyof typeof LARGE_SHAPES)[])('%s', (shape) => {
    const path = pathOfShape(shape);
    expect(flaw(path, path)).toBeNull();
  });

  test.each([
    ['one after the other below one parent', COUNT],
    ['each inside the one before', 2 * COUNT - 1],
    ['all after their parent has ended', 1],
    ['each started by one that has ended', 2 * COUNT - 1],
  ] as const)('%s: %i sections', (shape, sections) => {
    expect(pathOfShape(shape).sections).toHaveLength(sections);
  });
});
