import { expect, test } from 'vitest';
import {
  type SeparatingAttributes,
  type SeparatingProperty,
  separatingAttributes,
} from '../../src/analysis/separating-attributes.ts';
import type { Trace } from '../../src/model/trace.ts';
import { resourceOf, spanOf } from '../helpers/span-of.ts';
import { tracesOf } from '../helpers/traces-of.ts';

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const REGIONS = ['eu', 'us', 'asia'];

interface Request {
  readonly region: string;
  readonly version: string;
  readonly user: string;
  readonly port: number;
}

/** Shops of some regions and versions that serve many users, each trace a call from `web` to `cart`. */
function requests(count: number, random: () => number): Request[] {
  return Array.from({ length: count }, (_, i) => ({
    region: REGIONS[Math.floor(random() * 3)] ?? 'eu',
    version: random() < 0.2 ? '2.1' : '2.0',
    user: `u${Math.floor(random() * 300)}`,
    port: 40_000 + (i % 7),
  }));
}

function traceOf({ region, version, user, port }: Request, index: number): Trace {
  const traceId = (index + 1).toString(16);
  const [trace] = tracesOf([
    spanOf({ traceId, spanId: '1', name: 'GET /', service: 'web', attributes: { user, port } }),
    spanOf({
      traceId,
      spanId: '2',
      parentSpanId: '1',
      name: 'list',
      resource: resourceOf('cart', { region, 'service.version': version }),
    }),
  ]);
  if (trace === undefined) throw new RangeError('no trace');
  return trace;
}

function compared(traces: readonly Trace[], isSelected: (index: number) => boolean) {
  const accumulator = separatingAttributes([{ name: 'chosen' }]);
  for (const [index, trace] of traces.entries()) accumulator.add(trace, [isSelected(index)]);
  return only(accumulator.result());
}

function only(results: readonly SeparatingAttributes[]): SeparatingAttributes {
  const [result] = results;
  if (result === undefined || results.length > 1) throw new RangeError('not one result');
  return result;
}

function textOf({ source, key, value }: SeparatingProperty): string {
  return `${source} ${key}=${value}`;
}

test.each([1, 2, 3, 4, 5])(
  'the version that makes requests slow is ranked first (seed %i)',
  (seed) => {
    const random = seeded(seed);
    const all = requests(400, random);
    const slow = all.map(({ version }) => random() < (version === '2.1' ? 0.5 : 0.02));
    const result = compared(all.map(traceOf), (i) => slow[i] ?? false);
    const [first] = result.properties;
    expect(first && textOf(first)).toBe('resource service.version=2.1');
    expect(first?.selected).toBe(
      all.filter(({ version }, i) => slow[i] && version === '2.1').length,
    );
    expect(first?.rest).toBe(all.filter(({ version }, i) => !slow[i] && version === '2.1').length);
    expect(first?.selectedShare).toBeCloseTo((first?.selected ?? 0) / result.selected, 12);
    expect(result.properties.map(textOf).filter((text) => text.includes('region'))).toEqual([]);
  },
);

test('a random split separates nothing in at least 95 of 100 data sets', () => {
  const falseAlarms = Array.from({ length: 100 }, (_, run) => {
    const random = seeded(1000 + run);
    const traces = requests(200, random).map(traceOf);
    return compared(traces, () => random() < 0.3).properties.length;
  }).filter((significant) => significant > 0);
  expect(falseAlarms.length).toBeLessThanOrEqual(5);
});

test('what is rarer among the selected traces counts too, with a negative difference', () => {
  const traces = requests(200, seeded(7)).map((request, i) =>
    traceOf({ ...request, region: i < 100 ? 'eu' : 'us' }, i),
  );
  const { properties } = compared(traces, (i) => i < 100 && i % 2 === 0);
  expect(properties.map((p) => [p.value, p.selectedShare, Math.sign(p.difference)])).toEqual([
    ['eu', 1, 1],
    ['us', 0, -1],
  ]);
});

test('properties of the same traces are one row and one try', () => {
  const traces = Array.from({ length: 60 }, (_, i) => {
    const attributes = i < 20 ? { flag: true, variant: 'b' } : { variant: 'a' };
    return tracesOf([spanOf({ traceId: (i + 1).toString(16), attributes })]);
  }).flat();
  const result = compared(traces, (i) => i < 20);
  expect(result.tried).toBe(2);
  expect(result.properties.map(textOf)).toEqual(['span flag=true', 'span variant=a']);
  expect(result.properties[0]?.sameTraces).toEqual([
    { source: 'span', key: 'variant', value: 'b' },
    { source: 'span', key: 'flag', value: null },
  ]);
  expect(result.properties[0]?.exemplar).toBe('1'.padStart(32, '0'));
});

test('a key with more values than can be kept is still known to be there', () => {
  const traces = Array.from({ length: 1500 }, (_, i) =>
    tracesOf([
      spanOf({
        traceId: (i + 1).toString(16),
        attributes: i < 1200 ? { order: `o${i}`, size: BigInt(i % 1000) } : {},
      }),
    ]),
  ).flat();
  const result = compared(traces, (i) => i < 600);
  expect(result.crowdedKeys).toEqual(['span order']);
  const [first] = result.properties;
  expect(first && textOf(first)).toBe('span order=null');
  expect([first?.selected, first?.rest]).toEqual([600, 600]);
});

test('keys that only restate the selection are left out', () => {
  const accumulator = separatingAttributes([
    { name: 'failed', isConsequence: (key) => key === 'error.type' },
    { name: 'all the same' },
  ]);
  for (let i = 0; i < 60; i++) {
    const attributes = { node: i < 20 ? 'a' : 'b', ...(i < 20 && { 'error.type': 'timeout' }) };
    const [trace] = tracesOf([spanOf({ traceId: (i + 1).toString(16), attributes })]);
    if (trace) accumulator.add(trace, [i < 20, i < 20]);
  }
  const [failed, other] = accumulator.result();
  expect(failed?.properties[0]?.sameTraces).toEqual([]);
  expect(other?.properties[0]?.sameTraces.map(({ key }) => key)).toContain('error.type');
});

test('the order of the traces makes no difference', () => {
  const random = seeded(3);
  const numbered = requests(150, random).map((request, i) => ({
    trace: traceOf(request, i),
    isSelected: request.region === 'eu' && random() < 0.8,
  }));
  const resultOf = (list: typeof numbered) =>
    compared(
      list.map(({ trace }) => trace),
      (i) => list[i]?.isSelected ?? false,
    );
  expect(resultOf(numbered.toReversed())).toEqual(resultOf(numbered));
});

test.each([0, 60])('with %i of 60 traces selected nothing separates', (selected) => {
  const traces = requests(60, seeded(1)).map(traceOf);
  const result = compared(traces, (i) => i < selected);
  expect(result).toMatchObject({ selected, rest: 60 - selected, tried: 0, properties: [] });
});

test('traces that are selected after all others have been added count as if they had been from the start', () => {
  const traces = Array.from({ length: 60 }, (_, i) =>
    tracesOf([
      spanOf({
        traceId: (i + 1).toString(16),
        attributes: { tenant: `t${i % 7}`, build: i < 20 ? 'old' : 'new' },
        resource: resourceOf('cart', { region: `r${i % 3}` }),
      }),
    ]),
  ).flat();
  const selections = [{ name: 'some' }, { name: 'others' }];
  const [atOnce, later] = [separatingAttributes(selections), separatingAttributes(selections)];
  for (const [i, trace] of traces.entries()) {
    atOnce.add(trace, [i < 20, i % 7 < 2]);
    later.add(trace, [i < 20, false]);
  }
  for (const [i, trace] of traces.entries()) if (i % 7 < 2) later.select(trace, 1);
  expect(atOnce.result()[1]?.properties.length).toBeGreaterThan(0);
  expect(later.result()).toEqual(atOnce.result());
});

test('values that are secrets separate traces without being told', () => {
  const TOKEN = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
  const traces = Array.from({ length: 40 }, (_, index) => {
    const isChosen = index % 2 === 0;
    const attributes = isChosen
      ? { 'db.password': 'hunter2', note: `used ${TOKEN}`, 'db.user': 'ann' }
      : { 'db.password': 'correct horse', note: 'none', 'db.user': 'bob' };
    const [trace] = tracesOf([spanOf({ traceId: (index + 1).toString(16), attributes })]);
    if (trace === undefined) throw new RangeError('no trace');
    return trace;
  });
  const result = compared(traces, (index) => index % 2 === 0);
  const told = JSON.stringify(result);
  expect(told).not.toContain('hunter2');
  expect(told).not.toContain('correct horse');
  expect(told).not.toContain(TOKEN);
  const names = result.properties.flatMap(({ sameTraces, ...own }) => [own, ...sameTraces]);
  expect(names).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ key: 'db.password', value: '…' }),
      expect.objectContaining({ key: 'note', value: 'used …' }),
      expect.objectContaining({ key: 'db.user', value: 'ann' }),
    ]),
  );
});
