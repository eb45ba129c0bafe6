import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { generateDump } from '../bench/generate-dump.ts';
import { measuredRun } from '../bench/measured-run.ts';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const LARGE_BYTES = 9_000_000;

/** Two spans, between them a large one. */
function dumpWithLargeSpan(): string {
  const file = path.join(temporaryFolder(), 'dump.json');
  const spans = ['a', 'x'.repeat(LARGE_BYTES), 'b'].map((name, index) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: String(index + 1).padStart(16, '0'),
    name,
    startTimeUnixNano: '1700000000000000000',
    endTimeUnixNano: '1700000000000001000',
  }));
  writeFileSync(file, JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }));
  return file;
}

test('a span that does not fit into the memory is passed over, and read when there may be more', () => {
  const run = newUser();
  const dump = dumpWithLargeSpan();
  const first = run(['import', dump, '--json']);
  expect(first.status).toBe(0);
  const { files, totals } = JSON.parse(first.stdout);
  expect(totals).toMatchObject({ spans: 2, spansAdded: 2 });
  expect(files[0]).toMatchObject({ records: 3 });
  expect(files[0].issues).toMatchObject([
    { code: 'record-too-large', severity: 'dropped', count: 1, firstAt: { line: 1 } },
  ]);
  const told = run(['import', dump]);
  expect(told.stdout).toContain('more memory than --max-memory allows');
  const more = run(['import', dump, '--max-memory', '400MB', '--json']);
  expect(JSON.parse(more.stdout).totals).toMatchObject({ spansAdded: 1, spansDuplicate: 2 });
  expect(run(['analyze', dump, '--max-memory', '400MB', '--json']).status).toBe(0);
});

test.each([['10MB'], ['plenty']])('--max-memory %s is refused', (size) => {
  const { status, stderr } = newUser()([
    'import',
    'fixtures/shop.otlp.jsonl',
    '--max-memory',
    size,
  ]);
  expect(status).toBe(2);
  expect(stderr).toContain('--max-memory');
});

test.each(['otlp-jsonl', 'jaeger', 'zipkin'] as const)(
  'an import of 60 MB of %s stays below 200 MB',
  (format) => {
    const folder = temporaryFolder();
    const dump = path.join(folder, 'dump');
    generateDump(format, 50_000, dump);
    const store = path.join(folder, 'store.db');
    const args = [BIN, 'import', dump, '--store', store, '--json'];
    const usage = measuredRun(args, path.join(ROOT, 'test/bench/report-usage.cjs'));
    expect(JSON.parse(usage?.output ?? '{}').totals.spans).toBeGreaterThan(50_000);
    expect(usage?.peakMiB).toBeLessThan(190);
  },
);
