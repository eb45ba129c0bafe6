import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { chosenFindings } from '../../src/cli/chosen-findings.ts';
import { UserError } from '../../src/model/user-error.ts';
import { temporaryFolder } from '../helpers/run-tracecli.ts';

test('without options all rules run with their defaults', () => {
  expect(chosenFindings({})).toEqual({ disabled: [], params: {}, suppressed: [] });
});

test('thresholds are numbers or lists, as their defaults are, and may be written as in a configuration', () => {
  const param = [
    'slow-db.minDurationMs=2.5',
    'detect.n-plus-one.minCalls=3',
    'external-host.dropSites=a.example, b.example',
  ];
  expect(chosenFindings({ param, allowHosts: ['*.internal'] }).params).toEqual({
    'slow-db.minDurationMs': 2.5,
    'n-plus-one.minCalls': 3,
    'external-host.dropSites': ['a.example', 'b.example'],
    'external-host.allowedHosts': ['*.internal'],
  });
});

test.each([
  [{ onlyRule: ['n-plus-on'] }, '"n-plus-on" is not a rule', '--only-rule n-plus-one'],
  [{ disableRule: ['retri'] }, '"retri" is not a rule', '--disable-rule retry'],
  [
    { disableRule: ['quite-another'] },
    '"quite-another" is not a rule',
    'tracecli rules lists them',
  ],
  [{ param: ['slow-bd.minDurationMs=1'] }, '"slow-bd" is not a rule', '--param slow-db'],
  [
    { param: ['slow-db.minDurationms=1'] },
    'the rule slow-db has no threshold "minDurationms"',
    '--param slow-db.minDurationMs=1',
  ],
  [
    { param: ['slow-db.minDurationMs=1s'] },
    '--param slow-db.minDurationMs=1s: the threshold is a number from 0',
    '--param slow-db.minDurationMs=500, which is the default',
  ],
  [
    { param: ['slow-db.minDurationMs='] },
    '--param slow-db.minDurationMs=: the threshold is a number from 0',
    '--param slow-db.minDurationMs=500, which is the default',
  ],
  [
    { param: ['minDurationMs'] },
    '--param minDurationMs names no threshold',
    'write --param rule.threshold=value, e.g. --param slow-db.minDurationMs=200',
  ],
])('%j is refused with the nearest name', (options, what, fix) => {
  expect(errorOf(() => chosenFindings(options))).toMatchObject({ kind: 'usage', what, fix });
});

function errorOf(act: () => unknown): UserError {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('a file of fingerprints has one a line, with comments', () => {
  const file = path.join(temporaryFolder(), 'known.txt');
  writeFileSync(file, '# known\r\n0123456789ABCDEF0123456789abcdef  # until May\n\n89abcdef\n');
  expect(chosenFindings({ suppress: file }).suppressed).toEqual([
    '0123456789abcdef0123456789abcdef',
    '89abcdef',
  ]);
});

test('a line that is no fingerprint is refused with its place', () => {
  const file = path.join(temporaryFolder(), 'known.txt');
  writeFileSync(file, '89abcdef\nslow-db\n');
  expect(errorOf(() => chosenFindings({ suppress: file }))).toMatchObject({
    what: '"slow-db" is not a fingerprint',
    where: [`${file}, line 2`],
  });
});

test('a file that is not there is refused before anything is read', () => {
  expect(errorOf(() => chosenFindings({ suppress: '/no/such/file' }))).toMatchObject({
    kind: 'usage',
    what: 'cannot read /no/such/file',
  });
});
