import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { madeLines } from '../helpers/made-lines.ts';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command beside others; `kill` ends it the hard way after so many milliseconds. */
function tracecli(args: readonly string[], killAfterMs?: number): Promise<Ended> {
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent' };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env });
  const timer =
    killAfterMs === undefined ? null : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) =>
    child.on('close', (status) => {
      if (timer !== null) clearTimeout(timer);
      resolve({ status, stdout, stderr });
    }),
  );
}

/** A folder with a store to come and dumps that overlap: each has three lines of 1,000 spans, the first of which the one before has. */
function dumps(count: number): { store: string; files: string[] } {
  const folder = temporaryFolder();
  const files = Array.from({ length: count }, (_, i) => path.join(folder, `${i}.jsonl`));
  files.forEach((file, i) => {
    writeFileSync(file, madeLines(i * 2, i * 2 + 2));
  });
  return { store: path.join(folder, 'store.db'), files };
}

/** What the store shows: everything of every trace in a list, which depends on the spans alone. */
function content(store: string): unknown {
  const { stdout } = newUser()(['traces', '--json', '--limit', '100000', '--store', store]);
  return JSON.parse(stdout).traces;
}

async function contentOfOneAfterTheOther(files: readonly string[]): Promise<unknown> {
  const store = path.join(temporaryFolder(), 'expected.db');
  await tracecli(['import', ...files, '--store', store]);
  return content(store);
}

test('three imports at once into a new store give what one after the other gives', async () => {
  const { store, files } = dumps(3);
  const ended = await Promise.all(
    files.map((file) => tracecli(['import', file, '--store', store, '--json'])),
  );
  expect(ended.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
    files.map(() => ({ status: 0, stderr: '' })),
  );
  const totals = ended.map(({ stdout }) => JSON.parse(stdout).totals);
  expect(totals.reduce((sum, { spansAdded }) => sum + spansAdded, 0)).toBe(7000);
  expect(totals.reduce((sum, { spansDuplicate }) => sum + spansDuplicate, 0)).toBe(2000);
  expect(content(store)).toEqual(await contentOfOneAfterTheOther(files));
  expect((await tracecli(['store', 'check', '--store', store])).status).toBe(0);
});

test('an import, a prune and a reader at once do not disturb each other', async () => {
  const { store, files } = dumps(4);
  const [first = '', ...others] = files;
  await tracecli(['import', first, '--store', store]);
  const ended = await Promise.all([
    tracecli(['import', ...others, '--store', store]),
    tracecli(['store', 'prune', '--keep', '50', '--store', store]),
    tracecli(['analyze', '--store', store]),
    tracecli(['store', 'vacuum', '--store', store]),
  ]);
  expect(ended.map(({ status, stderr }) => ({ status, stderr }))).toEqual(
    ended.map(() => ({ status: 0, stderr: '' })),
  );
  expect((await tracecli(['store', 'check', '--store', store])).stdout).toMatch(
    /^the store is sound/,
  );
});

test('one of two imports is killed: the other goes on, and the next one completes it', async () => {
  const { store, files } = dumps(4);
  const [one, two] = [files.slice(0, 2), files.slice(2)];
  const [, survivor] = await Promise.all([
    tracecli(['import', ...one, '--store', store], 350),
    tracecli(['import', ...two, '--store', store]),
  ]);
  expect(survivor).toMatchObject({ status: 0, stderr: '' });
  expect((await tracecli(['store', 'check', '--store', store])).status).toBe(0);
  await tracecli(['import', ...one, '--store', store]);
  expect(content(store)).toEqual(await contentOfOneAfterTheOther(files));
});

/** Whether this user may mount file systems that nobody else sees. */
const CAN_MOUNT =
  spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;

describe.skipIf(!CAN_MOUNT)('a file system of its own (needs unshare -rm)', () => {
  /** Runs a script in which `$T` is tracecli and `$D` the file system, of 4 MB. */
  function script(lines: string): Ended {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'small.jsonl'), madeLines(0, 0));
    writeFileSync(path.join(folder, 'large.jsonl'), madeLines(0, 29));
    const env = {
      PATH: process.env['PATH'],
      HOME: folder,
      T: `${process.execPath} ${BIN}`,
      D: path.join(folder, 'disk'),
    };
    const text = `mkdir $D && mount -t tmpfs -o size=4m none $D\n${lines}`;
    return spawnSync('unshare', ['-rm', 'sh', '-c', text], { cwd: folder, env, encoding: 'utf8' });
  }

  test('a full disk ends the import with what to do, and loses nothing that was stored', () => {
    const { stdout, stderr } = script(`
      $T import small.jsonl -q --store $D/s.db; echo "small $?"
      $T import large.jsonl -q --store $D/s.db; echo "large $?"
      mount -o remount,size=64m $D
      $T store check --store $D/s.db | head -2
      $T import large.jsonl --store $D/s.db; echo "again $?"
      $T store check --store $D/s.db | head -2`);
    expect(stderr).toMatch(
      /^error: no space left for the store \S+\n {2}SQLite: .*\ntry: free some space and run the same command again/,
    );
    expect(stdout).toMatch(/^small 0\nlarge 3\nthe store is sound/);
    expect(stdout).toMatch(
      /imported [\d,]+ spans \(3,000 traces, [\d,]+ already known\).*\nthe store holds 3,000 traces, 30,000 spans.*\nagain 0\nthe store is sound/,
    );
  });

  test('a folder that cannot be written to is an error that says so', () => {
    const { stdout, stderr } = script(`
      $T import small.jsonl -q --store $D/s.db
      mount -o remount,ro $D
      $T import small.jsonl -q --store $D/s.db; echo "import $?"
      $T import small.jsonl -q --store $D/new.db; echo "new $?"
      $T store prune --keep 1 --store $D/s.db; echo "prune $?"
      $T traces --store $D/s.db; echo "traces $?"`);
    expect(stdout).toBe('import 3\nnew 3\nprune 3\ntraces 3\n');
    expect(stderr.match(/^error: cannot (write|open) the store/gm)?.length).toBe(4);
    expect(stderr.match(/^try: .*--store PATH$/gm)?.length).toBe(4);
  });
});
