import { allBindings, type KeyOverrides, keyConflict } from '../tui/keymap.ts';
import { TRACE_COLUMNS, type TraceColumnId } from '../tui/layout/trace-rows.ts';
import { LINK_FIELDS, type LinkTemplate, unknownPlace } from '../tui/link-template.ts';
import { COLOR_NAMES, type ColorName } from '../tui/palette.ts';
import { MAIN_KINDS, type MainKind } from '../tui/state/app-state.ts';
import { BACKGROUNDS, type ThemeChoice } from '../tui/theme.ts';
import { YamlReader, type YamlValue } from '../verdict/yaml-reader.ts';

/** What the user's file says about the explorer; everything has a default. */
export interface ExplorerConfig {
  readonly first?: MainKind;
  readonly filter?: string;
  readonly traceColumns?: readonly TraceColumnId[];
  readonly links?: readonly LinkTemplate[];
  readonly theme?: ThemeChoice;
  readonly keys?: KeyOverrides;
}

const SETTINGS = ['start', 'filter', 'columns', 'links', 'theme', 'keys'];
const HEX = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i;

/** What `text` says. Throws a usage error with line and column for whatever is not as it should be. */
export function parseExplorerConfig(text: string, name: string): ExplorerConfig {
  const reader = new YamlReader(text, name);
  if (text.trim() === '') return {};
  const fields = reader.fields(reader.root, SETTINGS);
  const ifGiven = <T>(setting: string, read: (value: YamlValue) => T): T | undefined => {
    const value = fields.get(setting);
    return value === undefined ? undefined : read(value);
  };
  const config = {
    first: ifGiven('start', (value) => reader.oneOf(value, 'a screen', MAIN_KINDS)),
    filter: ifGiven('filter', (value) => reader.text(value)),
    traceColumns: ifGiven('columns', (value) =>
      reader.list(value).map((item) => reader.oneOf(item, 'a column', TRACE_COLUMNS)),
    ),
    links: ifGiven('links', (value) => reader.list(value).map((item) => readLink(reader, item))),
    theme: ifGiven('theme', (value) => readTheme(reader, value)),
    keys: ifGiven('keys', (value) => readKeys(reader, value)),
  };
  const given = Object.entries(config).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}

function readLink(reader: YamlReader, value: YamlValue): LinkTemplate {
  const fields = reader.fields(value, ['name', 'url']);
  const name = fields.get('name');
  const url = fields.get('url');
  if (!name || !url) return reader.fail(value.offset, 'a link needs a name and a url');
  const text = reader.text(url);
  if (!/^https?:\/\//.test(text)) {
    return reader.fail(url.offset, 'a link begins with http:// or https://');
  }
  const unknown = unknownPlace(text);
  if (unknown !== null) {
    const fields = LINK_FIELDS.map((field) => `{${field}}`).join(' ');
    return reader.fail(
      url.offset,
      `${unknown} stands for nothing`,
      `use ${fields} {attribute:KEY} {resource:KEY}`,
    );
  }
  return { name: reader.text(name), url: text };
}

function readTheme(reader: YamlReader, value: YamlValue): ThemeChoice {
  const fields = reader.fields(value, ['background', 'colors']);
  const background = fields.get('background');
  const colors = fields.get('colors');
  return {
    ...(background && { background: reader.oneOf(background, 'a background', BACKGROUNDS) }),
    ...(colors && { colors: readColors(reader, colors) }),
  };
}

function readColors(
  reader: YamlReader,
  value: YamlValue,
): ReadonlyMap<ColorName, readonly [number, number, number]> {
  const fields = reader.fields(value, COLOR_NAMES);
  const colors = COLOR_NAMES.flatMap((name) => {
    const color = fields.get(name);
    if (!color) return [];
    const [, r = '', g = '', b = ''] = HEX.exec(reader.textIn(color) ?? '') ?? [];
    if (r === '') return reader.fail(color.offset, 'expected a colour', `${name}: "#ff8800"`);
    const [red = 0, green = 0, blue = 0] = [r, g, b].map((part) => Number.parseInt(part, 16));
    return [[name, [red, green, blue] as const] as const];
  });
  return new Map(colors);
}

/** Each command with its keys: one as a text, several as a list. */
function readKeys(reader: YamlReader, value: YamlValue): KeyOverrides {
  const ids = [...new Set(allBindings().map(({ id }) => id))];
  const fields = reader.fields(value, ids);
  const keys = new Map<string, readonly string[]>();
  for (const [id, given] of fields) {
    const one = reader.textIn(given);
    const names = one === null ? reader.list(given).map((item) => reader.text(item)) : [one];
    keys.set(id, names);
    const conflict = keyConflict(keys);
    if (!conflict) continue;
    const { key, screen, commands } = conflict;
    const other = commands.find((command) => command !== id) ?? id;
    return reader.fail(given.offset, `${key} already stands for "${other}" on ${screen}`);
  }
  return keys;
}
