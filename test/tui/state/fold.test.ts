import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ALL_CLOSED,
  ALL_OPEN,
  type Fold,
  foldToLevel,
  isOpen,
  revealing,
  rowOf,
  withOpen,
} from '../../../src/tui/state/fold.ts';
import { FIRST_OUTLINE, type Outline } from '../../../src/tui/state/outline.ts';
import { drawnSpans } from '../../helpers/drawn-trace.ts';
import { largeSpans } from '../../helpers/large-spans.ts';
import { messySpans } from '../../helpers/messy-spans.ts';
import { viewOf } from '../../helpers/view-of.ts';

const view = viewOf(
  drawnSpans(`
    R      [---------------------)
      a     [-----)
        a1   [-)
        a2      [-)
      b            [-------)
        b1          [-----)
          b11        [-)
  `),
);

/** Folded so, and each span in its own row. */
function outline(fold: Fold): Outline {
  return { ...FIRST_OUTLINE, fold, groupsSiblings: false };
}

/** Names of the visible spans. */
function shown(fold: Fold): string {
  return Array.from(
    view.visible(outline(fold)),
    (position) => view.nodes[position]?.span.name,
  ).join(' ');
}

function node(name: string) {
  const found = view.nodes.find(({ span }) => span.name === name);
  if (!found) throw new Error(`no span ${name}`);
  return found;
}

test.each([
  ['all open', ALL_OPEN, 'R a a1 a2 b b1 b11'],
  ['all closed', ALL_CLOSED, 'R'],
  ['one level', { openDepth: 1, toggled: new Set<number>() }, 'R a b'],
  ['one closed', withOpen(ALL_OPEN, node('b'), false), 'R a a1 a2 b'],
  [
    'one open of one level',
    withOpen({ openDepth: 1, toggled: new Set() }, node('a'), true),
    'R a a1 a2 b',
  ],
  ['what is needed to see b11', revealing(ALL_CLOSED, node('b11')), 'R a b b1 b11'],
])('%s', (_, fold, expected) => {
  expect(shown(fold)).toBe(expected);
});

test('one level more or less, until there is none', () => {
  let fold = ALL_OPEN;
  const seen = ['R a a1 a2 b b1', 'R a b', 'R', 'R'];
  for (const expected of seen) {
    fold = foldToLevel(fold, -1, view.deepest);
    expect(shown(fold)).toBe(expected);
  }
  for (let i = 0; i < 4; i++) fold = foldToLevel(fold, 1, view.deepest);
  expect(fold).toEqual(ALL_OPEN);
});

test('a hidden span is in the row of the closed one above it', () => {
  const fold = withOpen(ALL_OPEN, node('b'), false);
  const visible = view.visible(outline(fold));
  expect(rowOf(visible, node('b11').index)).toBe(visible.indexOf(node('b').index));
});

test('a span is visible if and only if everything above it is open', () => {
  fc.assert(
    fc.property(
      messySpans,
      fc.array(fc.nat(30)),
      fc.option(fc.nat(4)),
      (spans, toggled, openDepth) => {
        const messy = viewOf(spans);
        const fold = { openDepth, toggled: new Set(toggled) };
        const visible = new Set(messy.visible(outline(fold)));
        for (const span of messy.nodes) {
          let isShown = true;
          for (let above = span.parent; above; above = above.parent)
            isShown &&= isOpen(fold, above);
          expect(visible.has(span.index)).toBe(isShown);
        }
      },
    ),
  );
});

test('a chain of 100,000 spans folds and reveals without recursion', () => {
  const deep = viewOf(largeSpans('each inside the one before', 100_000));
  expect(deep.visible(outline(ALL_CLOSED))).toHaveLength(1);
  const last = deep.nodes.at(-1);
  if (!last) throw new Error('no spans');
  const fold = revealing(ALL_CLOSED, last);
  expect(deep.visible(outline(fold))).toHaveLength(100_000);
});
