import { expect, test } from 'vitest';
import { memorySource } from '../../helpers/memory-source.ts';
import { shopTrace } from '../../helpers/shop-spans.ts';
import { Stage } from '../../helpers/stage.ts';

const source = memorySource(Array.from({ length: 5 }, (_, i) => shopTrace(i)));

test('a span is kept with a note, found again, and dropped', async () => {
  const stage = new Stage(source, { columns: 100, rows: 24 }).keys('enter e e m text:retry enter');
  const selected = stage.screen.kind === 'waterfall' ? stage.screen.selected : 0;
  expect(await stage.text()).toContain('kept as a bookmark');
  expect(await stage.keys('escape 8').text()).toMatch(/1 bookmark[\s\S]*retry/);
  stage.keys('enter');
  expect(stage.screen).toMatchObject({ kind: 'waterfall', selected });
  expect(await stage.keys('escape x').text()).toMatch(/no bookmarks: m keeps/);
});
