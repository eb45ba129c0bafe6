import { expect, test } from 'vitest';
import { type ImportFacts, progressLine } from '../../src/cli/progress-line.ts';

const FACTS: ImportFacts = {
  dump: 'dump.json',
  bytes: 190e6,
  totalBytes: 450e6,
  spans: 84_000,
  issues: 0,
  bytesPerSecond: 95e6,
};

test.each<[Partial<ImportFacts>, string]>([
  [
    {},
    '━━━━━━━━━━──────────────  42 %  190 MB of 450 MB  84,000 spans  95.0 MB/s  3 s left  dump.json',
  ],
  [{ totalBytes: null }, '190 MB  84,000 spans  95.0 MB/s  dump.json'],
  [{ totalBytes: null, bytesPerSecond: null, spans: 1 }, '190 MB  1 span  dump.json'],
  [
    { issues: 12, bytesPerSecond: 1e6 },
    '━━━━━━━━━━──────────────  42 %  190 MB of 450 MB  84,000 spans  1.00 MB/s  4 min left  12 issues  dump.json',
  ],
  [
    { bytes: 449.9e6, issues: 1 },
    '━━━━━━━━━━━━━━━━━━━━━━━─  99 %  450 MB of 450 MB  84,000 spans  95.0 MB/s  1 s left  1 issue  dump.json',
  ],
  [
    { bytes: 450e6 },
    '━━━━━━━━━━━━━━━━━━━━━━━━  100 %  450 MB of 450 MB  84,000 spans  95.0 MB/s  dump.json',
  ],
  [
    { bytesPerSecond: 10_000 },
    '━━━━━━━━━━──────────────  42 %  190 MB of 450 MB  84,000 spans  10.0 kB/s  7 h left  dump.json',
  ],
])('with %j', (changes, line) => {
  expect(progressLine({ ...FACTS, ...changes })).toBe(line);
});

test('a name cannot move the cursor', () => {
  expect(progressLine({ ...FACTS, dump: 'a\x1b[2Jb' })).not.toContain('\x1b');
});
