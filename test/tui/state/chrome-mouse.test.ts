import { describe, expect, test } from 'vitest';
import type { ClickedInput } from '../../../src/tui/state/mouse.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { shopTrace } from '../../helpers/shop-spans.ts';
import { Stage } from '../../helpers/stage.ts';

const source = memorySource(Array.from({ length: 10 }, (_, i) => shopTrace(i)));

function mouse(x: number, y: number, change: Partial<ClickedInput> = {}): ClickedInput {
  const none = { shift: false, alt: false, ctrl: false, isDouble: false } as const;
  return { kind: 'mouse', action: 'down', button: 'left', x, y, ...none, ...change };
}

/** Clicks where `text` is on the screen. */
async function clicked(stage: Stage, text: string, change: Partial<ClickedInput> = {}) {
  const lines = (await stage.text()).split('\n');
  const y = lines.findIndex((line) => line.includes(text));
  const x = lines[y]?.indexOf(text) ?? -1;
  expect(x, `${text} in\n${lines.join('\n')}`).toBeGreaterThanOrEqual(0);
  return stage.event(mouse(x, y, change));
}

describe('by mouse', () => {
  test('a hint of the bottom line is its key', async () => {
    const stage = await clicked(new Stage(source, { columns: 120 }), 'errors only');
    expect(stage.screen).toMatchObject({ kind: 'traces', errorsOnly: true });
    await clicked(stage, '? help');
    expect(stage.state.helpTop).toBe(0);
  });

  test('between two hints is nothing', async () => {
    const stage = new Stage(source);
    const bottom = (await stage.text()).split('\n').at(-1) ?? '';
    stage.event(mouse(bottom.indexOf('open') + 'open'.length, 23));
    expect(stage.state.stack).toHaveLength(1);
  });

  test('the help scrolls, and a click beside it closes it', () => {
    const stage = new Stage(source).keys('enter ?');
    stage.event(mouse(40, 10, { action: 'wheel-down' }));
    expect(stage.state.helpTop).toBe(1);
    expect(stage.event(mouse(40, 10)).state.helpTop).toBe(1);
    expect(stage.event(mouse(0, 12)).state.helpTop).toBeNull();
  });

  test('a click on a choice takes it', async () => {
    const stage = await clicked(new Stage(source).keys('enter y'), 'command that prints');
    expect(stage.effects.at(-1)).toMatchObject({
      kind: 'copy',
      text: expect.stringMatching(/^tracecli show /),
    });
    expect(stage.state.prompt).toBeNull();
  });

  test('the wheel goes through the choices, and what has been scrolled to can be taken', async () => {
    const stage = new Stage(source).keys('enter :');
    for (let i = 0; i < 30; i++) stage.event(mouse(40, 10, { action: 'wheel-down' }));
    expect(stage.state.prompt?.chosen).toBe(30);
    await clicked(stage, 'only the critical path');
    expect(stage.screen).toMatchObject({ outline: { sieve: { isCriticalOnly: true } } });
  });

  test('a click beside the choices cancels, one on their frame does nothing', () => {
    const stage = new Stage(source).keys('enter y');
    expect(stage.event(mouse(10, 3)).state.prompt).not.toBeNull();
    expect(stage.event(mouse(0, 0)).state.prompt).toBeNull();
  });

  test('a click in the list does nothing while something is typed', () => {
    const stage = new Stage(source).keys('/ text:web').event(mouse(10, 8));
    expect(stage.state.prompt?.text).toBe('web');
  });

  test('a node of the graph is selected, and its calls are listed', async () => {
    const stage = await new Stage(source, { columns: 120, rows: 40 }).keys('4 v').analyzed();
    await clicked(stage, 'catalog');
    expect(await stage.text()).toMatch(/web → catalog/);
    stage.event(mouse(2, 38, { action: 'wheel-up' }));
    expect(await stage.text()).not.toMatch(/web → catalog/);
    await clicked(stage, 'catalog', { isDouble: true });
    expect(stage.effects.at(-1)).toMatchObject({ kind: 'find' });
  });
});
