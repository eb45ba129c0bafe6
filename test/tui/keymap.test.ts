import { describe, expect, test } from 'vitest';
import { KEY_SCREENS } from '../../src/tui/key-table.ts';
import { bindingsOf, commandOf, KEYMAP, keyLabel, screensText } from '../../src/tui/keymap.ts';
import { memorySource } from '../helpers/memory-source.ts';
import { largeShopTrace, shopTrace } from '../helpers/shop-spans.ts';
import { Stage } from '../helpers/stage.ts';

describe.each(KEY_SCREENS)('on %s', (screen) => {
  test('no key is bound twice', () => {
    const keys = bindingsOf(screen).flatMap((binding) => binding.keys);
    expect(keys.length).toBeGreaterThan(3);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('every key leads to its command', () => {
    for (const { id, keys } of bindingsOf(screen)) {
      for (const key of keys) expect(commandOf(screen, key), key).toBe(id);
    }
  });
});

test('every binding says what it does and where', () => {
  for (const { title, screens, keys } of KEYMAP) {
    expect(title).not.toBe('');
    expect(screens.length).toBeGreaterThan(0);
    expect(keys.length).toBeGreaterThan(0);
  }
});

test('where a key works is said in few words', () => {
  const places = KEYMAP.filter(({ keys }) => keys.includes('tab') || keys.includes('2'));
  expect(places.map(({ id, screens }) => [id, screensText(screens)])).toEqual([
    ['next-screen', 'all but waterfall and span'],
    ['next-screen', 'waterfall'],
    ['go-traces', 'all others but waterfall'],
    ['next-section', 'span'],
    ['fold-depth', 'waterfall'],
    ['complete', 'prompt'],
  ]);
});

test('a key without a meaning does nothing', () => {
  expect(commandOf('traces', 'ctrl-q')).toBeNull();
});

test.each([
  ['pagedown', 'PgDn', 'PgDn'],
  ['ctrl-d', 'Ctrl-D', 'Ctrl-D'],
  ['shift-left', 'Shift-←', 'Shift-Left'],
  ['up', '↑', 'Up'],
  ['G', 'G', 'G'],
])('%s is written %s, and %s without Unicode', (key, unicode, ascii) => {
  expect(keyLabel(key, true)).toBe(unicode);
  expect(keyLabel(key, false)).toBe(ascii);
});

/** The state and what was to be done, as text. */
function picture({ state, effects }: Stage): string {
  return JSON.stringify([state, effects], (_, value: unknown) =>
    value instanceof Set ? [...value] : value,
  );
}

/** How to get to a screen where every key of it has something to do. */
const WAYS = {
  traces: 'j j j / text:web enter',
  waterfall: 'e enter / text:pay enter j',
  span: 'e enter e e enter',
  dependencies: '4',
  overview: '1',
  services: '3',
  service: '3 j',
  findings: '5',
  finding: '5',
  operations: '6',
  bookmarks: 'enter m text:one enter j m enter escape 8',
  flame: '7 down',
  compare: 'd j d',
} as const;

/** What is pressed once the analysis of all traces is there. */
const LATER: Readonly<Record<string, string>> = {
  service: 'enter',
  finding: 'enter',
};

/** Keys whose effect depends on where one is: they are pressed after these. */
const BEFORE: Readonly<Record<string, string>> = {
  up: 'j',
  'page-up': 'G',
  'half-up': 'G',
  first: 'G',
  'expand-all': ']',
  'expand-level': ']',
  expand: ']',
  'zoom-out': 'z',
  'zoom-reset': 'z',
  'zoom-back': 'z',
  'pan-left': 'G k k z',
  'pan-right': 'G k k z - <',
  'next-error': 'g',
  'previous-section': 'G',
  'previous-sibling': 'l l',
  'mark-right': 'c',
  'mark-left': 'c',
  'mark-wider': 'c',
  'mark-narrower': 'c l L L',
  'mark-apply': 'c l L',
  'previous-change': 'G',
  drop: 'j',
};

describe.each(Object.keys(WAYS) as (keyof typeof WAYS)[])('%s', (screen) => {
  const bindings = bindingsOf(screen).filter(({ id }) => !(id === 'last' && screen === 'span'));

  test.each(bindings.map(({ id, keys: [key = ''] }) => [id, key]))(
    '%s is handled: %s changes something',
    async (id, key) => {
      const source = memorySource([
        ...Array.from({ length: 60 }, (_, i) => shopTrace(i)),
        largeShopTrace(40),
      ]);
      const stage = new Stage(source, { columns: 80, rows: 20 });
      stage.keys(WAYS[screen]);
      await stage.analyzed();
      stage.keys(LATER[screen] ?? '');
      stage.keys(BEFORE[id] ?? '');
      await stage.analyzed();
      const before = picture(stage);
      stage.keys(key);
      expect(picture(stage)).not.toBe(before);
    },
  );
});
