import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { madeLines } from '../helpers/made-lines.ts';
import { PtyTerminal } from '../helpers/pty-terminal.ts';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

const LINES = 9;
const run = newUser;

/** A dump of 10,000 spans in a folder of its own. */
function dumpFolder(): { folder: string; dump: string; store: string } {
  const folder = temporaryFolder();
  const dump = path.join(folder, 'dump.jsonl');
  writeFileSync(dump, madeLines(0, LINES));
  return { folder, dump, store: path.join(folder, 'store.db') };
}

/** Every span of a store, in a stated order. */
function content(store: string): string {
  const { status, stdout } = run()(['export', '--store', store]);
  expect(status).toBe(0);
  return stdout;
}

/** Runs a shell script in which `$T` is tracecli. */
function script(folder: string, text: string) {
  const env = { PATH: process.env['PATH'], HOME: folder, T: `${process.execPath} ${BIN}` };
  return spawnSync('sh', ['-c', text], { cwd: folder, env, encoding: 'utf8' });
}

/** What an import left is sound, importing again completes it, and nothing tells it from a store that nobody disturbed. */
function expectCompletes(store: string, dump: string): void {
  const tracecli = run();
  expect(tracecli(['import', dump, '-q', '--store', store])).toMatchObject({ status: 0 });
  expect(tracecli(['store', 'check', '--store', store])).toMatchObject({ status: 0, stderr: '' });
  expect(tracecli(['store', 'info', '--store', store]).stdout).not.toContain('import it again');
  const undisturbed = path.join(temporaryFolder(), 'undisturbed.db');
  tracecli(['import', dump, '-q', '--store', undisturbed]);
  expect(content(store)).toBe(content(undisturbed));
}

/** Kills an import after so many milliseconds. */
function killedImport(dump: string, store: string, afterMs: number): Promise<void> {
  const env = { PATH: process.env['PATH'], HOME: path.dirname(store) };
  const args = [BIN, 'import', dump, '-q', '--store', store];
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'ignore' });
  setTimeout(() => child.kill('SIGKILL'), afterMs);
  return new Promise((resolve) => child.on('close', () => resolve()));
}

/** 200 moments: the benchmark kill-import. */
test.each([200, 350, 500])(
  'an import that is killed after %d ms is completed by the next one',
  async (afterMs) => {
    const { dump, store } = dumpFolder();
    await killedImport(dump, store, afterMs);
    if (statSync(store, { throwIfNoEntry: false }) !== undefined) {
      const { status, stderr } = run()(['store', 'check', '--store', store]);
      expect(status === 0 || stderr.startsWith('error: there is no store')).toBe(true);
    }
    expectCompletes(store, dump);
  },
  30_000,
);

test('a file that may not grow ends the import with what to do, and the next one completes it', () => {
  const { folder, dump, store } = dumpFolder();
  // Blocks of 512 bytes or of 1024, as the shell likes: the store takes 6 MB.
  const { stdout, stderr } = script(
    folder,
    `ulimit -f 3000; $T import ${dump} -q --store store.db; echo "exit $?"`,
  );
  expect(stdout).toBe('exit 3\n');
  expect(stderr).toMatch(
    /^error: (reading or writing the store store.db failed|no space left)[^\n]*\n {2}SQLite: [^\n]*\ntry: /,
  );
  expectCompletes(store, dump);
});

describe('dumps that cannot be read to their end', () => {
  test('a device that fails is an error that names it', () => {
    const { folder, store } = dumpFolder();
    const { status, stderr } = run()(['import', '/proc/self/mem', '-q', '--store', store]);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: cannot read \/proc\/self\/mem/);
    expect(folder).not.toBe('');
  });

  test('a writer that goes away in the middle of a line is counted, and the whole dump completes it', () => {
    const { folder, dump, store } = dumpFolder();
    const { stdout } = script(
      folder,
      'mkfifo pipe; (head -c 1000000 dump.jsonl > pipe &); $T import pipe --store store.db; echo "exit $?"',
    );
    expect(stdout).toMatch(/truncated|cut off|ends/);
    expectCompletes(store, dump);
  });

  test('a dump that vanishes is an error, and the others are imported', () => {
    const { folder, dump, store } = dumpFolder();
    const gone = path.join(folder, 'gone.json');
    const { status, stderr } = run()(['import', gone, dump, '-q', '--store', store]);
    expect(status).toBe(3);
    expect(stderr).toContain('gone.json');
    expectCompletes(store, dump);
  });
});

test('a working directory that is gone is an error that says so, where one is needed', () => {
  const { folder } = dumpFolder();
  mkdirSync(path.join(folder, 'gone'));
  const { stdout, stderr } = script(
    folder,
    `$T import dump.jsonl -q --store ${folder}/store.db
     cd gone; rmdir ../gone
     $T traces --limit 1 --store ${folder}/store.db >/dev/null; echo "traces $?"
     $T analyze ${folder}/dump.jsonl -q >/dev/null; echo "analyze $?"
     $T import dump.jsonl -q --store ${folder}/store.db; echo "import $?"
     $T import ${folder}/dump.jsonl -q --store new.db; echo "new $?"`,
  );
  expect(stdout).toBe('traces 0\nanalyze 0\nimport 3\nnew 3\n');
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stderr).toContain('error: the working directory is gone');
});

test('two imports and an explorer at once: nothing is lost, and the explorer goes on', async () => {
  const { folder, dump, store } = dumpFolder();
  const other = path.join(folder, 'other.jsonl');
  writeFileSync(other, madeLines(5, 14));
  run()(['import', dump, '-q', '--store', store]);
  const env = { HOME: folder, TRACECLI_CONFIG: '/dev/null' };
  const args = [BIN, 'ui', '--store', store, '--screen', 'traces'];
  const terminal = new PtyTerminal(process.execPath, args, { env });
  try {
    await terminal.until(/svc \d op/);
    const both = await Promise.all(
      [dump, other].map((file) => killedImport(file, store, 60_000).then(() => file)),
    );
    expect(both).toHaveLength(2);
    terminal.send('\r');
    await terminal.until(/minimap|critical|op \d/);
    terminal.send('q');
    terminal.send('q');
    terminal.send('q');
    expect(await terminal.exit()).toBe(0);
  } finally {
    terminal.close();
  }
  const whole = path.join(folder, 'whole.db');
  run()(['import', dump, other, '-q', '--store', whole]);
  expect(content(store)).toBe(content(whole));
  expect(run()(['store', 'check', '--store', store]).status).toBe(0);
}, 60_000);
