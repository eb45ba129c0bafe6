import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { madeDump } from '../bench/made-dump.ts';
import { newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

/** More than one thread analyses. */
const SPANS = 21_000;

test('two threads find in a large store what one finds', () => {
  const dump = path.join(temporaryFolder(), 'made.otlp-jsonl');
  writeFileSync(dump, [...madeDump('otlp-jsonl', SPANS)].join(''));
  const run = newUser();
  expect(run(['import', dump]).status).toBe(0);
  const analysis = (...args: string[]): Record<string, unknown> =>
    JSON.parse(run(['analyze', '--json', ...args]).stdout);
  const all = analysis();
  const findings = analysis('--only', 'findings');
  const others = analysis('--only', 'critical-path,errors,separates,latency,red,dependencies');
  expect(findings['findings']).not.toEqual([]);
  expect(all['findings']).toEqual(findings['findings']);
  expect({ ...all, findings: null, findingTotals: null }).toEqual({
    ...others,
    findings: null,
    findingTotals: null,
  });
}, 60_000);
