import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseExplorerConfig } from '../../src/cli/explorer-config.ts';
import schema from '../../src/report/schemas/explorer-config.schema.json' with { type: 'json' };
import { TRACE_COLUMNS } from '../../src/tui/layout/trace-rows.ts';
import { COLOR_NAMES } from '../../src/tui/palette.ts';
import { MAIN_KINDS } from '../../src/tui/state/app-state.ts';

const EVERYTHING = `
start: traces
filter: checkout
columns: [start, duration, root]
links:
  - name: Jaeger
    url: https://jaeger.example/trace/{traceId}?uiFind={spanId}
theme:
  background: light
  colors: { error: "#ff0080" }
keys:
  next-error: [e, f2]
  palette: ctrl-p
`;

test('every setting', () => {
  const config = parseExplorerConfig(EVERYTHING, 'explorer.yaml');
  expect(config).toEqual({
    first: 'traces',
    filter: 'checkout',
    traceColumns: ['start', 'duration', 'root'],
    links: [{ name: 'Jaeger', url: 'https://jaeger.example/trace/{traceId}?uiFind={spanId}' }],
    theme: { background: 'light', colors: new Map([['error', [255, 0, 128]]]) },
    keys: new Map([
      ['next-error', ['e', 'f2']],
      ['palette', ['ctrl-p']],
    ]),
  });
});

test('the schema allows what is read, and nothing else', () => {
  const { $schema: _, ...document } = schema;
  const validate = new Ajv({ strict: false }).compile(document);
  expect(validate(parse(EVERYTHING))).toBe(true);
  expect(validate({ stat: 'traces' })).toBe(false);
  expect(schema.properties.start.enum).toEqual([...MAIN_KINDS]);
  expect(schema.properties.columns.items.enum).toEqual([...TRACE_COLUMNS]);
  expect(Object.keys(schema.properties.theme.properties.colors.properties)).toEqual([
    ...COLOR_NAMES,
  ]);
});

test('an empty file says nothing', () => {
  expect(parseExplorerConfig('\n', 'explorer.yaml')).toEqual({});
});

test.each([
  ['a setting that is none', 'stat: traces', /"stat" is not a setting/, '1:1', 'start'],
  ['a screen that is none', 'start: trace', /"trace" is not a screen/, '1:8', 'traces'],
  ['a column that is none', 'columns:\n  - strt', /"strt" is not a column/, '2:5', 'start'],
  [
    'a colour that is none',
    'theme:\n  colors:\n    error: red',
    /expected a colour/,
    '3:12',
    '#ff8800',
  ],
  ['a link without address', 'links:\n  - name: x', /a link needs a name and a url/, '2:5', null],
  ['a link to a file', 'links:\n  - {name: x, url: "file:///x"}', /begins with http/, '2:20', null],
  [
    'a place that is none',
    'links:\n  - {name: x, url: "http://x/{id}"}',
    /\{id\} stands for/,
    '2:20',
    '{traceId}',
  ],
  [
    'a command that is none',
    'keys:\n  nxt-error: e',
    /"nxt-error" is not a setting/,
    '2:3',
    'next-error',
  ],
  [
    'a key that is taken',
    'keys:\n  next-error: j',
    /j already stands for "down" on waterfall/,
    '2:15',
    null,
  ],
  ['no mapping', '- a', /expected start, filter/, '1:1', null],
])('%s is an error with its place', (_, text, what, place, fix) => {
  let error: unknown;
  try {
    parseExplorerConfig(text, 'explorer.yaml');
  } catch (caught) {
    error = caught;
  }
  expect(error).toMatchObject({
    name: 'UserError',
    what: expect.stringMatching(what),
    where: [`explorer.yaml:${place}`],
    ...(fix !== null && { fix: expect.stringContaining(fix) }),
  });
});
