// How long a key takes from the event to the bytes, on one large trace, in CPU time.
//   npx esbuild test/bench/explorer-frames.ts --bundle --platform=node --format=esm --packages=external --outfile=node_modules/.cache/frames.mjs
//   NODE_ENV=production node node_modules/.cache/frames.mjs
import process from 'node:process';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace } from '../helpers/shop-spans.ts';
import { Stage } from '../helpers/stage.ts';

const SPANS = 100_000;
const REPEATS = 200;
const KEYS: Readonly<Record<string, string>> = {
  'move by one': 'j',
  'page down': 'pagedown',
  'page up': 'pageup',
  'fold and unfold': 'space',
  'zoom in': '+',
  'zoom out': '-',
  'next error': 'e',
  'critical path on and off': 'c',
};

const began = performance.now();
const source = memorySource([largeShopTrace(SPANS)]);
console.log(`made ${SPANS} spans in ${(performance.now() - began).toFixed(0)} ms`);
for (const [columns, rows] of [
  [80, 24],
  [200, 50],
] as const) {
  const stage = new Stage(source, { columns, rows });
  const opened = performance.now();
  stage.keys('enter');
  console.log(`${columns}x${rows}: opened in ${(performance.now() - opened).toFixed(0)} ms`);
  for (const [what, key] of Object.entries(KEYS)) {
    const times: number[] = [];
    const bytes: number[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const before = stage.output.length;
      const start = process.cpuUsage();
      stage.keys(key);
      const { user, system } = process.cpuUsage(start);
      times.push((user + system) / 1000);
      bytes.push(stage.output.length - before);
    }
    const at = (values: number[], part: number) =>
      values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * part)] ?? 0;
    const [p50, p99] = [at(times, 0.5), at(times, 0.99)];
    console.log(
      `${what.padEnd(26)} p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${at(bytes, 0.5)} characters`,
    );
  }
}
