import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/model/user-error.ts';
import { baselineText, isBaselineText, readBaseline } from '../../src/verdict/baseline-file.ts';
import { compareRuns } from '../../src/verdict/compare-runs.ts';
import { poolProfiles } from '../../src/verdict/pool-profiles.ts';
import { sampleOf, sampleText } from '../../src/verdict/sample-text.ts';
import { madeRun } from '../helpers/made-run.ts';
import { DEFAULTS, profileOf } from '../helpers/profile-of.ts';

const profile = profileOf(madeRun(100, 1, { audit: true, payError: 'declined', queries: 3 }));
const text = baselineText(profile, '1.0.0');

test('a baseline is read as it was written', () => {
  expect(isBaselineText(text)).toBe(true);
  expect(readBaseline(text, 'b.json')).toEqual(profile);
  expect(baselineText(readBaseline(text, 'b.json'), '1.0.0')).toBe(text);
});

test('findings are kept where somebody looked for them', () => {
  const known = { ...profile, findings: ['0a', '0b'] };
  expect(readBaseline(baselineText(known, '1'), 'b.json').findings).toEqual(['0a', '0b']);
});

test('takes less than forty bytes a span', () => {
  expect(text.length / profile.spans).toBeLessThan(40);
});

test('samples survive, however large', () => {
  const values = fc.array(fc.maxSafeNat(), { maxLength: 20 });
  fc.assert(
    fc.property(values, (sample) => {
      const sorted = Float64Array.from(sample).sort();
      expect(sampleOf(sampleText(sorted))).toEqual(sorted);
    }),
  );
});

test.each(['A', 'A===', '!!!!', 'gA=='])('%s is no sample', (damaged) => {
  expect(sampleOf(damaged)).toBeNull();
});

test.each([
  ['{}', 'b.json is damaged: expected a text', ['.schema']],
  ['{"schema":"tracecli.baseline/1"', 'b.json is not JSON', []],
  ['[]', 'b.json is damaged: expected an object', ['']],
  [
    '{"schema":"tracecli.baseline/9"}',
    'b.json is a baseline of another version: tracecli.baseline/9',
    [],
  ],
  [
    text.replace('"kind":"server"', '"kind":"sever"'),
    /expected one of/,
    [/^\.operations\[\d\]\.kind$/],
  ],
  [text.replace(/"durations":"[^"]*"/, '"durations":"?"'), /expected a sample/, [/durations$/]],
])('damaged: %.40s', (damaged, what, where) => {
  let error: unknown = null;
  try {
    readBaseline(damaged, 'b.json');
  } catch (thrown) {
    error = thrown;
  }
  if (!(error instanceof UserError)) throw new Error('it was read');
  expect(error.kind).toBe('input');
  expect(error.what).toMatch(what);
  expect(error.where).toEqual(
    where.map((place) => (typeof place === 'string' ? place : expect.stringMatching(place))),
  );
});

test('runs that are pooled compare like one run of all their traces', () => {
  const [a, b] = [madeRun(80, 1), madeRun(80, 2)];
  const current = profileOf(madeRun(160, 3, { slower: { query: 1.5 } }));
  const pooled = poolProfiles([profileOf(a), profileOf(b)]);
  const whole = profileOf([...a, ...b]);
  const verdicts = [pooled, whole].map((base) => {
    const { operations, structure } = compareRuns([base], [current], DEFAULTS);
    return [operations, structure];
  });
  expect(verdicts[0]).toEqual(verdicts[1]);
});

test('every released version of the file can still be compared with', () => {
  const released = readFileSync(
    new URL('../../fixtures/baselines/1.json', import.meta.url),
    'utf8',
  );
  const base = readBaseline(released, '1.json');
  expect(base.operations.length).toBe(9);
  const { status, operations } = compareRuns(
    [base],
    [profileOf(madeRun(120, 7, { slower: { 'POST /charge': 1.6 } }))],
    DEFAULTS,
  );
  expect(status).toBe('regressed');
  expect(operations.filter(({ isCause }) => isCause).map(({ name }) => name)).toEqual([
    'POST /charge',
  ]);
});
