import { describe, expect, test } from 'vitest';
import { drawnSpans, idOf } from '../helpers/drawn-trace.ts';
import { spanOf } from '../helpers/span-of.ts';
import { viewOf } from '../helpers/view-of.ts';

const failed = { statusCode: 'error' } as const;
const view = viewOf(
  drawnSpans(
    `
    R      [---------------------)
      a     [-----)
        a1   [-)
        a2      [-)
      b            [-------)
        b1          [-----)
  `,
    { a1: failed, a2: { ...failed, statusMessage: 'out of stock' }, b: { service: 'Billing' } },
  ),
);

function node(name: string) {
  const found = view.nodes.find(({ span }) => span.name === name);
  if (!found) throw new Error(`no span ${name}`);
  return found;
}

function namesAt(positions: Int32Array): string[] {
  return Array.from(positions, (position) => view.nodes[position]?.span.name ?? '');
}

test('descendants and errors below a span', () => {
  expect(view.descendants(node('R'))).toBe(5);
  expect(view.errorsBelow(node('R'))).toBe(2);
  expect(view.errorsBelow(node('a1'))).toBe(0);
  expect(view.descendants(node('b1'))).toBe(0);
});

describe('search', () => {
  test.each([
    ['operation', 'A1', ['a1']],
    ['service, whatever the case', 'billing', ['b']],
    ['status message', 'stock', ['a2']],
    ['span id', idOf('b1'), ['b1']],
    ['nothing', 'zzz', []],
    ['no text', '', []],
  ])('by %s', (_, text, expected) => {
    expect(namesAt(view.matches(text))).toEqual(expected);
  });
});

test('the critical path is known by span, and for a folded span with all below it', () => {
  const ms = (name: string, list: 'sectionsOf' | 'sectionsBelow') =>
    view[list](node(name)).reduce((sum, { startNs, endNs }) => sum + endNs - startNs, 0) / 1e6;
  // Of a's six milliseconds two pairs belong to its children.
  expect(ms('a', 'sectionsOf')).toBe(2);
  expect(ms('a', 'sectionsBelow')).toBe(6);
  expect(ms('R', 'sectionsBelow')).toBe(22);
});

describe('colours of services', () => {
  const colorsOf = (...services: string[]) =>
    viewOf(services.map((service, i) => spanOf({ spanId: String(i + 1), service }))).serviceColors;

  test('a service has the same colour in every trace as long as nobody else has it', () => {
    expect(colorsOf('web').get('web')).toBe(colorsOf('web', 'cart').get('web'));
    expect(colorsOf('cart', 'web')).toEqual(colorsOf('web', 'cart'));
  });

  test('two services share a colour only when there are more than colours', () => {
    const twelve = Array.from({ length: 12 }, (_, i) => `service-${i}`);
    expect(new Set(colorsOf(...twelve).values()).size).toBe(12);
    const twenty = Array.from({ length: 20 }, (_, i) => `service-${i}`);
    expect(colorsOf(...twenty).size).toBe(20);
  });
});
