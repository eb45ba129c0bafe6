import { describe, expect, test } from 'vitest';
import { compareRuns } from '../../src/verdict/compare-runs.ts';
import type { Comparison } from '../../src/verdict/comparison.ts';
import { madeRun, type RunChange } from '../helpers/made-run.ts';
import { comparisonOf, DEFAULTS, profileOf } from '../helpers/profile-of.ts';

const N = 240;
const base = madeRun(N, 1);
const against = (change: RunChange, seed = 2) => comparisonOf(base, madeRun(N, seed, change));
const regressed = ({ operations }: Comparison) =>
  operations
    .filter(({ status }) => status === 'regressed')
    .map(({ service, name, kind }) => `${service}: ${name}${kind === null ? '' : ` (${kind})`}`);

test('two runs of the same program are the same', () => {
  const comparison = against({});
  expect(comparison.status).toBe('unchanged');
  expect(regressed(comparison)).toEqual([]);
  expect(comparison.structure).toEqual([]);
});

test('ids in names do not keep operations apart', () => {
  const names = profileOf(base).operations.map(({ service, name }) => `${service}: ${name}`);
  expect(names).toContain('cart: GET /cart/*');
  expect(names.length).toBe(9);
});

describe('an operation that became slower', () => {
  const comparison = against({ slower: { 'POST /charge': 1.3 } });
  const change = comparison.operations.find(({ name }) => name === 'POST /charge');
  const [typical] = change?.changes ?? [];

  test('is found, as the cause, and the request with it', () => {
    expect(comparison.status).toBe('regressed');
    expect(regressed(comparison)).toEqual(['web: POST /checkout', 'pay: POST /charge (server)']);
    expect(change?.isCause).toBe(true);
  });

  test('with an interval that holds the truth', () => {
    expect(typical?.low).toBeLessThan(0.3);
    expect(typical?.high).toBeGreaterThan(0.3);
    expect(typical?.effect).toBeGreaterThan(0.2);
  });

  test('explains the request: the changes on the critical path add up', () => {
    const [explained, ...others] = comparison.explanations;
    expect(others).toEqual([]);
    expect(explained?.request.name).toBe('POST /checkout');
    expect(explained?.parts[0]).toMatchObject({ service: 'pay', name: 'POST /charge' });
    expect(explained?.parts[0]?.lowNs).toBeGreaterThan(0);
    const sum = explained?.parts.reduce((total, { changeNs }) => total + changeNs, 0) ?? 0;
    expect(sum / (explained?.changeNs ?? 1)).toBeCloseTo(1, 9);
  });
});

test('one that became faster is an improvement', () => {
  const comparison = against({ slower: { 'POST /charge': 0.7 } });
  expect(comparison.status).toBe('improved');
  expect(regressed(comparison)).toEqual([]);
});

test('a caller is no cause of what its callee does', () => {
  const { operations } = against({ slower: { 'SELECT items': 2 } });
  const causes = operations.filter(({ isCause }) => isCause).map(({ name }) => name);
  expect(causes).toEqual(['SELECT items']);
  const caller = operations.find(
    ({ service, name }) => service === 'cart' && name === 'GET /cart/*',
  );
  expect(caller).toMatchObject({ status: 'regressed', isCause: false });
});

test('more failures', () => {
  const comparison = against({ failing: 0.15 });
  expect(regressed(comparison)).toEqual(['cart: SELECT items (client)']);
  expect(comparison.structure.map(({ kind, detail }) => [kind, detail])).toEqual([
    ['new-error', 'connection reset'],
  ]);
});

describe('structure', () => {
  const kinds = (change: RunChange) =>
    against(change).structure.map(({ kind, operations }) => [
      kind,
      ...operations.map(({ service, name }) => `${service}: ${name}`),
    ]);

  test('siblings that used to overlap are serial', () => {
    expect(kinds({ serial: true })).toContainEqual([
      'now-serial',
      'web: POST /checkout',
      'price: GET /prices',
      'stock: GET /stock',
    ]);
  });

  test('a query in a loop', () => {
    expect(kinds({ queries: 6 })).toContainEqual(['more-calls', 'cart: SELECT items']);
  });

  test('a call that is new is told once, not with all that it calls', () => {
    expect(kinds({ audit: true })).toEqual([
      ['new-edge', 'cart: GET /cart/*', 'cart: POST /audit'],
    ]);
  });

  test('a call that has vanished', () => {
    const { structure } = comparisonOf(madeRun(N, 1, { audit: true }), madeRun(N, 2));
    expect(structure.map(({ kind }) => kind)).toContain('vanished-edge');
  });

  test('retries and what they retry', () => {
    const found = kinds({ payError: 'declined' });
    expect(found).toContainEqual(['new-retry', 'web: POST /checkout', 'pay: POST /charge']);
    expect(found).toContainEqual(['new-error', 'pay: POST /charge']);
    expect(found).toContainEqual(['more-calls', 'pay: POST /charge']);
  });

  test('spans that got lost', () => {
    expect(kinds({ lost: true })).toContainEqual(['lost-spans']);
  });

  test('equal changes have equal fingerprints', () => {
    const prints = [against({ serial: true }, 2), against({ serial: true }, 3)].map(
      ({ structure }) => structure.map(({ fingerprint }) => fingerprint),
    );
    expect(prints[0]).toEqual(prints[1]);
  });
});

describe('too little data', () => {
  test('is an answer of its own, and says how much would do', () => {
    const { status, operations } = comparisonOf(
      madeRun(4, 1),
      madeRun(4, 2, { slower: { query: 9 } }),
    );
    expect(status).toBe('insufficient-data');
    expect(operations.every(({ needsTraces }) => (needsTraces ?? 0) > 3)).toBe(true);
  });

  test('the detectable effect shrinks with more', () => {
    const effectOf = (n: number) =>
      comparisonOf(madeRun(n, 1), madeRun(n, 2)).operations.find(({ name }) => name === 'query')
        ?.detectableEffect ?? Number.NaN;
    const [few, many] = [effectOf(80), effectOf(800)];
    expect(few / many).toBeGreaterThan(2);
    expect(many).toBeLessThan(0.1);
  });

  test('no traces on one side', () => {
    expect(comparisonOf(base, []).status).toBe('insufficient-data');
    expect(comparisonOf([], base)).toMatchObject({
      status: 'insufficient-data',
      newRequests: [{ name: 'GET /search' }, { name: 'POST /checkout' }],
    });
  });
});

test('a change that is surely small is none, however sure it is', () => {
  const { operations, status } = comparisonOf(
    madeRun(4000, 1),
    madeRun(4000, 2, { slower: { 'POST /charge': 1.04 } }),
  );
  const [typical] = operations.find(({ name }) => name === 'POST /charge')?.changes ?? [];
  expect(typical?.adjustedP).toBeLessThan(0.01);
  expect([typical?.status, status]).toEqual(['unchanged', 'unchanged']);
});

test('baseline runs that differ among themselves show what is noise', () => {
  const slower = (factor: number) => ({ slower: { 'POST /charge': factor } });
  const runs = [1, 1.2, 1.45].map((factor, i) => profileOf(madeRun(N, 10 + i, slower(factor))));
  const judged = (factor: number) =>
    regressed(compareRuns(runs, [profileOf(madeRun(N, 20, slower(factor)))], DEFAULTS));
  expect(judged(1.35)).toEqual([]);
  expect(judged(1.8)).toContain('pay: POST /charge (server)');
});

test('the order of the traces does not matter', () => {
  const other = madeRun(N, 2, { slower: { query: 1.2 } });
  expect(comparisonOf(base.toReversed(), other.toReversed())).toEqual(comparisonOf(base, other));
});
