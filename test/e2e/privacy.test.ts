import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { BIN, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const SHOP = path.join(ROOT, 'fixtures/shop.otlp.jsonl');
const PRELOAD = path.join(ROOT, 'test/helpers/no-network.cjs');

/** Runs a shell script in which `$T` is tracecli, in a folder of its own that is home, too. */
function script(text: string) {
  const folder = temporaryFolder();
  const tmp = path.join(folder, 'tmp');
  mkdirSync(tmp);
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    TMPDIR: tmp,
    T: `${process.execPath} ${BIN}`,
    SHOP,
  };
  const ended = spawnSync('sh', ['-c', text], { cwd: folder, env, encoding: 'utf8' });
  return { ...ended, folder, tmp };
}

const mode = (file: string) => (statSync(file).mode & 0o777).toString(8);

describe.each(['000', '022', '277'])('with the umask %s', (umask) => {
  test('whatever is written is its owner’s alone, and usable', () => {
    const { status, stderr, folder } = script(`umask ${umask}
      $T import $SHOP -q && $T analyze --json > /dev/null && $T export --out out.jsonl -q &&
      $T analyze --save-baseline base.json --out csv=out.csv > /dev/null && $T traces --limit 1 > /dev/null`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const data = path.join(folder, '.local/share/tracecli');
    expect([mode(data), mode(path.join(data, 'traces.db'))]).toEqual(['700', '600']);
    for (const name of readdirSync(data))
      expect([name, mode(path.join(data, name))]).toEqual([name, '600']);
    for (const name of ['out.jsonl', 'base.json', 'out.csv']) {
      expect([name, Number.parseInt(mode(path.join(folder, name)), 8) & 0o077]).toEqual([name, 0]);
    }
  });
});

test('the log and the index of an open store are its owner’s alone', async () => {
  const { folder } = script('umask 000; $T import $SHOP -q');
  const data = path.join(folder, '.local/share/tracecli');
  const child = spawn(process.execPath, [BIN, 'ui', '--plain'], {
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  expect(readdirSync(data)).toContain('traces.db-wal');
  for (const name of readdirSync(data))
    expect([name, mode(path.join(data, name))]).toEqual([name, '600']);
  child.kill();
  await new Promise((resolve) => child.once('close', resolve));
});

describe('a temporary store is removed', () => {
  test.each([
    ['at the end', '$T analyze $SHOP > /dev/null', 0],
    ['after an error of the query', '$T analyze $SHOP nothinglikeit > /dev/null 2>&1', 3],
    ['after a dump that is none', 'echo x > x.json; $T analyze x.json > /dev/null 2>&1', 3],
    ['after a failed check', '$T analyze $SHOP --check "p95 < 1ns" > /dev/null', 1],
    ['when nobody reads the rest', '$T analyze $SHOP --json | head -1 > /dev/null', 0],
    ['of each run of a comparison', '$T compare $SHOP $SHOP > /dev/null', 0],
  ])('%s', (_, text, expected) => {
    const { status, tmp } = script(text);
    expect({ status, left: readdirSync(tmp) }).toEqual({ status: expected, left: [] });
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('on %s', async (signal) => {
    const tmp = temporaryFolder();
    const child = spawn(process.execPath, [BIN, 'analyze', '-'], {
      env: { PATH: process.env['PATH'], HOME: tmp, TMPDIR: tmp },
    });
    // What was not read when the signal came nobody reads.
    child.stdin.on('error', () => undefined);
    child.stdin.write(readFileSync(SHOP));
    await expect.poll(() => readdirSync(tmp).length, { timeout: 20_000 }).toBe(1);
    child.kill(signal);
    await new Promise((resolve) => child.once('close', resolve));
    expect(readdirSync(tmp)).toEqual([]);
  });

  test('that of a killed process when the next one starts, and no other', () => {
    const { tmp, folder } = script('true');
    const killed = spawnSync(process.execPath, ['-e', '']).pid;
    const [space = ''] = /tracecli-.*-(?=\d+-\w{6}$)/.exec(nameOfOwn(tmp)) ?? [];
    for (const name of [
      `${space}${killed}-abcdef`,
      `${space}${process.pid}-abcdef`,
      'tracecli-other-1-abcdef',
    ]) {
      mkdirSync(path.join(tmp, name));
      writeFileSync(path.join(tmp, name, 'store.db'), '');
    }
    spawnSync(process.execPath, [BIN, 'analyze', SHOP], {
      env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: tmp },
    });
    expect(readdirSync(tmp).sort()).toEqual(
      [`${space}${process.pid}-abcdef`, 'tracecli-other-1-abcdef'].sort(),
    );
  });
});

/** The name of a temporary store's folder, seen while one is in use. */
function nameOfOwn(tmp: string): string {
  const child = spawnSync(
    'sh',
    [
      '-c',
      `(cat "${SHOP}"; sleep 3) | ${process.execPath} ${BIN} analyze - >/dev/null & sleep 2; ls "${tmp}"; wait`,
    ],
    { env: { PATH: process.env['PATH'], HOME: tmp, TMPDIR: tmp }, encoding: 'utf8' },
  );
  return child.stdout.trim().split('\n')[0] ?? '';
}

/** A function that reads text is all that is taken of `node:net`. */
const IS_IP = /import\{isIP as \w+\}from"node:net"/;

describe('nothing is sent anywhere', () => {
  test('the bundle loads no module that could', () => {
    const files = readdirSync(path.join(ROOT, 'dist')).filter((name) => name.endsWith('.js'));
    expect(files.length).toBeGreaterThan(10);
    const network =
      /(?:from|import|require\()\s*\(?["'](?:node:)?(?:net|http|https|http2|tls|dns|dgram|undici|inspector)(?:\/[a-z]+)?["']/;
    const found = files.filter((name) =>
      network.test(readFileSync(path.join(ROOT, 'dist', name), 'utf8').replace(IS_IP, '')),
    );
    expect(found).toEqual([]);
  });

  test('a process that may reach nobody does all the same', () => {
    const { status, stderr } = script(`export NODE_OPTIONS="--require ${PRELOAD}"
      $T import $SHOP -q && $T analyze > /dev/null && $T analyze $SHOP --json > /dev/null && $T traces checkout > /dev/null &&
      $T query '{ } | rate()' > /dev/null && $T sql 'SELECT 1' > /dev/null && $T compare $SHOP $SHOP > /dev/null &&
      $T store check > /dev/null && echo q | $T ui --plain > /dev/null`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  test('the preload would have told', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--require', PRELOAD, '-e', 'require("net").connect(9)'],
      { encoding: 'utf8' },
    );
    expect({ status, stderr }).toEqual({ status: 99, stderr: 'NETWORK connect\n' });
  });
});

describe('sql only reads', () => {
  test.each([
    "SELECT load_extension('evil')",
    "SELECT writefile('evil', 'x')",
    "SELECT edit('x', 'touch evil')",
    "SELECT fts3_tokenizer('simple', x'00')",
    'CREATE TEMP TABLE t (a)',
    'PRAGMA writable_schema = ON',
    "UPDATE sqlite_schema SET sql = 'x'",
    "INSERT INTO sqlite_dbpage VALUES (1, x'00')",
    "SELECT * FROM pragma_journal_mode('delete')",
    "WITH x AS (SELECT 1) REPLACE INTO trace_rows SELECT 1, x'01', NULL",
    'REINDEX',
    'ANALYZE',
    "DETACH 'main'",
    'SAVEPOINT s',
    "EXPLAIN ATTACH 'evil' AS e; ATTACH 'evil' AS e",
    'VALUES (1); DROP VIEW spans',
  ])('%s is refused and changes nothing', (statement) => {
    const { status, stdout, folder: own } = script('$T import $SHOP -q');
    expect([status, stdout]).toEqual([0, '']);
    const store = path.join(own, '.local/share/tracecli/traces.db');
    const before = readFileSync(store);
    const ended = spawnSync(process.execPath, [BIN, 'sql', statement], {
      cwd: own,
      env: { PATH: process.env['PATH'], HOME: own },
      encoding: 'utf8',
    });
    expect([ended.status, ended.stdout]).toEqual([2, '']);
    expect(readFileSync(store).equals(before)).toBe(true);
    expect(existsSync(path.join(own, 'evil'))).toBe(false);
  });

  test('rows without end stop at the limit, and one that is too long is no bug', () => {
    const { stdout, stderr, status } = script(`$T import $SHOP -q
      $T sql 'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n' --limit 3 --json | tr -d ' \\n'
      $T sql 'SELECT hex(zeroblob(900000000))'; echo $?`);
    expect(status).toBe(0);
    expect(stdout).toContain('"rows":[[1],[2],[3]],"more":true');
    expect(stderr).not.toContain('a bug in tracecli');
    expect(stdout.trim().endsWith('70')).toBe(false);
  });
});
