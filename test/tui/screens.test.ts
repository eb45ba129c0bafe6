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

  test('the help of the waterfall', () => golden(open().keys('enter ?'), `help-${size}`));
});
