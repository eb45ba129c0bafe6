import { describe, expect, test } from 'vitest';
import { memorySource } from '../helpers/memory-source.ts';
import { shopTrace } from '../helpers/shop-spans.ts';
import { Stage, type StageOptions } from '../helpers/stage.ts';

const SIZES = [
  [60, 15],
  [80, 24],
  [120, 40],
  [200, 50],
] as const;

const source = memorySource(
  Array.from({ length: 40 }, (_, i) => shopTrace(i)),
  '/var/lib/tracecli/store.db',
);

async function golden(stage: Stage, name: string): Promise<void> {
  const text = await stage.text();
  await expect(`${text}\n`).toMatchFileSnapshot(`../golden/tui/${name}.txt`);
}

describe.each(SIZES)('at %i×%i', (columns, rows) => {
  const size = `${columns}x${rows}`;
  const open = (options: StageOptions = {}) => new Stage(source, { columns, rows, ...options });

  test('the list of traces', () => golden(open().keys('j j'), `traces-${size}`));

  test('a trace with errors, a skewed clock and orphans', () =>
    golden(open().keys('s s s enter'), `waterfall-${size}`));

  test('the details of a failed span', () =>
    golden(open().keys('s s s enter e e enter'), `span-${size}`));

  test('the dependencies', async () => {
    const stage = open().keys('4');
    await stage.analyzed();
    await golden(stage, `dependencies-${size}`);
  });

  test.each([
    ['overview', '1'],
    ['services', '3'],
    ['graph', '4 v j'],
    ['findings', '5'],
    ['requests', '6'],
    ['flame', '7 j'],
    ['compare', 's d j d'],
    ['histogram', 'c'],
    ['scatter', 'c c'],
  ])('%s', async (name, keys) => {
    const stage = await open().keys(keys).analyzed();
    await golden(stage, `${name}-${size}`);
  });

  test('what can be copied of a span', () =>
    golden(open().keys('s s s enter e y'), `copy-${size}`));

  test('a trace re-rooted, filtered and zoomed', () =>
    golden(open().keys('s s s enter j j j j r f text:select enter'), `filtered-${size}`));

  test('the help of the waterfall', () => golden(open().keys('enter ?'), `help-${size}`));
});
