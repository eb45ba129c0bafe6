import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Output } from '../../src/cli/io.ts';
import { run } from '../../src/cli/run.ts';
import { Dice } from '../bench/made-spans.ts';
import { madeLines } from './made-lines.ts';

/** Pages of a store. */
const PAGE_BYTES = 8192;

const STATUS_SOUND = 0;
/** Sound, nothing found, the store damaged. */
const ALLOWED = new Set([0, 1, 3]);

interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
async function ran(args: readonly string[], store: string): Promise<Ran> {
  const texts = { stdout: '', stderr: '' };
  const output = (name: keyof typeof texts): Output => ({
    write: (text) => {
      texts[name] += text;
    },
    isTty: false,
    columns: null,
  });
  const io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdinIsTty: false,
    env: { HOME: path.dirname(store), TZ: 'UTC' },
  };
  const status = await run([...args, '--store', store], io);
  return { status, ...texts };
}

/** A store of 1,000 spans in `folder`, with every kind of row in it, and the dump beside it. */
export async function makeSoundStore(folder: string): Promise<string> {
  const store = path.join(folder, 'sound.db');
  const dump = path.join(folder, 'dump.jsonl');
  writeFileSync(dump, madeLines(0, 0));
  await ran(['import', dump, '-q'], store);
  return store;
}

export function pagesOf(store: string): number {
  return Math.floor(statSync(store).size / PAGE_BYTES);
}

/** Everything that the store shows of its spans. */
async function contentOf(store: string): Promise<string> {
  const list = await ran(['traces', '--json', '--limit', '1000'], store);
  const spans = await ran(['export'], store);
  const view = await ran(
    ['sql', '--timeout', '0', '--json', 'SELECT * FROM spans ORDER BY 1, 2'],
    store,
  );
  return [list, spans, view].map(({ status, stdout }) => `${status}\n${stdout}`).join('\n');
}

const COMMANDS: readonly (readonly string[])[] = [
  ['traces'],
  ['traces', 'cart', '--json'],
  ['traces', '{ span.n = 7 && duration > 1ms }'],
  ['analyze', '--json'],
  ['show', '0'],
  ['sql', '--timeout', '0', 'SELECT count(*), sum(duration_ns), max(attributes) FROM spans'],
  ['store', 'info'],
  ['store', 'prune', '--keep', '3', '--dry-run'],
  ['export'],
];

/** They write: each gets a copy of its own. */
const WRITING: readonly (readonly string[])[] = [
  ['import'],
  ['store', 'prune', '--keep', '20'],
  ['store', 'vacuum'],
];

export interface TriedPage {
  /** Damaged stores. */
  readonly tried: number;
  /** Those in which nothing that is shown has changed. */
  readonly harmless: number;
  /** A line each. */
  readonly failures: readonly string[];
}

/** Damages a page of copies of a store in several ways: all of it, then some random bytes. */
export async function tryPage(sound: string, page: number, flips: number): Promise<TriedPage> {
  const expected = await contentOf(sound);
  const original = readFileSync(sound);
  const damaged = path.join(path.dirname(sound), `page-${page}.db`);
  const failures: string[] = [];
  let harmless = 0;
  for (let flip = 0; flip < flips; flip++) {
    const bytes = Buffer.from(original);
    damagePage(bytes, page, flip);
    const found = await failuresOf(damaged, bytes, path.join(path.dirname(sound), 'dump.jsonl'));
    const isSame = found.isSound && (await contentAfter(damaged, bytes)) === expected;
    if (isSame) harmless += 1;
    if (found.isSound && !isSame)
      found.failures.push('store check finds nothing, but the content has changed');
    failures.push(...found.failures.map((failure) => `page ${page}, flip ${flip}: ${failure}`));
  }
  removeStore(damaged);
  return { tried: flips, harmless, failures };
}

/** All bits of the page; then one bit; then a few bytes. */
function damagePage(bytes: Buffer, page: number, flip: number): void {
  const from = page * PAGE_BYTES;
  if (flip === 0) {
    for (let at = from; at < from + PAGE_BYTES; at++) bytes[at] = (bytes[at] ?? 0) ^ 0xff;
    return;
  }
  const dice = new Dice(page * 1000 + flip);
  for (let i = 0; i < (flip % 2 === 1 ? 1 : 8); i++) {
    const at = from + dice.below(PAGE_BYTES);
    bytes[at] = (bytes[at] ?? 0) ^ (flip % 2 === 1 ? 1 << dice.below(8) : 1 + dice.below(255));
  }
}

function contentAfter(damaged: string, bytes: Buffer): Promise<string> {
  restore(damaged, bytes);
  return contentOf(damaged);
}

function restore(damaged: string, bytes: Buffer): void {
  removeStore(damaged);
  writeFileSync(damaged, bytes);
}

function removeStore(store: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(store + suffix, { force: true });
}

async function failuresOf(
  damaged: string,
  bytes: Buffer,
  dump: string,
): Promise<{ isSound: boolean; failures: string[] }> {
  restore(damaged, bytes);
  const failures: string[] = [];
  const check = await ran(['store', 'check'], damaged);
  note(failures, ['store', 'check'], check);
  for (const args of COMMANDS) note(failures, args, await ran(args, damaged));
  for (const args of WRITING) {
    restore(damaged, bytes);
    const withDump = args[0] === 'import' ? [...args, dump] : args;
    note(failures, withDump, await ran(withDump, damaged));
  }
  return { isSound: check.status === STATUS_SOUND, failures };
}

function note(failures: string[], args: readonly string[], { status, stderr }: Ran): void {
  if (ALLOWED.has(status) && !/\n\s+at /.test(stderr)) return;
  if (status === 2 && args[0] === 'show' && /more than one|several|no trace/.test(stderr)) return;
  failures.push(`${args.join(' ')}: exit ${status}: ${stderr.split('\n').slice(0, 4).join(' | ')}`);
}

/** Writes a page anew: what `change` makes of its bytes, as Latin-1, with zeros behind it. */
export function overwritePage(store: string, page: number, change: (text: string) => string): void {
  const bytes = readFileSync(store);
  const from = page * PAGE_BYTES;
  const text = change(bytes.toString('latin1', from, from + PAGE_BYTES));
  bytes.fill(0, from, from + PAGE_BYTES);
  bytes.write(text.slice(0, PAGE_BYTES), from, 'latin1');
  writeFileSync(store, bytes);
}
