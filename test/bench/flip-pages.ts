// Damages a small store, page by page, and runs every command on each copy: it works, or says that the store is damaged; and `store check` is clean only where the
// content is what it was.
//   node test/bench/run.mjs flip-pages [--flips 3] [--pages 0-999] [--spans 1000]
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeSoundStore, pagesOf, tryPage } from '../helpers/damaged-store.ts';

/** A page takes a second or two; whatever takes this long hangs. */
const TIMEOUT_MS = 120_000;

const { values } = parseArgs({
  options: {
    flips: { type: 'string', default: '3' },
    pages: { type: 'string', default: '0-100000' },
    page: { type: 'string' },
    store: { type: 'string' },
  },
});

/** One page in a process of its own, which may hang. */
function inProcess(store: string, page: number): Promise<string> {
  const args = ['--store', store, '--page', `${page}`, '--flips', values.flips];
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += String(chunk);
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return new Promise((resolve) =>
    child.on('close', (code, signal) =>
      resolve(
        signal === null ? output : `${output}page ${page}: ended by ${signal}, code ${code}\n`,
      ),
    ),
  );
}

if (values.page !== undefined && values.store !== undefined) {
  const { tried, harmless, failures } = await tryPage(
    values.store,
    Number(values.page),
    Number(values.flips),
  );
  for (const failure of failures) console.log(failure);
  console.log(`done ${tried} ${harmless}`);
} else {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tracecli-flips-'));
  try {
    const store = await makeSoundStore(folder);
    const [first = 0, last = 0] = values.pages.split('-').map(Number);
    const pages = pagesOf(store);
    let [tried, harmless, failed] = [0, 0, 0];
    for (let page = first; page < Math.min(pages, last + 1); page++) {
      const output = await inProcess(store, page);
      const done = /^done (\d+) (\d+)$/m.exec(output);
      tried += Number(done?.[1] ?? 0);
      harmless += Number(done?.[2] ?? 0);
      const failures = output.replace(/^done .*\n/m, '');
      if (failures === '') continue;
      failed += failures.split('\n').length - 1;
      process.stdout.write(failures);
    }
    console.log(
      `${pages} pages; ${tried} damaged stores, of which ${harmless} lost nothing; ${failed} failures`,
    );
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
