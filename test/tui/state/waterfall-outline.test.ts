import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/model/span.ts';
import type { WaterfallScreen } from '../../../src/tui/state/app-state.ts';
import { drawnSpans } from '../../helpers/drawn-trace.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { spanOf } from '../../helpers/span-of.ts';
import { Stage } from '../../helpers/stage.ts';

const DRAWN = `
  R      [---------------------)
    a     [-----)
      a1   [-)
      a2      [-)
    b            [-------)
      b1          [-----)
        b11        [-)
`;

const failed = { statusCode: 'error' } as const;
const DETAILS = {
  R: { service: 'web' },
  a: { service: 'cart' },
  a1: { service: 'redis' },
  a2: { service: 'cart', ...failed },
  b: { service: 'web' },
  b1: { service: 'pay', attributes: new Map([['http.route', '/pay/:id']]) },
  b11: { service: 'redis', ...failed },
} as const;

function open(spans: Span[] = drawnSpans(DRAWN, DETAILS)): Stage {
  return new Stage(memorySource([spans]), { columns: 120, rows: 40 }).keys('enter');
}

function waterfall({ screen }: Stage): WaterfallScreen {
  if (screen.kind !== 'waterfall') throw new Error(`on ${screen.kind}`);
  return screen;
}

/** Names of the rows, the selected one in brackets. */
function rows(stage: Stage): string {
  const { traceId, outline, selected } = waterfall(stage);
  const view = stage.context().data.trace(traceId);
  if (view.status !== 'ready') throw new Error(view.status);
  return Array.from(view.value.visible(outline), (at) => {
    const name = view.value.nodes[at]?.span.name ?? '';
    return at === selected ? `[${name}]` : name;
  }).join(' ');
}

/** A parent with `count` equal children, of which those at `errors` failed, and another child among them. */
function repeated(count: number, errors: readonly number[] = []): Span[] {
  const times = (from: number, to: number) => ({
    startUnixNano: 1_700_000_000_000_000_000n + BigInt(from) * 1_000_000n,
    durationNs: (to - from) * 1e6,
  });
  const parent = spanOf({ spanId: '1', name: 'list', durationNs: 1000e6 });
  const children = Array.from({ length: count }, (_, i) =>
    spanOf({
      spanId: (i + 16).toString(16),
      parentSpanId: '1',
      name: 'SELECT users',
      ...times(i * 10, i * 10 + 5),
      ...(errors.includes(i) ? failed : {}),
    }),
  );
  const other = spanOf({ spanId: 'ffff', parentSpanId: '1', name: 'render', ...times(25, 30) });
  return [parent, ...children, other];
}

describe('filter', () => {
  test.each([
    ['a word of a name', 'b11', 'R b b1 [b11]'],
    ['a service', 'redis', 'R a [a1] b b1 b11'],
    ['two words, both', 'redis b11', 'R b b1 [b11]'],
    ['without', 'redis -b11', 'R a [a1]'],
    ['turned round', '!redis', '[R] a a2 b b1'],
    ['a status', 'status=error', 'R a [a2] b b1 b11'],
    ['an attribute', 'http.route=pay', 'R b [b1]'],
    ['a duration', '>15ms', '[R]'],
  ])('%s: %s', (_, text, expected) => {
    const typing = text
      .split(' ')
      .map((word) => `text:${word}`)
      .join(' space ');
    const stage = open().keys(`f ${typing} enter`);
    expect(rows(stage).replace(/[[\]]/g, '')).toBe(expected.replace(/[[\]]/g, ''));
  });

  test('the ancestors stay, dimmed; escape shows all again', async () => {
    const stage = open().keys('f text:b11 enter');
    expect(rows(stage).replace(/[[\]]/g, '')).toBe('R b b1 b11');
    expect(await stage.text()).toMatch(/only “b11” 1 of 7 spans/);
    expect(rows(stage.keys('escape')).replace(/[[\]]/g, '')).toBe('R a a1 a2 b b1 b11');
  });

  test('errors that are filtered out are not jumped to', () => {
    const stage = open().keys('f text:cart enter g e');
    expect(rows(stage)).toBe('R a [a2]');
    expect(rows(stage.keys('e'))).toBe('R a [a2]');
  });
});

describe('services', () => {
  test('x hides the spans of the service, not what they called', () => {
    expect(rows(open().keys('j x'))).toMatch(/^\[?R\]? \[?a1\]? b b1 b11$/);
  });

  test('the last service stays', () => {
    const stage = open().keys('x x x x x x');
    expect(rows(stage)).not.toBe('');
  });

  test('X shows the service with its ancestors, X again all', () => {
    const stage = open().keys('j j X');
    expect(rows(stage)).toBe('R a [a1] b b1 b11');
    expect(stage.context().data.trace(waterfall(stage).traceId).status).toBe('ready');
    expect(rows(stage.keys('X'))).toBe('R a [a1] a2 b b1 b11');
  });
});

test('C leaves the critical path with its ancestors', () => {
  const stage = open().keys('C');
  const all = rows(open()).replace(/[[\]]/g, '').split(' ');
  const critical = rows(stage).replace(/[[\]]/g, '').split(' ');
  expect(critical.length).toBeLessThanOrEqual(all.length);
  expect(critical).toContain('b11');
});

describe('a new root', () => {
  test('r shows the subtree alone and its time; escape the whole trace', () => {
    const stage = open().keys('G k k r');
    expect(rows(stage)).toBe('[b] b1 b11');
    expect(waterfall(stage).window).not.toBeNull();
    expect(rows(stage.keys('escape'))).toBe('R a a1 a2 [b] b1 b11');
    expect(waterfall(stage).window).toBeNull();
  });

  test('h stops at it', () => {
    expect(rows(open().keys('G k k r h h h h'))).toBe('[b]');
  });

  test('numbers fold to so many levels below it', () => {
    expect(rows(open().keys('2')).replace(/[[\]]/g, '')).toBe('R a b');
    expect(rows(open().keys('G k k r 2')).replace(/[[\]]/g, '')).toBe('b b1');
  });
});

describe('repeated siblings', () => {
  test('share a row with their number, sum and percentiles', async () => {
    const stage = open(repeated(12));
    expect(rows(stage)).toBe('[list] SELECT users render');
    const text = await stage.keys('j').text();
    expect(text).toMatch(/SELECT users +×12 p50 5.00ms p95 5.00ms +Σ60.0ms/);
    expect(text).toMatch(/×12 {2}Σ 60.0ms {2}p50 5.00ms .* one after the other/);
  });

  test('four do not', () => {
    expect(rows(open(repeated(4)))).not.toMatch(/SELECT users render$/);
  });

  test('l shows each, h shares the row again', () => {
    const stage = open(repeated(5)).keys('j l');
    expect(rows(stage).match(/SELECT users/g)).toHaveLength(5);
    expect(rows(stage.keys('j h'))).toBe('list [SELECT users] render');
  });

  test('u shows each of all', () => {
    const stage = open(repeated(6)).keys('u');
    expect(rows(stage).match(/SELECT users/g)).toHaveLength(6);
    expect(rows(stage.keys('u'))).toBe('[list] SELECT users render');
  });

  test('an error among them is counted, and the jump to it opens them', async () => {
    const stage = open(repeated(8, [6]));
    expect(await stage.text()).toMatch(/✖ SELECT users +×8 ✖1/);
    stage.keys('e');
    expect(rows(stage).match(/SELECT users/g)).toHaveLength(8);
    expect(await stage.text()).toContain('✖ 1/1');
  });

  test('100,000 of them are one row', () => {
    const stage = open(repeated(100_000));
    expect(rows(stage)).toBe('[list] SELECT users render');
  });
});

describe('mouse', () => {
  const mouse = { button: 'left', shift: false, ctrl: false, isDouble: false } as const;
  /** Where the bars begin at 120 columns. */
  const X = 61;

  test('a drag on the axis zooms to what it marked, Z goes back', () => {
    const stage = open();
    stage.event({ kind: 'mouse', action: 'down', x: X + 10, y: 3, ...mouse });
    stage.event({ kind: 'mouse', action: 'drag', x: X + 19, y: 3, ...mouse });
    expect(waterfall(stage).brush).toEqual({ on: 'axis', fromCell: 10, toCell: 19 });
    stage.event({ kind: 'mouse', action: 'up', x: X + 19, y: 3, ...mouse });
    const { window, brush } = waterfall(stage);
    expect(brush).toBeNull();
    const whole = 22e6;
    expect((window?.endNs ?? 0) - (window?.startNs ?? 0)).toBeCloseTo((whole * 10) / 59, -6);
    expect(waterfall(stage.keys('Z')).window).toBeNull();
  });

  test('a drag on the minimap zooms, a click there moves what is shown', () => {
    const stage = open();
    stage.event({ kind: 'mouse', action: 'down', x: X, y: 2, ...mouse });
    stage.event({ kind: 'mouse', action: 'drag', x: X + 9, y: 2, ...mouse });
    stage.event({ kind: 'mouse', action: 'up', x: X + 9, y: 2, ...mouse });
    const first = waterfall(stage).window;
    expect(first?.startNs).toBe(0);
    stage.event({ kind: 'mouse', action: 'down', x: X + 50, y: 2, ...mouse });
    stage.event({ kind: 'mouse', action: 'up', x: X + 50, y: 2, ...mouse });
    expect(waterfall(stage).window?.startNs ?? 0).toBeGreaterThan(first?.endNs ?? 0);
  });

  test('a click on the sign before a name folds', () => {
    const stage = open();
    // Row 1 is `a`, one level deep: cursor, mark, two cells of guide, sign.
    stage.event({ kind: 'mouse', action: 'down', x: 4, y: 6, ...mouse });
    expect(rows(stage)).toBe('R [a] b b1 b11');
  });

  test('the wheel with ctrl zooms at the pointer', () => {
    const stage = open();
    stage.event({ kind: 'mouse', action: 'wheel-up', x: X, y: 10, ...mouse, ctrl: true });
    expect(waterfall(stage).window?.startNs).toBeLessThan(0.1e6);
    expect(waterfall(stage).window?.endNs).toBeLessThan(20e6);
  });
});

test('the ancestors of the first row stand above it when they have scrolled off', async () => {
  const deep = drawnSpans(
    Array.from(
      { length: 30 },
      (_, i) => `${' '.repeat(i)}s${i} ${' '.repeat(40 - i)}[--------)`,
    ).join('\n'),
  );
  const stage = new Stage(memorySource([deep]), { columns: 80, rows: 20 }).keys('enter G');
  const line = (await stage.text()).split('\n')[4] ?? '';
  expect(line).toMatch(/^ {2}»\d+ .*s\d+$/);
});

test('T shows the time of day on the axis', async () => {
  expect(await open().keys('T').text()).toMatch(/\d\d:\d\d:\d\d\.\d{3}/);
});
