// A long session of random keys, clicks and sizes: no exception, no growth of memory, and the terminal shows what a full redraw would.
//   node test/bench/run.mjs explorer-soak [events] [seed] [minutes]      10,000 events by default, spread over so many minutes
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { KEY_SCREENS } from '../../src/tui/key-table.ts';
import { bindingsOf } from '../../src/tui/keymap.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace, randomSequence, shopTrace } from '../helpers/shop-spans.ts';
import { Stage } from '../helpers/stage.ts';

const [events = '10000', seed = '1', minutes = '0'] = process.argv.slice(2);
const CHECK_EVERY = 50;
const SIZES = [
  [80, 24],
  [60, 15],
  [120, 40],
  [40, 10],
  [200, 50],
  [400, 120],
] as const;
const MOST_GROWTH = 1.2;

const random = randomSequence(Number(seed) * 7919);
const pick = <T>(values: readonly T[]): T => {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
};
const keys = [
  ...new Set(
    KEY_SCREENS.flatMap((screen) => bindingsOf(screen).flatMap((binding) => binding.keys)),
  ),
].filter((key) => key !== 'ctrl-c' && key !== 'f1' && key !== 'q');
const stage = new Stage(
  memorySource([...Array.from({ length: 60 }, (_, i) => shopTrace(i)), largeShopTrace(3000)]),
);

// Only what cannot be collected counts.
setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');
const usedMib = () => {
  collect();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

function act(): string {
  const kind = random();
  if (kind < 0.85) {
    const key = random() < 0.2 ? 'enter' : pick(keys);
    stage.keys(key);
    return key;
  }
  if (kind < 0.88) {
    const [columns, rows] = pick(SIZES);
    stage.event({ kind: 'resize', columns, rows });
    return `${columns}x${rows}`;
  }
  const action = pick(['down', 'drag', 'up', 'wheel-up', 'wheel-down'] as const);
  const x = Math.floor(random() * stage.state.columns);
  const y = Math.floor(random() * stage.state.rows);
  const more = { shift: random() < 0.1, ctrl: random() < 0.2, isDouble: random() < 0.3 };
  stage.event({ kind: 'mouse', action, x, y, button: 'left', ...more });
  return `${action} ${x},${y}`;
}

const started = performance.now();
/** When event `i` is due. */
const dueMs = (i: number) => (i / Number(events)) * Number(minutes) * 60_000;
let early = 0;
let wrong = 0;
const done: string[] = [];
for (let i = 1; i <= Number(events); i++) {
  done.push(act());
  if (i % CHECK_EVERY !== 0) continue;
  await sleep(Math.max(0, started + dueMs(i) - performance.now()));
  await stage.analyzed();
  const expected = (await stage.redrawn()).looks();
  const shown = (await stage.terminal()).looks();
  const rows = shown.flatMap((row, y) => (row === expected[y] ? [] : [y]));
  if (rows.length > 0) {
    wrong++;
    console.error(`rows ${rows.join(' ')} after ${done.slice(-15).join(' ')}`);
  }
  stage.effects.length = 0;
  await stage.forget();
  done.splice(0, done.length - 20);
  // What is kept for going back is there by then.
  if (i >= Number(events) / 4 && early === 0) early = usedMib();
}
const late = usedMib();
console.log(
  `${events} events, ${wrong} differences, heap ${early.toFixed(0)} → ${late.toFixed(0)} MiB`,
);
process.exitCode = wrong > 0 || late > early * MOST_GROWTH ? 1 : 0;
