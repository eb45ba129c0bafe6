import { expect, test } from 'vitest';
import { memorySource } from '../../helpers/memory-source.ts';
import { shopTrace } from '../../helpers/shop-spans.ts';
import { spanIdOf, spanOf, traceIdOf } from '../../helpers/span-of.ts';
import { Stage } from '../../helpers/stage.ts';

const link = {
  traceId: traceIdOf('22'),
  spanId: spanIdOf('2b'),
  traceState: '',
  attributes: new Map(),
  flags: 0,
  droppedAttributes: 0,
};
const linking = [
  spanOf({
    traceId: '11',
    spanId: '1a',
    name: 'reads',
    attributes: { 'http.route': '/cart', tenant: 'a b' },
    links: [link],
  }),
  spanOf({ traceId: '11', spanId: '1b', parentSpanId: '1a', name: 'other' }),
];
const linked = [
  spanOf({ traceId: '22', spanId: '2a', name: 'whole' }),
  spanOf({ traceId: '22', spanId: '2b', parentSpanId: '2a', name: 'part' }),
];

function open(): Stage {
  const stage = new Stage(memorySource([linking, linked]), { columns: 100, rows: 40 });
  return stage.keys('/ text:reads enter enter enter');
}

test('a link leads to its span, wherever that is', async () => {
  const stage = open().keys('enter text:follow enter');
  expect(stage.screen).toMatchObject({ kind: 'waterfall', traceId: traceIdOf('22'), selected: 1 });
  expect(await stage.text()).toContain('part');
  expect(stage.keys('escape').screen.kind).toBe('span');
});

test('a value becomes the filter of the waterfall below', () => {
  const stage = open().keys('enter text:route enter');
  expect(stage.screen).toMatchObject({ kind: 'waterfall' });
  expect(stage.screen.kind === 'waterfall' && stage.screen.outline.sieve.filter).toBe(
    'http.route=/cart',
  );
});

test('a value with a space is taken as one', async () => {
  const stage = open().keys('enter text:tenant enter');
  expect(await stage.text()).toMatch(/1 of 2 spans/);
});

test('a filter leaves the lines that have the words, and the headings', async () => {
  const stage = open().keys('/ text:route');
  const text = await stage.text();
  expect(text).toContain('http.route');
  expect(text).not.toContain('tenant');
  expect(text).toContain('Attributes');
  expect(await stage.keys('enter escape').text()).toContain('tenant');
});

test('stack traces are cut until one asks for them', async () => {
  const lines = Array.from({ length: 12 }, (_, i) => `    at frame${i} (file.js:${i}:1)`);
  const stack = ['Error: no', ...lines].join('\n');
  const attributes = { 'exception.stacktrace': stack };
  const source = memorySource([[spanOf({ attributes })]]);
  const stage = new Stage(source, { columns: 100, rows: 60 }).keys('enter enter');
  const cut = await stage.text();
  expect(cut).toMatch(/\(10 more lines; s shows them\)/);
  expect(cut).not.toContain('frame11');
  const whole = await stage.keys('s').text();
  expect(whole).not.toMatch(/more lines/);
  expect(whole).toContain('frame11');
});

test('the rank of a duration is told once all traces are known', async () => {
  const source = memorySource(Array.from({ length: 30 }, (_, i) => shopTrace(i)));
  const stage = new Stage(source, { columns: 100, rows: 60 });
  stage.keys('s enter enter');
  expect(await stage.text()).not.toContain('of its kind');
  await stage.keys('1').analyzed();
  expect(await stage.keys('2 enter enter').text()).toMatch(
    /rank +the slowest of 30 of its kind \(p50/,
  );
});
