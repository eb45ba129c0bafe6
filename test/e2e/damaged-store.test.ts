import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makeSoundStore, overwritePage, pagesOf, tryPage } from '../helpers/damaged-store.ts';
import { PtyTerminal } from '../helpers/pty-terminal.ts';
import { BIN, newUser, temporaryFolder } from '../helpers/run-tracecli.ts';

/** All of them take minutes: the benchmark flip-pages. */
const SOME = 5;

test('whatever page is damaged, commands work or say so, and store check finds what has changed', async () => {
  const store = await makeSoundStore(temporaryFolder());
  const step = Math.ceil(pagesOf(store) / SOME);
  const failures: string[] = [];
  let harmless = 0;
  let tried = 0;
  for (let page = 1; page < pagesOf(store); page += step) {
    const found = await tryPage(store, page, 2);
    failures.push(...found.failures);
    harmless += found.harmless;
    tried += found.tried;
  }
  expect(failures).toEqual([]);
  // It was damage, and not nothing, that was tried.
  expect(harmless).toBeLessThan(tried / 2);
}, 120_000);

test('a view that is not what it was is damage, not a bug', async () => {
  const store = await makeSoundStore(temporaryFolder());
  const run = newUser();
  const bytes = readFileSync(store, 'latin1');
  writeFileSync(store, bytes.replace(' AS status_message', ' AS statys_message'), 'latin1');
  const { status, stderr } = run(['store', 'check', '--store', store]);
  expect({ status, stderr }).toEqual({
    status: 3,
    stderr: expect.stringMatching(/^try: import the dumps again/),
  });
});

test('the explorer says on the screen that the store is damaged, and ends in order', async () => {
  const store = await makeSoundStore(temporaryFolder());
  for (let page = 20; page < pagesOf(store); page++) overwritePage(store, page, () => '');
  const env = { HOME: path.dirname(store), TRACECLI_CONFIG: '/dev/null' };
  const terminal = new PtyTerminal(process.execPath, [BIN, 'ui', '--store', store], { env });
  try {
    await terminal.until(/damaged/);
    terminal.send('q');
    expect([0, 3]).toContain(await terminal.exit());
    expect(terminal.output).not.toMatch(/\n\s+at /);
  } finally {
    terminal.close();
  }
}, 60_000);
