import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ATTACKS, DANGEROUS } from '../helpers/attack-strings.ts';
import { damagedDump, hostileDump, hostileIds } from '../helpers/hostile-dump.ts';
import { BIN } from '../helpers/run-tracecli.ts';
import { type Watched, watch } from '../helpers/watched-terminal.ts';

/** Attacks that can be part of a command line and of a file's name. */
const TYPED = Object.values(ATTACKS).filter((text) => !/[/\0\ud800]/.test(text));
const ALL = TYPED.join(' ');
const COLUMNS = 160;
const ATTACK_COUNT = Object.keys(ATTACKS).length;

let folder = '';
let traceIds: string[] = [];

function environment() {
  return { PATH: process.env['PATH'] ?? '', HOME: folder, TZ: 'UTC', LC_ALL: 'C.UTF-8' };
}

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tracecli-hostile-'));
  const files = {
    'base.jsonl': hostileDump(1),
    'slow.jsonl': hostileDump(1, 3),
    'ids.json': hostileIds(),
    'damaged.jsonl': damagedDump(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  mkdirSync(path.join(folder, 'names'));
  for (const text of TYPED) writeFileSync(path.join(folder, 'names', text), '{"no":"dump"}');
  writeFileSync(path.join(folder, 'names', `dump ${ALL}`.slice(0, 80)), hostileDump(1));
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: environment(),
      encoding: 'utf8',
    });
  expect(run('import', 'base.jsonl', 'ids.json', 'damaged.jsonl').stderr).toBe('');
  const { traces } = JSON.parse(run('traces', '--json', '--limit', '500').stdout);
  traceIds = traces.map(({ traceId }: { traceId: string }) => traceId);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function tracecli(args: readonly string[], keys: readonly string[] = [], rows = 2500) {
  const options = { cwd: folder, env: environment(), columns: COLUMNS, rows, keys };
  return watch(process.execPath, [BIN, ...args], options);
}

/** Looks of text, and the line of progress: what commands write beside text and line breaks. */
const OWN = ['[78]', '\\[[0-9;]*m', '\\[\\d*[GKJ]', '\\[\\?(?:25|7)[hl]'].map(
  (rest) => new RegExp(`\x1b${rest}`, 'g'),
);

/** The text that a command wrote, without looks. */
function textOf({ output }: Watched): string {
  return OWN.reduce((text, sequence) => text.replace(sequence, ''), output);
}

const FORMATS = [
  'json',
  'markdown',
  'junit',
  'sarif',
  'github',
  'gitlab-codequality',
  'openmetrics',
  'csv',
];
const SECTIONS = [
  'critical-path',
  'errors',
  'latency',
  'dependencies',
  'findings',
  'separates',
  'red',
];

/** Every command, in every format. `$` is a trace. */
const COMMANDS: readonly (readonly string[])[] = [
  ['import', 'base.jsonl'],
  ['import', 'base.jsonl', '--json'],
  ['import', 'ids.json', '-v'],
  ['import', 'damaged.jsonl'],
  ['import', 'damaged.jsonl', '--strict'],
  ['import', 'damaged.jsonl', '--json'],
  ['import', 'names'],
  ['import', 'names', '-v'],
  ['import', 'names/*'],
  ['import', ALL],
  ['import', 'base.jsonl', '--format', ALL],
  ['import', 'base.jsonl', '--store', `names/${TYPED[0]}`],
  ['traces', '--limit', '500'],
  ['traces', '--limit', '500', '--json'],
  ['traces', 'a', '--explain'],
  ['traces', 'a', '--explain', '--json'],
  ['traces', ALL],
  ['traces', `{ ${ALL}`],
  ['traces', `{ .${TYPED[0]} = 1 }`],
  ['traces', '--since', ALL],
  ['traces', '--service', ALL],
  ['traces', `--${ALL}`],
  ['analyze', '--top', '500'],
  ['analyze', '-v'],
  ['analyze', '--json'],
  ['analyze', '--format', 'dot'],
  ['analyze', '--format', 'mermaid'],
  ['analyze', '--group-by', 'tenant', '--top', '500'],
  ['analyze', '--group-by', ALL],
  ['analyze', '--separate', `tenant=${ALL}`],
  ['analyze', '--check', ALL],
  ['analyze', '--config', ALL],
  ['analyze', '--suppress', ALL],
  ['analyze', '--param', ALL],
  ['analyze', '--only', ALL],
  ['analyze', '--infer-errors', '--only', 'errors'],
  ['analyze', ALL],
  ...SECTIONS.map((section) => ['analyze', '--only', section, '--top', '500']),
  ...FORMATS.map((format) => ['analyze', '--check', 'p95 < 1ms', '--format', format]),
  ['analyze', '--check', 'p95 < 1ms', '--out', `json=${ALL}`],
  ['analyze', '--check', `id=${TYPED[0]}: p95 < 1ms`],
  ['compare', 'base.jsonl', 'slow.jsonl', '--top', '500'],
  ...FORMATS.map((format) => ['compare', 'base.jsonl', 'slow.jsonl', '--format', format]),
  ['compare', ALL, ALL],
  ['diff', '$', '$'],
  ...['json', 'markdown', 'csv'].map((format) => ['diff', '$', '$', '--format', format]),
  ['diff', ALL, ALL],
  ['query', '{ }', '--limit', '500'],
  ['query', '{ }', '--json'],
  ['query', '{ } | select(.tenant, resource.service.name)', '--limit', '500'],
  ['query', '{ } | by(name) | count() > 1', '--limit', '500'],
  ['query', '{ } | rate() by (name)'],
  ['query', '{ } | rate() by (name)', '--json'],
  ['query', '{ } | compare({ status = error })'],
  ['query', '{ } | compare({ status = error })', '--json'],
  ['sql', 'SELECT * FROM spans'],
  ['sql', 'SELECT key, value FROM attributes LIMIT 800'],
  ['sql', 'SELECT * FROM events'],
  ['sql', 'SELECT * FROM links'],
  ['sql', 'SELECT * FROM traces', '--json'],
  ['sql', `SELECT 1 AS "${ALL.replaceAll('"', '')}"`],
  ['sql', `SELECT ${ALL}`],
  ['export'],
  ['export', '--out', 'names/out.jsonl'],
  ['export', '--out', ALL],
  ['show', '$'],
  ['show', '$', '--all'],
  ['show', '$', '--critical-path-only', '--width', '60'],
  ['show', '$', '--json'],
  ['show', ALL],
  ['store', 'info'],
  ['store', 'info', '--json'],
  ['store', 'check'],
  ['store', 'check', '--json'],
  ['store', 'prune', '--keep', '1000', '--dry-run'],
  ['store', 'prune', '--older-than', ALL],
  ['store', 'info', '--store', `names/${TYPED[0]}`],
  ['schema', ALL],
  ['rules'],
  ['keys'],
  ['completion', 'bash'],
  ['complete-words', 'traces', ''],
  ['complete-words', 'traces', 'tenant='],
  ['complete-words', 'traces', 'service='],
  ['complete-words', 'traces', '--service', ''],
  ['complete-words', 'query', '{ name="'],
  ['ui', '--screen', ALL],
  ['ui', '--trace', ALL],
  [ALL],
];

test('no command fails to be tried for want of a trace', () => {
  expect(traceIds.length).toBeGreaterThan(ATTACK_COUNT);
});

describe('what a dump or a command line says does nothing to the terminal', () => {
  test.each(COMMANDS.map((args) => [args.join(' ').slice(0, 60), args] as const))(
    '%s',
    async (_, args) => {
      let traces = 0;
      const ended = await tracecli(
        args.map((word) => (word === '$' ? (traceIds[traces++ * 7] ?? '') : word)),
      );
      const text = textOf(ended);
      expect([0, 1, 2, 3]).toContain(ended.exitCode);
      // A terminal adds a carriage return to every line break, also to those of CSV; joiners of words are Markdown's.
      expect(text.replace(/\r+\n|\r(?=$)|\u2060/g, '').match(DANGEROUS)?.[0]).toBeUndefined();
      expect(ended.events).toEqual([]);
      const lines = text.split('\r\n').map((line) => line.trimEnd());
      const isWhole = lines.length < 2400 && lines.every((line) => line.length < COLUMNS - 10);
      if (isWhole) expect(ended.rows.join('\n').trimEnd()).toBe(lines.join('\n').trimEnd());
    },
  );
});

/** Keys that change what is shown. Not those that copy, write, suspend or leave. */
const KEYS = [
  ...Array.from('jjkgGcCtTeExXrzZ0+-<>hl[]opusSvFObnN'),
  '\r',
  ' ',
  '\t',
  '\x1b[B',
  '\x1b[6~',
  '\x1b',
];
const LEAVE = '\x03';

/** What the explorer writes beside text: places, looks, erasing, scrolling, modes. */
const EXPLORERS = [
  '\\[[0-9;]*[mHJK]',
  '\\[\\d*[STG]',
  '\\[(?:\\d+;\\d+)?r',
  '\\[\\?(?:2026|7|25|1049|1002|1006|2004)[hl]',
].map((rest) => new RegExp(`\x1b${rest}`, 'g'));

test.each([
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  'trace',
  'span',
  'compare',
  'help',
  'find',
  'filter',
])(
  'screen %s of the explorer does nothing to the terminal but draw, whatever key is pressed',
  async (screen) => {
    const ways: Readonly<Record<string, readonly string[]>> = {
      trace: ['2', '\r'],
      span: ['2', '\r', '\r'],
      compare: ['2', 'd', 'j', 'd'],
      help: ['?'],
      find: [':'],
      filter: ['2', '/'],
    };
    const keys = [...(ways[screen] ?? [screen]), ...KEYS, LEAVE];
    const ended = await tracecli(['ui'], keys, 50);
    const rest = EXPLORERS.reduce((text, own) => text.replace(own, ''), ended.output);
    expect(rest.replace(/\r\n/g, '').match(DANGEROUS)?.[0].codePointAt(0)).toBeUndefined();
    expect(rest.length).toBeGreaterThan(300);
    expect(ended.events).toEqual([]);
    expect(ended.exitCode).toBe(0);
  },
);

test('the plain explorer says nothing that a terminal obeys', async () => {
  const words = [
    'help\r',
    '2\r',
    'rows\r',
    '1\r',
    'rows\r',
    '1\r',
    'rows\r',
    '3\r',
    'rows\r',
    `/${'a'}\r`,
    'q\r',
  ];
  const ended = await tracecli(['ui', '--plain'], words, 500);
  expect(textOf(ended).replace(/\r\n/g, '').match(DANGEROUS)?.[0]).toBeUndefined();
  expect(ended.events).toEqual([]);
});
