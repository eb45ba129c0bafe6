import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FORMATS } from '../src/importers/formats.ts';
import { openTemporaryStore } from '../src/store/open-store.ts';
import { sqlite } from '../src/store/sqlite.ts';
import { KEYMAP, keyLabel, screensText } from '../src/tui/keymap.ts';
import { readDump } from './helpers/read-dump.ts';
import { BIN, CLOCK, ROOT, temporaryFolder } from './helpers/run-tracecli.ts';
import { importSpans } from './helpers/store-with.ts';

const README = path.join(ROOT, 'README.md');
const CONSOLE = /^```console\n(.*?)^```\n/gms;

/** A user in the repository with `tracecli` on the path and a home of their own, which one run of the README shares. */
function shell(): (command: string) => string {
  const home = temporaryFolder();
  mkdirSync(path.join(home, 'bin'));
  symlinkSync(BIN, path.join(home, 'bin', 'tracecli'));
  const env = { HOME: home, PATH: `${home}/bin:${process.env['PATH']}`, TZ: 'UTC', ...CLOCK };
  return (command) => {
    const { stdout, stderr } = spawnSync('sh', ['-c', command], {
      cwd: ROOT,
      env,
      encoding: 'utf8',
    });
    return (stdout + stderr).replaceAll(home, '~');
  };
}

/** The README with every example's output as it is now, and its tables made anew. */
function currentReadme(text: string): string {
  const run = shell();
  const withExamples = text.replace(CONSOLE, (_, block: string) => {
    const commands = block.split('\n').filter((line) => line.startsWith('$ '));
    const outputs = commands.map((line) => `${line}\n${run(line.slice(2))}`);
    return `\`\`\`console\n${outputs.join('')}\`\`\`\n`;
  });
  return withTable(withTable(withExamples, 'formats', formatTable()), 'keys', keyTable());
}

function withTable(text: string, name: string, table: string): string {
  const place = new RegExp(`(<!-- ${name}: [^\\n]*-->\\n).*?(<!-- /${name} -->)`, 's');
  return text.replace(place, (_, open: string, close: string) => `${open}\n${table}\n${close}`);
}

function formatTable(): string {
  const rows = FORMATS.map(({ name, title }) => `| \`${name}\` | ${title} |\n`);
  return `| \`--format\` | what it is |\n|---|---|\n${rows.join('')}`;
}

function keyTable(): string {
  const rows = KEYMAP.map(({ keys, title, screens }) => {
    const labels = keys.map((key) => `\`${keyLabel(key, true)}\``.replaceAll('|', '\\|'));
    return `| ${labels.join(' ')} | ${title} | ${screensText(screens)} |\n`;
  });
  return `| key | does | on |\n|---|---|---|\n${rows.join('')}`;
}

/** UPDATE_README=1 writes what the test expects. */
test('examples print what the README says, and its tables are those of the code', () => {
  const text = readFileSync(README, 'utf8');
  const current = currentReadme(text);
  if (process.env['UPDATE_README']) writeFileSync(README, current);
  else expect(text).toBe(current);
});

describe('the views of the store', () => {
  const text = readFileSync(README, 'utf8');
  const store = openTemporaryStore();
  const database = new sqlite(store.path, { readonly: true });
  afterAll(() => {
    database.close();
    store.close();
  });
  beforeAll(async () => {
    importSpans(store, await readDump(path.join(ROOT, 'fixtures', 'shop.otlp.jsonl')));
  });

  test('have the columns that the README says', () => {
    const documented = [
      ...text.matchAll(/^\| `(\w+)` \| an? [^|]+ \| (`\w+`(?: `\w+`)*) \|$/gm),
    ].map(([, view, columns = '']) => [view, columns.replaceAll('`', '').split(' ')]);
    const views = database
      .prepare("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY rowid")
      .pluck()
      .all();
    const columns = database.prepare('SELECT name FROM pragma_table_info(?)').pluck();
    expect(documented).toEqual(views.map((view) => [view, columns.all(view)]));
  });

  const queries = [...text.matchAll(/^```sql\n(.*?)^```\n/gms)].flatMap(([, block = '']) =>
    block.split(/(?<=;)\n/).filter((query) => query.trim() !== ''),
  );
  test.each(queries)('answer %s', (query) => {
    expect(database.prepare(query).all().length).toBeGreaterThan(0);
  });
});
