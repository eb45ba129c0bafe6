import fc from 'fast-check';
import { expect, test } from 'vitest';
import { buildTrace } from '../../src/analysis/build-trace.ts';
import { NO_ATTRIBUTES } from '../../src/model/attributes.ts';
import type { Span, SpanLink } from '../../src/model/span.ts';
import { TIME_FLAGS } from '../../src/model/span.ts';
import type { Trace } from '../../src/model/trace.ts';
import { drawnSpans, drawnTrace, idOf, nameOf } from '../helpers/drawn-trace.ts';
import { type SpanParts, spanIdOf, spanOf, traceIdOf } from '../helpers/span-of.ts';

const ZIPKIN = spanOf().origin;
const zipkin = (shared = false) => ({ ...ZIPKIN, format: 'zipkin-v2', shared });

/** One line per node: indented by depth, service, name, times in milliseconds. */
function outline(trace: Trace): string[] {
  return trace.nodes.map(
    ({ depth, service, span, startNs, endNs }) =>
      `${'  '.repeat(depth)}${service} ${span.name} ${startNs / 1e6}–${endNs / 1e6}`,
  );
}

function codes(trace: Trace): string[] {
  return trace.warnings.map(({ code, count }) => `${code} ${count}`);
}

function link(to: string, type: 'child_of' | 'follows_from' | null, trace = '1'): SpanLink {
  return {
    traceId: traceIdOf(trace),
    spanId: idOf(to),
    traceState: '',
    attributes: type === null ? NO_ATTRIBUTES : new Map([['opentracing.ref_type', type]]),
    flags: 0,
    droppedAttributes: 0,
  };
}

const ms = (n: number) => 1_700_000_000_000_000_000n + BigInt(n) * 1_000_000n;

/** A record of the shared id: `[from, to)` in milliseconds. */
function record(from: number, to: number, parts: SpanParts = {}): Span {
  return spanOf({
    spanId: idOf('call'),
    parentSpanId: idOf('root'),
    name: 'call',
    startUnixNano: ms(from),
    durationNs: (to - from) * 1e6,
    ...parts,
  });
}

const root = spanOf({
  spanId: idOf('root'),
  name: 'root',
  startUnixNano: ms(0),
  durationNs: 1e8,
  service: 'web',
});

test('spans become a tree in depth-first order, siblings by start', () => {
  const trace = drawnTrace(`
    R     [--------------)
      b        [-----)
        b1      [-)
      a    [---)
  `);
  expect(outline(trace)).toEqual(['svc R 0–15', '  svc a 1–5', '  svc b 5–11', '    svc b1 6–8']);
  expect(trace.durationNs).toBe(15e6);
  expect(trace.startUnixNano).toBe(ms(0));
  expect(trace.nodes.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
  expect(trace.nodes[3]?.parent).toBe(trace.nodes[2]);
  expect(trace.roots).toEqual([trace.nodes[0]]);
  expect(trace.warnings).toEqual([]);
});

test('of siblings that start together the longest comes first, then the smallest id', () => {
  const trace = drawnTrace(`
    R [---------)
      c   [--)
      b   [----)
      a   [--)
  `);
  expect(trace.nodes.map(({ span }) => span.name)).toEqual(['R', 'b', 'a', 'c']);
});

test('a span without a service has that of its nearest ancestor', () => {
  const trace = drawnTrace(
    `
    R [---------)
      a   [----)
        b  [--)
    `,
    { R: { service: 'web' }, a: { service: '' }, b: { service: '' } },
  );
  expect(trace.nodes.map(({ service }) => service)).toEqual(['web', 'web', 'web']);
});

test('a root without a service is of the unknown service', () => {
  expect(buildTrace([spanOf({ service: '' })]).nodes[0]?.service).toBe('unknown_service');
});

test('a span whose parent is not in the trace is an orphan', () => {
  const trace = drawnTrace(
    `
    R [---------)
    o   [----)
    `,
    { o: { parentSpanId: idOf('gone') } },
  );
  expect(trace.roots.map(({ missingParent }) => missingParent)).toEqual([null, idOf('gone')]);
  expect(codes(trace)).toEqual(['missing-parent 1']);
});

test('several spans without a parent are several roots', () => {
  const trace = drawnTrace(`
    A [---------)
    B   [----)
  `);
  expect(trace.warnings).toEqual([{ code: 'several-roots', count: 2, spanId: idOf('A') }]);
});

test('an empty list of spans is not a trace', () => {
  expect(() => buildTrace([])).toThrow(RangeError);
});

test('parents that lead in a circle are cut at the earliest span', () => {
  const trace = drawnTrace(
    `
    A   [---------)
    B     [-----)
    C       [--)
    d        [)
    `,
    {
      A: { parentSpanId: idOf('C') },
      B: { parentSpanId: idOf('A') },
      C: { parentSpanId: idOf('B') },
      d: { parentSpanId: idOf('C') },
    },
  );
  expect(outline(trace)).toEqual(['svc A 0–10', '  svc B 2–8', '    svc C 4–7', '      svc d 5–6']);
  expect(codes(trace)).toEqual(['parent-cycle 1']);
});

test('two circles of two spans each are both cut', () => {
  const spans = ['a', 'b', 'c', 'd'].map((name, i) =>
    spanOf({ spanId: idOf(name), parentSpanId: idOf('badc'[i] ?? ''), name }),
  );
  const trace = buildTrace(spans);
  expect(trace.roots.map(({ span }) => span.name)).toEqual(['a', 'c']);
  expect(codes(trace)).toEqual(['parent-cycle 2', 'several-roots 2']);
});

test.each([
  [
    'Jaeger: first reference is missing, a later CHILD_OF is there',
    'gone',
    [link('B', 'child_of')],
    'B',
    'child-of',
  ],
  [
    'Jaeger: CHILD_OF is missing, FOLLOWS_FROM is there',
    'gone',
    [link('B', 'follows_from')],
    'B',
    'follows-from',
  ],
  [
    'Jaeger: CHILD_OF is preferred to an earlier FOLLOWS_FROM',
    'gone',
    [link('A', 'follows_from'), link('B', 'child_of')],
    'B',
    'child-of',
  ],
  [
    'Jaeger: FOLLOWS_FROM is the only reference',
    'A',
    [link('A', 'follows_from')],
    'A',
    'follows-from',
  ],
  [
    'Jaeger: both types point at one parent',
    'A',
    [link('A', 'follows_from'), link('A', 'child_of')],
    'A',
    'child-of',
  ],
  ['OTLP: a link to another span is not a parent', 'A', [link('B', null)], 'A', 'child-of'],
  ['OTLP: a link does not adopt an orphan', 'gone', [link('B', null)], null, 'child-of'],
  [
    'Jaeger: a reference into another trace is not a parent',
    'gone',
    [link('B', 'child_of', '2')],
    null,
    'child-of',
  ],
  [
    'Jaeger: all references are missing',
    'gone',
    [link('gone', 'follows_from')],
    null,
    'follows-from',
  ],
])('%s', (_, parent, links, expected, relation) => {
  const trace = drawnTrace(
    `
    A [---------)
      B   [----)
    s      [--)
    `,
    { s: { parentSpanId: idOf(parent), links } },
  );
  const node = trace.nodes.find(({ span }) => span.name === 's');
  expect(node?.parent?.span.name ?? null).toBe(expected);
  expect(node?.relation).toBe(relation);
  expect(node?.missingParent).toBe(expected === null ? idOf('gone') : null);
});

test('Zipkin: client and server share one id; the server hangs under the client, each with its own children', () => {
  const trace = buildTrace([
    record(12, 18, { service: 'api', kind: 'server', origin: zipkin(true) }),
    root,
    spanOf({
      spanId: idOf('db'),
      parentSpanId: idOf('call'),
      name: 'db',
      startUnixNano: ms(13),
      service: 'api',
    }),
    record(10, 20, { service: 'web', kind: 'client', origin: zipkin() }),
    spanOf({
      spanId: idOf('log'),
      parentSpanId: idOf('call'),
      name: 'log',
      startUnixNano: ms(11),
      service: 'web',
    }),
    spanOf({
      spanId: idOf('x'),
      parentSpanId: idOf('call'),
      name: 'x',
      startUnixNano: ms(14),
      service: 'other',
    }),
  ]);
  expect(outline(trace)).toEqual([
    'web root 0–100',
    '  web call 10–20',
    '    web log 11–12',
    '    api call 12–18',
    '      api db 13–14',
    '      other x 14–15',
  ]);
  const server = trace.nodes[3]?.span;
  expect(server?.spanId).not.toBe(idOf('call'));
  expect(server?.parentSpanId).toBe(idOf('call'));
  expect(server?.origin).toMatchObject({ shared: true, spanIdRaw: idOf('call') });
  expect(codes(trace)).toEqual(['shared-span-id 1']);
});

test('Zipkin: the shared flag is back-filled on a server half that lacks it', () => {
  const trace = buildTrace([
    root,
    record(12, 18, { service: 'api', kind: 'server', origin: zipkin() }),
    record(10, 20, { service: 'web', kind: 'client', origin: zipkin() }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  web call 10–20', '    api call 12–18']);
  expect(trace.nodes[2]?.span.origin.shared).toBe(true);
});

test('Zipkin: a server half without its client keeps id and parent', () => {
  const trace = buildTrace([
    root,
    record(12, 18, { service: 'api', kind: 'server', origin: zipkin(true) }),
  ]);
  expect(trace.nodes[1]?.span.spanId).toBe(idOf('call'));
  expect(trace.nodes[1]?.parent?.span.name).toBe('root');
  expect(trace.warnings).toEqual([]);
});

test('Zipkin: one client and two servers of one id give every server an id of its own', () => {
  const trace = buildTrace([
    root,
    record(10, 20, { service: 'web', kind: 'client', origin: zipkin() }),
    record(11, 14, { service: 'api', kind: 'server', origin: zipkin(true) }),
    record(15, 18, { service: 'api2', kind: 'server', origin: zipkin(true) }),
    spanOf({
      spanId: idOf('db'),
      parentSpanId: idOf('call'),
      name: 'db',
      startUnixNano: ms(16),
      service: 'api2',
    }),
  ]);
  expect(outline(trace)).toEqual([
    'web root 0–100',
    '  web call 10–20',
    '    api call 11–14',
    '    api2 call 15–18',
    '      api2 db 16–17',
  ]);
  expect(new Set(trace.nodes.map(({ span }) => span.spanId)).size).toBe(5);
});

test('Zipkin: fragments of one span are merged, the start from one and the duration from the other', () => {
  const trace = buildTrace([
    root,
    record(10, 10, {
      service: 'web',
      kind: 'client',
      timeFlags: TIME_FLAGS.noEnd,
      origin: zipkin(),
      attributes: { a: '1' },
    }),
    record(0, 5, {
      service: '',
      kind: 'unspecified',
      startUnixNano: 0n,
      timeFlags: TIME_FLAGS.noStart,
      origin: zipkin(),
      attributes: { b: '2' },
    }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  web call 10–15']);
  expect([...(trace.nodes[1]?.span.attributes.keys() ?? [])].sort()).toEqual(['a', 'b']);
  expect(trace.nodes[1]?.span.timeFlags).toBe(0);
  expect(codes(trace)).toEqual(['merged-fragment 1']);
});

test('Zipkin: a fragment without kind and duration joins the half of its service', () => {
  const trace = buildTrace([
    root,
    record(10, 20, { service: 'web', kind: 'client', origin: zipkin() }),
    record(9, 9, { service: 'api', kind: 'unspecified', origin: zipkin(), attributes: { f: '1' } }),
    record(12, 18, { service: 'api', kind: 'server', origin: zipkin(true) }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  web call 10–20', '    api call 12–18']);
  expect(trace.nodes[2]?.span.attributes.get('f')).toBe('1');
  expect(codes(trace)).toEqual(['merged-fragment 1', 'shared-span-id 1']);
});

test('a service that calls itself over one shared id keeps both halves', () => {
  const trace = buildTrace([
    root,
    record(10, 20, { service: 'web', kind: 'client', origin: zipkin() }),
    record(12, 18, { service: 'web', kind: 'server', origin: zipkin() }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  web call 10–20', '    web call 12–18']);
});

test('exact copies of a span are one span', () => {
  const trace = buildTrace([root, record(10, 20), record(10, 20), record(10, 20)]);
  expect(trace.nodes).toHaveLength(2);
  expect(codes(trace)).toEqual(['duplicate-span 2']);
});

test('different spans with one id all stay; children hang under the first', () => {
  const trace = buildTrace([
    root,
    record(30, 40, { name: 'later' }),
    record(10, 20, { name: 'first' }),
    spanOf({ spanId: idOf('k'), parentSpanId: idOf('call'), name: 'k', startUnixNano: ms(35) }),
  ]);
  expect(outline(trace)).toEqual([
    'web root 0–100',
    '  svc first 10–20',
    '    svc k 35–36',
    '  svc later 30–40',
  ]);
  expect(codes(trace)).toEqual(['duplicate-span-id 1']);
});

test('spans that differ only in the type of an attribute are not copies', () => {
  const trace = buildTrace([
    record(10, 20, { attributes: { n: 1n } }),
    record(10, 20, { attributes: { n: 1 } }),
    record(10, 20, { attributes: { n: '1' } }),
  ]);
  expect(trace.nodes).toHaveLength(3);
});

test('a span without a start stands at its parent', () => {
  const trace = buildTrace([
    root,
    record(10, 20),
    spanOf({
      spanId: idOf('z'),
      parentSpanId: idOf('call'),
      name: 'z',
      startUnixNano: 0n,
      durationNs: 3e6,
      timeFlags: TIME_FLAGS.noStart,
    }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  svc call 10–20', '    svc z 10–13']);
  expect(codes(trace)).toEqual(['no-start 1']);
});

test('a start of zero among starts of today counts as absent', () => {
  const trace = buildTrace([
    root,
    spanOf({
      spanId: idOf('z'),
      parentSpanId: idOf('root'),
      name: 'z',
      startUnixNano: 0n,
      durationNs: 3e6,
    }),
  ]);
  expect(outline(trace)).toEqual(['web root 0–100', '  svc z 0–3']);
});

test('a trace that starts at zero and has no dates is placed as it is', () => {
  const trace = buildTrace([
    spanOf({ spanId: idOf('a'), name: 'a', startUnixNano: 0n, durationNs: 9e6 }),
    spanOf({
      spanId: idOf('b'),
      parentSpanId: idOf('a'),
      name: 'b',
      startUnixNano: 2_000_000n,
      durationNs: 3e6,
    }),
  ]);
  expect(outline(trace)).toEqual(['svc a 0–9', '  svc b 2–5']);
  expect(trace.warnings).toEqual([]);
});

test('a span that ends before it starts has no length', () => {
  const trace = buildTrace([
    spanOf({ startUnixNano: ms(5), endUnixNano: ms(2), timeFlags: TIME_FLAGS.negativeDuration }),
  ]);
  expect(trace.nodes[0]).toMatchObject({ startNs: 0, endNs: 0 });
  expect(codes(trace)).toEqual(['negative-duration 1']);
});

test('nanoseconds of today are exact', () => {
  const start = 1_755_600_000_123_456_789n;
  const trace = buildTrace([
    spanOf({ spanId: '1', startUnixNano: start, durationNs: 1001 }),
    spanOf({ spanId: '2', parentSpanId: '1', startUnixNano: start + 1n, durationNs: 999 }),
  ]);
  expect(trace.nodes[1]).toMatchObject({ startNs: 1, endNs: 1000 });
});

test('nameOf reads what idOf wrote', () => {
  expect(nameOf(idOf('S12'))).toBe('S12');
});

/** Spans with few ids, any parents (also themselves, missing and circular), any kinds and times. */
const messySpans = fc.array(
  fc.record({
    id: fc.integer({ min: 1, max: 12 }),
    parent: fc.option(fc.integer({ min: 1, max: 14 })),
    start: fc.integer({ min: 0, max: 40 }),
    length: fc.integer({ min: 0, max: 30 }),
    kind: fc.constantFrom('unspecified' as const, 'client' as const, 'server' as const),
    service: fc.constantFrom('', 'a', 'b'),
    format: fc.constantFrom('zipkin-v2', 'otlp-json'),
    shared: fc.boolean(),
  }),
  { minLength: 1, maxLength: 25 },
);

function toSpans(messy: Parameters<Parameters<typeof messySpans.map>[0]>[0]): Span[] {
  return messy.map((s, i) =>
    spanOf({
      spanId: spanIdOf(s.id.toString(16)),
      parentSpanId: s.parent === null || s.parent === s.id ? null : spanIdOf(s.parent.toString(16)),
      startUnixNano: ms(s.start),
      durationNs: s.length * 1e6,
      kind: s.kind,
      service: s.service,
      name: `n${i % 3}`,
      origin: { ...ZIPKIN, format: s.format, shared: s.shared },
    }),
  );
}

test('every span is in the tree once, or counted as a copy or a fragment; every node is reachable from a root', () => {
  fc.assert(
    fc.property(messySpans, (messy) => {
      const spans = toSpans(messy);
      const trace = buildTrace(spans);
      const counted = (code: string) =>
        trace.warnings.find((warning) => warning.code === code)?.count ?? 0;
      expect(trace.nodes.length + counted('duplicate-span') + counted('merged-fragment')).toBe(
        spans.length,
      );
      const reached = new Set<number>();
      const waiting = [...trace.roots];
      for (let node = waiting.pop(); node; node = waiting.pop()) {
        expect(reached.has(node.index)).toBe(false);
        reached.add(node.index);
        for (const child of node.children) {
          expect(child.parent).toBe(node);
          waiting.push(child);
        }
      }
      expect(reached.size).toBe(trace.nodes.length);
    }),
    { numRuns: 1000 },
  );
});

test('the tree does not depend on the order of the spans', () => {
  fc.assert(
    fc.property(
      messySpans.chain((messy) =>
        fc.tuple(
          fc.constant(messy),
          fc.shuffledSubarray([...messy.keys()], { minLength: messy.length }),
        ),
      ),
      ([messy, order]) => {
        const spans = toSpans(messy);
        const shuffled = order.flatMap((i) => spans[i] ?? []);
        const shape = (trace: Trace) => [
          trace.nodes.map(({ span, parent, depth }) => [
            span.spanId,
            span.name,
            span.kind,
            parent?.index,
            depth,
          ]),
          trace.warnings,
        ];
        expect(shape(buildTrace(shuffled))).toEqual(shape(buildTrace(spans)));
      },
    ),
    { numRuns: 1000 },
  );
});

test('the tree does not depend on when the trace happened', () => {
  const picture = `
    R [---------)
      a   [----)
  `;
  const late = drawnSpans(picture).map((span) =>
    spanOf({
      spanId: span.spanId,
      parentSpanId: span.parentSpanId,
      name: span.name,
      startUnixNano: span.startUnixNano + 12_345n,
      durationNs: span.durationNs,
    }),
  );
  expect(outline(buildTrace(late))).toEqual(outline(drawnTrace(picture)));
});

test.each([
  ['100,000 spans under each other', (i: number) => i - 1],
  ['100,000 spans beside each other', () => 0],
])('%s become a tree without recursion', (_, parentOf) => {
  const spans = Array.from({ length: 100_000 }, (__, i) =>
    spanOf({
      spanId: spanIdOf((i + 1).toString(16)),
      parentSpanId: i === 0 ? null : spanIdOf((parentOf(i) + 1).toString(16)),
      startUnixNano: ms(0) + BigInt(i),
      durationNs: 200_000 - i,
    }),
  );
  const trace = buildTrace(spans.toReversed());
  expect(trace.nodes).toHaveLength(100_000);
  expect(trace.nodes[99_999]?.span.spanId).toBe(spans[99_999]?.spanId);
});

test('100,000 spans of one id stay apart', () => {
  const spans = Array.from({ length: 100_000 }, (_, i) =>
    record(i, i + 1, { service: `s${i}`, origin: zipkin() }),
  );
  expect(codes(buildTrace(spans))).toEqual(['duplicate-span-id 99999', 'missing-parent 100000']);
});
