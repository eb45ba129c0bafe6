import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createWriteStream, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sqlite } from '../../src/store/sqlite.ts';
import { madeLine, madeLines } from '../helpers/made-lines.ts';
import { PtyTerminal } from '../helpers/pty-terminal.ts';
import { BIN, newUser, ROOT, temporaryFolder } from '../helpers/run-tracecli.ts';

function start(args: readonly string[]): ChildProcess {
  const env = { PATH: process.env['PATH'], HOME: path.dirname(args.at(-1) ?? '') };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: ROOT, env });
  child.stdin.on('error', () => undefined);
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits until the import has committed spans. */
async function committed(store: string): Promise<void> {
  await vi.waitFor(
    () => {
      const database = new sqlite(store, { readonly: true, fileMustExist: true });
      try {
        expect(
          database.prepare('SELECT sum(spans_added) FROM import_rows').pluck().get(),
        ).toBeGreaterThan(0);
      } finally {
        database.close();
      }
    },
    { timeout: 15_000, interval: 50 },
  );
}

function ended(child: ChildProcess): Promise<{ status: number | null; stderr: string }> {
  let stderr = '';
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, stderr })));
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)(
  '%s ends an import after its batch, even when nothing more comes',
  async (signal, code) => {
    const store = path.join(temporaryFolder(), 'store.db');
    const child = start(['import', '-', '--store', store]);
    const end = ended(child);
    for (let n = 0; n < 5; n++) child.stdin?.write(madeLine(n));
    await committed(store);
    child.kill(signal);
    expect(await end).toEqual({
      status: code,
      stderr:
        'interrupted: what was imported so far is in the store\ntry: the same command again; it goes on without doubling anything\n',
    });
    const run = newUser();
    expect(run(['store', 'check', '--store', store]).status).toBe(0);
    const all = madeLines(0, 4);
    const { totals } = JSON.parse(run(['import', '-', '--json', '--store', store], all).stdout);
    expect(totals).toMatchObject({ traces: 500, spans: 5000 });
    expect(totals.spansAdded).toBeLessThan(5000);
  },
);

test('a terminal shows how far a pipe has come, and Ctrl-C ends it', async () => {
  const folder = temporaryFolder();
  const fifo = path.join(folder, 'fifo');
  spawnSync('mkfifo', [fifo]);
  const store = path.join(folder, 'store.db');
  const terminal = new PtyTerminal(process.execPath, [BIN, 'import', fifo, '--store', store], {
    columns: 120,
  });
  onTestFinished(() => terminal.close());
  const source = createWriteStream(fifo);
  // The reader goes away first.
  source.on('error', () => undefined);
  onTestFinished(() => void source.destroy());
  let n = 0;
  const feeding = setInterval(
    () => source.write(`${madeLine(n++)}{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}\n`),
    60,
  );
  onTestFinished(() => clearInterval(feeding));
  await terminal.until(
    /^[\d.]+ [kM]B {2}[\d,]+ spans {2}[\d.]+ [kM]B\/s {2}\d+ issues {2}\S*fifo/m,
  );
  terminal.send('\x03');
  expect(await terminal.exit()).toBe(130);
  expect(terminal.screen.text()).toContain('interrupted: what was imported so far is in the store');
  expect(terminal.screen.text()).not.toContain('B/s');
});

test('-v prints the time of each stage on standard error', () => {
  const folder = temporaryFolder();
  const dump = path.join(folder, 'dump.jsonl');
  writeFileSync(dump, madeLine(0));
  const { stderr } = newUser()(['import', dump, '-v']);
  expect(stderr).toMatch(
    /^time: read and decode \d+\.\d\d s, write \d+\.\d\d s, summaries \d+\.\d\d s\n$/,
  );
});
