import { UserError } from '../model/user-error.ts';
import { type Check, LEVELS, refersToBaseline } from './check.ts';
import { parseCheck } from './parse-check.ts';
import { RECOMMENDED } from './recommended-checks.ts';
import type { Suppression } from './suppression.ts';
import { YamlReader, type YamlValue } from './yaml-reader.ts';

/** What `tracecli.yaml` says. */
export interface Config {
  readonly checks: readonly Check[];
  readonly suppressions: readonly Suppression[];
  /** Options of the command line by their names, as texts; the command line itself goes first. */
  readonly options: ReadonlyMap<ConfigOption, readonly string[]>;
}

/** Options that the file may set. */
export const CONFIG_OPTIONS = [
  'baseline',
  'fail-on',
  'alpha',
  'min-effect',
  'min-abs',
  'require-data',
] as const;
export type ConfigOption = (typeof CONFIG_OPTIONS)[number];

const SETTINGS = ['version', 'presets', 'checks', 'suppress', ...CONFIG_OPTIONS];
const CHECK_FIELDS = ['id', 'expr', 'level', 'owner', 'why', 'optional'];
const SUPPRESSION_FIELDS = ['check', 'fingerprint', 'rule', 'service', 'until', 'why'];
const PRESETS = ['recommended'] as const;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Reads the file. Throws a usage error with line and column, and the nearest name of a setting that does not exist. */
export function parseConfig(text: string, name: string): Config {
  const reader = new YamlReader(text, name);
  const fields = reader.fields(reader.root, SETTINGS);
  const version = fields.get('version');
  if (version === undefined) return reader.fail(0, '"version" is missing', 'version: 1');
  if (reader.text(version) !== '1')
    return reader.fail(
      version.offset,
      `version ${reader.text(version)} is not known`,
      'version: 1',
    );
  const itemsOf = (setting: string) => {
    const value = fields.get(setting);
    return value === undefined ? [] : reader.list(value);
  };
  const presets = itemsOf('presets').map((item) => reader.oneOf(item, 'a preset', PRESETS));
  return {
    checks: [
      ...(presets.length > 0 ? RECOMMENDED : []),
      ...itemsOf('checks').map((item) => readCheck(reader, item)),
    ],
    suppressions: itemsOf('suppress').map((item) => readSuppression(reader, item)),
    options: new Map(
      CONFIG_OPTIONS.flatMap((option) => {
        const value = fields.get(option);
        return value === undefined ? [] : [[option, textsOf(reader, value)]];
      }),
    ),
  };
}

/** A list, or a single text. */
function textsOf(reader: YamlReader, value: YamlValue): string[] {
  return 'items' in (value.node ?? {})
    ? reader.list(value).map((item) => reader.text(item))
    : [reader.text(value)];
}

function readCheck(reader: YamlReader, item: YamlValue): Check {
  const short = reader.textIn(item);
  const line = reader.lineOf(item.offset);
  if (short !== null) return checkAt(reader, item, () => parseCheck(short, { line }));
  const fields = reader.fields(item, CHECK_FIELDS);
  const expr = fields.get('expr');
  if (expr === undefined) return reader.fail(item.offset, 'a check needs "expr"');
  const textOf = (name: string) => {
    const value = fields.get(name);
    return value === undefined ? undefined : reader.text(value);
  };
  const level = fields.get('level');
  const facts = {
    id: textOf('id'),
    level: level && reader.oneOf(level, 'a level', LEVELS),
    owner: textOf('owner'),
    why: textOf('why'),
    isOptional: optionalOf(reader, fields.get('optional')),
    line: reader.lineOf(expr.offset),
  };
  const text = reader.text(expr);
  const check = checkAt(reader, expr, () => parseCheck(text, facts));
  if (check.isOptional && !refersToBaseline(check))
    return reader.fail(expr.offset, 'only a check that refers to the baseline is optional');
  return check;
}

function optionalOf(reader: YamlReader, value: YamlValue | undefined): boolean {
  return value !== undefined && reader.oneOf(value, 'a truth value', ['true', 'false']) === 'true';
}

/** The parser of checks knows its own text alone. */
function checkAt(reader: YamlReader, { offset }: YamlValue, parse: () => Check): Check {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [text = '', caret = ''] = error.where;
    const column = /column (\d+)/.exec(caret)?.[1];
    const place = column === undefined ? '' : ` (column ${column} of "${text}")`;
    return reader.fail(offset, `${error.what}${place}`, error.fix ?? undefined);
  }
}

function readSuppression(reader: YamlReader, item: YamlValue): Suppression {
  const fields = reader.fields(item, SUPPRESSION_FIELDS);
  const textOf = (name: string) => {
    const value = fields.get(name);
    return value === undefined ? null : reader.text(value);
  };
  const [check, fingerprint, rule, service] = [
    textOf('check'),
    textOf('fingerprint'),
    textOf('rule'),
    textOf('service'),
  ];
  const why = textOf('why');
  if (check === null && fingerprint === null && rule === null)
    return reader.fail(item.offset, 'a suppression needs "check", "fingerprint" or "rule"');
  const until = fields.get('until');
  if (until === undefined || why === null)
    return reader.fail(item.offset, 'a suppression needs "until" and "why"', 'until: 2027-01-01');
  const date = reader.text(until);
  if (!DATE.test(date) || Number.isNaN(Date.parse(date)))
    return reader.fail(until.offset, `"${date}" is not a date`, 'until: 2027-01-01');
  return { check, fingerprint, rule, service, until: date, why };
}
