import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/model/span.ts';
import type {
  SpanScreen,
  TracesScreen,
  WaterfallScreen,
} from '../../../src/tui/state/app-state.ts';
import type { TraceSource } from '../../../src/tui/trace-source.ts';
import { drawnSpans, idOf } from '../../helpers/drawn-trace.ts';
import { memorySource } from '../../helpers/memory-source.ts';
import { largeShopTrace, shopTrace } from '../../helpers/shop-spans.ts';
import { spanOf } from '../../helpers/span-of.ts';
import { Stage, type StageOptions } from '../../helpers/stage.ts';

const shop = memorySource(Array.from({ length: 60 }, (_, i) => shopTrace(i)));

const DRAWN = `
  R      [---------------------)
    a     [-----)
      a1   [-)
      a2      [-)
    b            [-------)
      b1          [-----)
        b11        [-)
`;

function drawn(details: Parameters<typeof drawnSpans>[1] = {}, options: StageOptions = {}): Stage {
  return new Stage(memorySource([drawnSpans(DRAWN, details)]), options).keys('enter');
}

function traces(stage: Stage): TracesScreen {
  if (stage.screen.kind !== 'traces') throw new Error(`on ${stage.screen.kind}`);
  return stage.screen;
}

function waterfall(stage: Stage): WaterfallScreen {
  if (stage.screen.kind !== 'waterfall') throw new Error(`on ${stage.screen.kind}`);
  return stage.screen;
}

function span(stage: Stage): SpanScreen {
  if (stage.screen.kind !== 'span') throw new Error(`on ${stage.screen.kind}`);
  return stage.screen;
}

/** Name of the selected span. */
function selected(stage: Stage): string {
  const view = stage.context().data.trace(waterfall(stage).traceId);
  if (view.status !== 'ready') throw new Error(view.status);
  return view.value.nodes[waterfall(stage).selected]?.span.name ?? '';
}

describe('lists', () => {
  test('the selection stays inside the list and on the screen', () => {
    const stage = new Stage(shop, { rows: 20 });
    expect(traces(stage.keys('k'))).toMatchObject({ selected: 0, top: 0 });
    expect(traces(stage.keys('G'))).toMatchObject({ selected: 59, top: 45 });
    expect(traces(stage.keys('j'))).toMatchObject({ selected: 59, top: 45 });
    expect(traces(stage.keys('pageup'))).toMatchObject({ selected: 45, top: 45 });
    expect(traces(stage.keys('ctrl-u'))).toMatchObject({ selected: 38, top: 38 });
    expect(traces(stage.keys('g'))).toMatchObject({ selected: 0, top: 0 });
    expect(traces(stage.keys('pagedown pagedown'))).toMatchObject({ selected: 28, top: 14 });
  });

  test('a smaller terminal keeps the selection in sight', () => {
    const stage = new Stage(shop, { rows: 40 }).keys('ctrl-d ctrl-d down');
    const { selected: row } = traces(stage);
    stage.event({ kind: 'resize', columns: 80, rows: 15 });
    const { selected: same, top } = traces(stage);
    expect(same).toBe(row);
    expect(row - top).toBeLessThan(10);
  });

  test('s goes through the columns, S turns the order round, both from the top', () => {
    const stage = new Stage(shop).keys('j j s');
    expect(traces(stage)).toMatchObject({ sort: 'duration', descending: true, selected: 0 });
    expect(traces(stage.keys('S'))).toMatchObject({ sort: 'duration', descending: false });
    expect(traces(stage.keys('s s s'))).toMatchObject({ sort: 'start', descending: true });
  });

  test('a filter narrows the list while it is typed, escape takes it back', () => {
    const stage = new Stage(shop).keys('/ text:MAIL');
    expect(traces(stage).words).toBe('MAIL');
    expect(traces(stage.keys('ctrl-w')).words).toBe('');
    expect(traces(stage.keys('text:web enter')).words).toBe('web');
    expect(stage.state.prompt).toBeNull();
    // In the prompt it cancels; on the screen it clears what was accepted.
    expect(traces(stage.keys('/ text:x escape')).words).toBe('web');
    expect(traces(stage.keys('escape')).words).toBe('');
  });

  test('letters that are commands are typed in the prompt', () => {
    const stage = new Stage(shop).keys('/ text:queues?');
    expect(stage.state.prompt?.text).toBe('queues?');
    expect(stage.effects).toEqual([{ kind: 'load-words' }]);
  });

  test('pasted line breaks become spaces', () => {
    const stage = new Stage(shop).keys('/').event({ kind: 'paste', text: 'web\r\nmail' });
    expect(stage.state.prompt?.text).toBe('web mail');
  });

  test('only traces with errors', async () => {
    const stage = new Stage(shop).keys('e');
    expect(await stage.text()).toContain('12 traces  ✖ only with errors');
    stage.keys('e');
    expect(await stage.text()).toContain('60 traces');
  });

  test('nothing found, nothing there: it says so', async () => {
    expect(await new Stage(shop).keys('/ text:nosuch enter').text()).toContain(
      'no trace matches the filter',
    );
    expect(await new Stage(memorySource([])).text()).toContain('the store holds no traces');
  });
});

describe('screens', () => {
  test('escape goes back one screen at a time and finds it as it was', () => {
    const stage = new Stage(shop).keys('j j j enter j j enter');
    expect(stage.screen.kind).toBe('span');
    expect(waterfall(stage.keys('escape')).selected).toBe(2);
    expect(traces(stage.keys('escape')).selected).toBe(3);
    expect(stage.keys('escape').state.message?.text).toBe('press q to quit');
  });

  test('leaving the details selects the span that was looked at last', () => {
    const stage = drawn().keys('enter n n');
    expect(span(stage).node).toBe(2);
    expect(selected(stage.keys('escape'))).toBe('a1');
  });

  test('the next span in the details is the next one that the fold shows', () => {
    const stage = drawn().keys('j space enter n');
    expect(selected(stage.keys('escape'))).toBe('b');
  });

  test('digits and tab change between the main screens, which stay as they were left', async () => {
    const stage = await new Stage(shop).keys('j j 4').analyzed();
    expect(stage.state.stack.map(({ kind }) => kind)).toEqual(['dependencies']);
    expect(traces(stage.keys('2')).selected).toBe(2);
    expect(stage.keys('tab').screen.kind).toBe('services');
    expect(stage.keys('shift-tab').screen.kind).toBe('traces');
    expect(stage.keys('shift-tab shift-tab').screen.kind).toBe('bookmarks');
    stage.keys('4 j enter');
    expect(traces(stage).service).toBe('web');
    expect(stage.keys('escape').screen.kind).toBe('dependencies');
  });

  test('help opens over a screen, scrolls, and closes by any of its keys', () => {
    const stage = drawn().keys('?');
    expect(stage.state.helpTop).toBe(0);
    expect(stage.keys('G').state.helpTop).toBeGreaterThan(0);
    for (const key of ['escape', 'q', '?']) {
      expect(stage.keys(key).state.helpTop).toBeNull();
      stage.keys('?');
    }
    expect(stage.effects).toEqual([]);
  });

  test('a message goes with the next key', () => {
    const stage = drawn().keys('e');
    expect(stage.state.message?.text).toBe('no error');
    expect(stage.keys('j').state.message).toBeNull();
  });

  test('q and ctrl-c quit, ctrl-z suspends', () => {
    const stage = drawn().keys('ctrl-z q / ctrl-c');
    expect(stage.effects.map(({ kind }) => kind)).toEqual(['suspend', 'quit', 'quit']);
  });
});

describe('waterfall', () => {
  test('left folds or goes to the parent, right unfolds or goes to the first child', () => {
    const stage = drawn().keys('l l');
    expect(selected(stage)).toBe('a1');
    expect(selected(stage.keys('h'))).toBe('a');
    expect(selected(stage.keys('h j'))).toBe('b');
    expect(selected(stage.keys('k l l'))).toBe('a1');
  });

  test('folding the span above takes the selection along', () => {
    const stage = drawn().keys('G');
    expect(selected(stage)).toBe('b11');
    expect(selected(stage.keys(']'))).toBe('R');
    expect(selected(stage.keys('[ G'))).toBe('b11');
  });

  test('errors: next, previous, round the end, out of folded spans', async () => {
    const failed = { statusCode: 'error' } as const;
    const stage = drawn({ a2: failed, b11: failed });
    expect(selected(stage.keys('e'))).toBe('a2');
    expect(selected(stage.keys('] e'))).toBe('a2');
    expect(selected(stage.keys('e'))).toBe('b11');
    expect(stage.state.message).toBeNull();
    expect(selected(stage.keys('e'))).toBe('a2');
    expect(stage.state.message?.text).toBe('from the beginning');
    expect(selected(stage.keys('E'))).toBe('b11');
    expect(await stage.text()).toContain('✖ 2/2');
  });

  test('the critical path span by span', () => {
    const stage = drawn().keys('}');
    const first = selected(stage);
    expect(first).not.toBe('R');
    expect(selected(stage.keys('} {'))).toBe(first);
  });

  test('a search selects the first match while typing and counts them', async () => {
    const stage = drawn().keys('/ text:b1');
    expect(selected(stage)).toBe('b1');
    expect(await stage.text()).toMatch(/\/ b1 +1\/2 +Enter accept/);
    expect(selected(stage.keys('enter n'))).toBe('b11');
    expect(selected(stage.keys('n'))).toBe('b1');
    expect(selected(stage.keys('N'))).toBe('b11');
  });

  test('a cancelled search leaves no trace', () => {
    const stage = drawn().keys('j');
    const before = waterfall(stage);
    expect(waterfall(stage.keys('/ text:b11 escape'))).toEqual(before);
  });

  test('a search without a match says so and stays', () => {
    const stage = drawn().keys('j / text:zzz enter');
    expect(selected(stage)).toBe('a');
    expect(stage.state.message?.text).toBe('nothing matches “zzz”');
  });

  test('the first escape clears the search, the second leaves', () => {
    const stage = drawn().keys('/ text:b1 enter escape');
    expect(waterfall(stage).search).toBe('');
    expect(stage.keys('escape').screen.kind).toBe('traces');
  });

  test('zoom to a span, in, out, along and back', () => {
    const stage = drawn().keys('j z');
    const zoomed = waterfall(stage).window;
    // a runs from 1 to 7 ms; a twentieth of it stays free on both sides.
    expect(zoomed).toEqual({ startNs: 700_000, endNs: 7_300_000 });
    expect(waterfall(stage.keys('shift-right')).window).toEqual({
      startNs: 2_350_000,
      endNs: 8_950_000,
    });
    const narrow = waterfall(stage.keys('+')).window;
    expect((narrow?.endNs ?? 0) - (narrow?.startNs ?? 0)).toBe(3_300_000);
    expect(waterfall(stage.keys('- - - - -')).window).toBeNull();
    expect(waterfall(stage.keys('z 0')).window).toBeNull();
  });

  test('zooming in ends at a width where there is still something to see', () => {
    const stage = drawn().keys(Array<string>(60).fill('+').join(' '));
    const window = waterfall(stage).window;
    expect((window?.endNs ?? 0) - (window?.startNs ?? 0)).toBeGreaterThanOrEqual(100);
  });

  test('y opens what can be copied, Y copies the trace id at once', () => {
    const stage = drawn().keys('y');
    const copied = () =>
      stage.effects.splice(0).flatMap((effect) => (effect.kind === 'copy' ? [effect.text] : []));
    stage.keys('enter');
    expect(copied()).toEqual([spanOf({ spanId: idOf('R') }).spanId]);
    stage.keys('y text:operation enter');
    expect(copied()).toEqual(['R']);
    stage.keys('y text:traceql enter');
    expect(copied()).toEqual(['{ resource.service.name = "svc" && name = "R" }']);
    stage.keys('y down down enter Y');
    expect(copied()).toEqual(['svc', waterfall(stage).traceId]);
    stage.keys('y text:nothing_like_this enter');
    expect(copied()).toEqual([]);
  });

  test('the palette finds a command by its name and runs it', () => {
    const stage = drawn().keys(': text:fold space text:all down enter');
    expect(stage.state.prompt).toBeNull();
    expect(waterfall(stage).outline.fold.openDepth).toBe(0);
  });

  test('w writes the trace to a file that one names', () => {
    const stage = drawn().keys('w ctrl-u text:/some/where.md enter');
    expect(stage.effects).toMatchObject([{ kind: 'write', path: '/some/where.md' }]);
    const [effect] = stage.effects;
    expect(effect?.kind === 'write' && effect.text).toMatch(/^Trace `0+1`: .*\n\n- \*\*svc\*\* R/);
  });

  test('U opens the trace where the configuration says', () => {
    const stage = drawn().keys('U enter');
    expect(stage.effects).toMatchObject([{ kind: 'open-url' }]);
    const [effect] = stage.effects;
    expect(effect?.kind === 'open-url' && effect.url).toBe(
      `https://jaeger.example/trace/${waterfall(stage).traceId}?uiFind=${spanOf({ spanId: idOf('R') }).spanId}`,
    );
  });
});

describe('odd traces', () => {
  const odd: Record<string, Span[]> = {
    'one span without length': [spanOf({ durationNs: 0 })],
    'no root': [spanOf({ parentSpanId: '77' })],
    'no name, no service': [spanOf({ name: '', service: '' })],
    'no times': [spanOf({ startUnixNano: 0n, durationNs: 0, timeFlags: 3 })],
    'a hundred years': [spanOf({ durationNs: 3e18 })],
  };

  test.each(Object.entries(odd))('%s can be opened, zoomed and looked at', async (_, spans) => {
    const stage = new Stage(memorySource([spans])).keys('enter z + - > c t j G / text:o enter n ]');
    expect(waterfall(stage).selected).toBe(0);
    expect(await stage.keys('[ G enter G g').text()).toContain('Span');
  });
});

test('in a trace of 100,000 spans every row shows the span that belongs there', async () => {
  const stage = new Stage(memorySource([largeShopTrace(100_000)]), { columns: 100, rows: 30 });
  stage.keys('enter');
  for (const key of [
    'G',
    'pageup',
    'k',
    'g',
    'ctrl-d',
    'e',
    'j',
    'e',
    'pagedown',
    'E',
    '/ text:99,999 escape',
    'G',
  ]) {
    stage.keys(key);
    const terminal = await stage.terminal();
    const redrawn = await stage.redrawn();
    expect(terminal.text(), key).toBe(redrawn.text());
  }
  const text = await stage.text();
  expect(text).toMatch(/100,000\/100,000$/m);
  expect(text).toMatch(/ 99999 /);
});

test('what was left out of an analysis is told on every screen that shows it', async () => {
  const source: TraceSource = {
    ...shop,
    analyze: async (filter, options) => ({
      ...(await shop.analyze(filter, options)),
      unread: 1234,
    }),
  };
  for (const key of ['1', '3', '4', '5', '6', '7']) {
    const stage = await new Stage(source).keys(key).analyzed();
    expect(await stage.text()).toMatch(/1,234 newer traces left out, R reads them/);
  }
  const whole = await new Stage(shop).keys('1').analyzed();
  expect(await whole.text()).not.toMatch(/left out/);
});
