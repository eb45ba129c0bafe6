import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { findTraces } from '../../src/store/find-traces.ts';
import { listImports } from '../../src/store/import-log.ts';
import { openStore, type Store } from '../../src/store/open-store.ts';
import { scanTraces } from '../../src/store/read-spans.ts';
import { plainSpan } from '../helpers/plain-span.ts';
import { importSpans, storeWith } from '../helpers/store-with.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { numberedSpans } from './numbered-spans.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();
afterEach(() => folder.empty());

// Within node_modules, so that the script finds better-sqlite3.
const bundle = mkdtempSync(path.join(ROOT, 'node_modules', '.cache-import-'));
const script = path.join(bundle, 'import.mjs');
beforeAll(() =>
  build({
    absWorkingDir: ROOT,
    entryPoints: ['test/store/import-script.ts'],
    outfile: script,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
  }),
);
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

function startImport(file: string, first: number, count: number, batchSize: number): ChildProcess {
  const args = [script, file, first, count, batchSize].map(String);
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function output({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) throw new Error('no output');
  return text(stdout);
}

function content(store: Store): unknown {
  return {
    traces: findTraces(store, {}, { sort: 'start', descending: true, limit: 10_000 }),
    spans: [...scanTraces(store)].map((spans) => spans.map(plainSpan)),
  };
}

test('three processes that import overlapping dumps into a new store at once all succeed', async () => {
  const file = folder.file('store.db');
  const outputs = await Promise.all(
    [0, 500, 1000].map((first) => output(startImport(file, first, 1000, 50))),
  );
  const added = outputs.map(
    (lines) => JSON.parse(lines.trim().split('\n').at(-1) ?? '').spansAdded,
  );
  expect(added.reduce((sum, n) => sum + n, 0)).toBe(2000);
  const [store, expected] = [openStore(file, 'read'), storeWith(numberedSpans(0, 2000))];
  expect(content(store)).toEqual(content(expected));
  store.close();
  expected.close();
});

test.each([1, 3, 8])(
  'an import killed after batch %i leaves whole batches, and the next import completes them',
  async (batches) => {
    const file = folder.file('store.db');
    const child = startImport(file, 0, 3000, 100);
    let seen = 0;
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk.toString().split('\n').length - 1;
      if (seen >= batches) child.kill('SIGKILL');
    });
    await new Promise((resolve) => child.on('close', resolve));

    const killed = openStore(file, 'read');
    const [entry] = listImports(killed);
    const kept = entry?.spansAdded ?? 0;
    expect(entry?.completed).toBe(false);
    expect(kept % 100).toBe(0);
    expect(kept).toBeGreaterThanOrEqual(batches * 100);
    const before = storeWith(numberedSpans(0, kept));
    expect(content(killed)).toEqual(content(before));
    killed.close();
    before.close();

    const again = openStore(file, 'write');
    expect(importSpans(again, numberedSpans(0, 3000)).spansAdded).toBe(3000 - kept);
    const after = storeWith(numberedSpans(0, 3000));
    expect(content(again)).toEqual(content(after));
    again.close();
    after.close();
  },
);
