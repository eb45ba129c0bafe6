import { expect, test } from 'vitest';
import type { Span } from '../../src/model/span.ts';
import { KEY_SCREENS } from '../../src/tui/key-table.ts';
import { bindingsOf } from '../../src/tui/keymap.ts';
import { drawnSpans } from '../helpers/drawn-trace.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace, randomSequence, shopTrace } from '../helpers/shop-spans.ts';
import { spanOf, traceIdOf } from '../helpers/span-of.ts';
import { Stage } from '../helpers/stage.ts';

const STEPS = 200;
const SIZES = [
  [80, 24],
  [60, 15],
  [120, 40],
  [40, 10],
  [200, 50],
] as const;

/** A few hundred ordinary traces and some that are odd. */
function traces(): Span[][] {
  const picture = `
    R  [---------------)
     a     [----)
  `;
  return [
    ...Array.from({ length: 120 }, (_, i) => shopTrace(i)),
    largeShopTrace(3000),
    drawnSpans(picture, { R: { traceId: traceIdOf('d1') }, a: { traceId: traceIdOf('d1') } }),
    [spanOf({ traceId: traceIdOf('d2'), name: '', service: '', durationNs: 0 })],
    [
      spanOf({
        traceId: traceIdOf('d3'),
        parentSpanId: '99',
        name: '🚀👩‍💻 ⚠️ नमस्ते 한글',
        durationNs: 5,
      }),
    ],
  ];
}

/** Keys that mean something somewhere, but for those that would end the session. */
const KEYS = [
  ...new Set(KEY_SCREENS.flatMap((screen) => bindingsOf(screen).flatMap(({ keys }) => keys))),
].filter((key) => key !== 'ctrl-c' && key !== 'f1');

test.each([1, 2])(
  'whatever one does (%i), nothing breaks and the screen is what a full redraw would show',
  async (seed) => {
    const random = randomSequence(seed * 7919);
    const pick = <T>(values: readonly T[]): T => {
      const value = values[Math.floor(random() * values.length)];
      if (value === undefined) throw new RangeError('nothing to pick from');
      return value;
    };
    const stage = new Stage(memorySource(traces()));
    await stage.analyzed();
    const done: string[] = [];
    for (let step = 0; step < STEPS; step++) {
      const kind = random();
      if (kind < 0.8) {
        const key = random() < 0.25 ? 'enter' : pick(KEYS);
        done.push(key);
        stage.keys(key);
      } else if (kind < 0.9) {
        const [columns, rows] = pick(SIZES);
        done.push(`${columns}x${rows}`);
        stage.event({ kind: 'resize', columns, rows });
      } else {
        const action = pick(['down', 'wheel-up', 'wheel-down'] as const);
        const x = Math.floor(random() * stage.state.columns);
        const y = Math.floor(random() * stage.state.rows);
        done.push(`${action} ${x},${y}`);
        const rest = {
          button: 'left',
          shift: false,
          ctrl: random() < 0.2,
          isDouble: random() < 0.3,
        } as const;
        stage.event({ kind: 'mouse', action, x, y, ...rest });
      }
      const expected = (await stage.redrawn()).looks();
      const shown = (await stage.terminal()).looks();
      const wrong = shown.flatMap((row, y) => (row === expected[y] ? [] : [y]));
      expect(wrong, `rows after ${done.slice(-12).join(' ')}`).toEqual([]);
    }
  },
);
