// How long a key takes from the event to the bytes, and how many bytes, on one large trace, in CPU time; fails where a target is missed.
//   node test/bench/run.mjs explorer-frames
import process from 'node:process';
import { packView } from '../../src/tui/pack-view.ts';
import type { TraceSource } from '../../src/tui/trace-source.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace, shopTrace } from '../helpers/shop-spans.ts';
import { Stage } from '../helpers/stage.ts';

const SPANS = 100_000;
const REPEATS = 200;
/** Steps of zooming in a row. */
const ZOOMS = 6;
const ZOOM_IN = '+ '.repeat(ZOOMS).trim();
/** What is pressed, and from where: a key that changes nothing would cost nothing. */
const KEYS = {
  'move by one': { key: 'j' },
  'scroll by one': { key: 'j', first: (rows: number) => `g ${'j '.repeat(rows).trim()}` },
  'page down': { key: 'pagedown' },
  'page up': { key: 'pageup', first: () => 'G' },
  'fold and unfold': { key: 'space' },
  // Both end somewhere: the whole trace, and the shortest window.
  'zoom in': { key: '+', before: (i: number) => (i % ZOOMS === 0 ? '0' : '') },
  'zoom out': { key: '-', before: (i: number) => (i % ZOOMS === 0 ? `0 ${ZOOM_IN}` : '') },
  'next error': { key: 'e' },
  'critical path on and off': { key: 'c' },
} as const satisfies Record<string, Key>;

interface Key {
  readonly key: string;
  /** Pressed once before. */
  readonly first?: (rows: number) => string;
  /** Pressed before each, not measured; '' for nothing. */
  readonly before?: (i: number) => string;
}

/** Milliseconds at 50 and 99 %, by the size of the terminal. */
const TIMES: Readonly<Record<string, readonly [number, number]>> = {
  '80x24': [5, 12],
  '200x50': [5, 12],
  '300x80': [8, 18],
};
/** Bytes of one frame at 200×50. */
const BYTES: Readonly<Record<string, number>> = {
  'move by one': 1000,
  'scroll by one': 1200,
  'page down': 8000,
};

// As in the program, nobody holds the spans as objects: the collector would walk over them.
const packed = packView(largeShopTrace(SPANS));
const source: TraceSource = { ...memorySource([shopTrace(1)]), readTrace: () => packed };
const missed: string[] = [];
const at = (values: readonly number[], part: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0;

for (const [columns, rows] of [
  [80, 24],
  [200, 50],
  [300, 80],
] as const) {
  const size = `${columns}x${rows}`;
  const stage = new Stage(source, { columns, rows });
  const opened = process.cpuUsage();
  stage.keys('enter');
  const { user, system } = process.cpuUsage(opened);
  console.log(`${size}: opened in ${((user + system) / 1000).toFixed(0)} ms`);
  // Rows are drawn by the compiler's best code after a few screens.
  for (let i = 0; i < 50; i++) stage.keys('pagedown j + - pageup');
  for (const [what, { key, first, before }] of Object.entries<Key>(KEYS)) {
    stage.keys('g 0');
    if (first) stage.keys(first(rows));
    const times: number[] = [];
    const bytes: number[] = [];
    const repeats = what === 'move by one' ? rows - 12 : REPEATS;
    for (let i = 0; i < repeats; i++) {
      const setup = before?.(i) ?? '';
      if (setup !== '') stage.keys(setup);
      // What was written before is not part of it, and would weigh on the collector.
      stage.output = '';
      const start = process.cpuUsage();
      stage.keys(key);
      const used = process.cpuUsage(start);
      times.push((used.user + used.system) / 1000);
      bytes.push(Buffer.byteLength(stage.output));
    }
    const [p50, p99, size50] = [at(times, 0.5), at(times, 0.99), at(bytes, 0.5)];
    const [most50, most99] = TIMES[size] ?? [0, 0];
    const mostBytes = size === '200x50' ? BYTES[what] : undefined;
    // A key that draws nothing was not measured.
    const isMissed =
      size50 === 0 ||
      p50 > most50 ||
      p99 > most99 ||
      (mostBytes !== undefined && size50 > mostBytes);
    if (isMissed) missed.push(`${size} ${what}`);
    console.log(
      `${isMissed ? '✖' : ' '} ${what.padEnd(26)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${size50} bytes`,
    );
  }
}
console.log(
  `resident: ${(process.memoryUsage.rss() / 2 ** 20).toFixed(0)} MiB, what made the spans included`,
);
if (missed.length > 0) console.error(`missed: ${missed.join(', ')}`);
process.exitCode = missed.length > 0 ? 1 : 0;
