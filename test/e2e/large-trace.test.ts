import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { BIN, CLOCK, temporaryFolder } from '../helpers/run-tracecli.ts';

const SPANS = 40_000;

/** With a heap of this many MiB, in which not half of them fit. */
const SMALL_HEAP = 100;

/** A trace of many spans, and one of one. */
function dump(): string {
  const lines: string[] = [];
  for (let at = 0; at < SPANS; at += 1000) {
    lines.push(lineOf(Array.from({ length: 1000 }, (_, i) => spanOf('b', at + i))));
  }
  return [...lines, lineOf([spanOf('c', 0)])].join('');
}

function spanOf(trace: string, i: number) {
  return {
    traceId: trace.repeat(32),
    spanId: (i + 1).toString(16).padStart(16, '0'),
    parentSpanId: i === 0 ? '' : '1'.padStart(16, '0'),
    name: 'GET /',
    startTimeUnixNano: `17725${i.toString().padStart(14, '0')}`,
    endTimeUnixNano: `17725${(i + 1000).toString().padStart(14, '0')}`,
  };
}

function lineOf(spans: readonly unknown[]): string {
  return `${JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })}\n`;
}

function run(heapMiB: number, args: readonly string[]) {
  const options = `${CLOCK['NODE_OPTIONS'] ?? ''} --max-old-space-size=${heapMiB}`;
  const home = path.dirname(args.at(-1) ?? '');
  return spawnSync(process.execPath, [BIN, ...args], {
    env: { PATH: process.env['PATH'], HOME: home, TZ: 'UTC', ...CLOCK, NODE_OPTIONS: options },
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
  });
}

test('a trace that does not fit in memory is refused or left out by name, and taken with more', () => {
  const file = path.join(temporaryFolder(), 'large.jsonl');
  writeFileSync(file, dump());
  const store = ['--store', path.join(path.dirname(file), 'traces.db')];
  expect(run(SMALL_HEAP, ['import', file, ...store]).status).toBe(0);
  for (const args of [
    ['show', 'b'],
    ['diff', 'b', 'c'],
    ['query', '{ } | count() > 5'],
  ]) {
    const { status, stderr } = run(SMALL_HEAP, [...args, ...store]);
    expect(stderr, args.join(' ')).toMatch(
      /^error: trace b{32} is too large for the memory.*\n {2}40,000 spans, more than \d+,000\ntry: .*NODE_OPTIONS=--max-old-space-size=\d+\n$/,
    );
    expect(status).toBe(3);
  }
  const text = run(SMALL_HEAP, ['analyze', ...store]).stdout;
  expect(text).toContain('1 trace, 1 span');
  expect(text).toMatch(/not analysed: 1 trace of up to 40,000 spans, more than \d+,000; NODE_/);
  const { dataset } = JSON.parse(run(SMALL_HEAP, ['analyze', '--json', ...store]).stdout);
  expect(dataset.traces).toBe(1);
  expect(dataset.notAnalysed).toMatchObject({ traces: 1, largestSpans: SPANS });
  const heap = Number(/size=(\d+)/.exec(dataset.notAnalysed.remedy)?.[1]);
  const whole = JSON.parse(run(heap, ['analyze', '--json', ...store]).stdout).dataset;
  expect(whole).toMatchObject({ traces: 2, spans: SPANS + 1 });
  expect(whole).not.toHaveProperty('notAnalysed');
  const alone = run(SMALL_HEAP, ['analyze', '--min-duration', '10us', ...store]);
  expect(alone.stderr).toContain('every trace is too large for the memory that Node may use');
}, 90_000);
