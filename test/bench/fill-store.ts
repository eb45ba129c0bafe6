import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CLI } from './bench-folder.ts';
import { madeDump } from './made-dump.ts';

/** Imports about `spans` spans that are made on the way, so that no disk has to hold their dump. */
export async function fillStore(store: string, spans: number, seed: number): Promise<void> {
  const args = [CLI, 'import', '-', '--store', store, '--quiet'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const end = once(child, 'close');
  for (const piece of madeDump('otlp-jsonl', spans, seed))
    if (!child.stdin.write(piece)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [status] = await end;
  if (status !== 0) throw new Error('the store could not be filled');
}
