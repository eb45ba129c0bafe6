import { expect, test } from 'vitest';
import type { AttributeValue } from '../../../src/model/attributes.ts';
import { unixNano } from '../../../src/model/time.ts';
import { detailLines } from '../../../src/tui/layout/detail-rows.ts';
import { textWidth } from '../../../src/tui/layout/fit-text.ts';
import { createTheme, withoutStyles } from '../../../src/tui/theme.ts';
import { spanIdOf, spanOf, traceIdOf } from '../../helpers/span-of.ts';
import { viewOf } from '../../helpers/view-of.ts';

const theme = createTheme({ depth: 'truecolor', isUnicode: true, isLight: false });
const START = 1_755_600_000_123_456_789n;

const span = spanOf({
  traceId: traceIdOf('5f3a0000b2'),
  spanId: 'a1b2',
  parentSpanId: 'dead',
  name: 'POST /charge',
  service: 'payment',
  kind: 'server',
  startUnixNano: START,
  durationNs: 12_345_678,
  statusCode: 'error',
  statusMessage: 'card declined',
  traceState: 'vendor=x',
  attributes: new Map<string, AttributeValue>([
    ['text', 'one\ntwo\tthree'],
    ['empty text', ''],
    ['whole', 9_223_372_036_854_775_807n],
    ['double', 1],
    ['truth', true],
    ['nothing', null],
    ['bytes', new Uint8Array([0xde, 0xad])],
    ['list', ['a', 1n, null]],
    ['map', new Map<string, AttributeValue>([['inner', new Map([['deep', 'x']])]])],
    ['a name that is longer than there is room for it in any column', 'value'],
    ['long', 'lorem ipsum dolor sit amet '.repeat(8)],
  ]),
  events: [
    {
      timeUnixNano: unixNano(START + 9_000_000n),
      name: 'exception',
      attributes: new Map([
        ['exception.type', 'CardDeclined'],
        [
          'exception.stacktrace',
          'CardDeclined: no\n    at charge (charge.js:1:2)\n    at main (main.js:3:4)\n',
        ],
      ]),
      droppedAttributes: 2,
    },
    {
      timeUnixNano: unixNano(START + 1_000_000n),
      name: 'started',
      attributes: new Map(),
      droppedAttributes: 0,
    },
    { timeUnixNano: unixNano(0n), name: '', attributes: new Map(), droppedAttributes: 0 },
  ],
  links: [
    {
      traceId: traceIdOf('abc'),
      spanId: spanIdOf('1f'),
      traceState: '',
      attributes: new Map([['reason', 'batch']]),
      flags: 0,
      droppedAttributes: 0,
    },
  ],
  dropped: { attributes: 3, events: 0, links: 1 },
  scope: {
    name: 'express',
    version: '4.2',
    attributes: new Map(),
    droppedAttributes: 0,
    schemaUrl: '',
  },
});

test.each([80, 160])('everything about a span at %i columns', async (columns) => {
  const view = viewOf([span]);
  const node = view.nodes.at(-1);
  if (!node) throw new Error('no span');
  const lines = detailLines(view, node, { theme, columns, zone: 'utc' });
  for (const { text } of lines) expect(textWidth(withoutStyles(text))).toBeLessThanOrEqual(columns);
  const text = lines.map((line) => withoutStyles(line.text).trimEnd()).join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(`../../golden/tui/details-${columns}.txt`);
});
