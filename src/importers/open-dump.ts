import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { stdin } from 'node:process';
import { glob } from 'tinyglobby';
import { UserError } from '../model/user-error.ts';
import { gunzip, isGzip } from './bytes/gunzip.ts';
import { limitedExpansion } from './bytes/limited-expansion.ts';
import { isZstd, unzstd } from './bytes/unzstd.ts';
import { DEFAULT_LIMITS, type MemoryLimits } from './memory-limits.ts';

/** What `-` stands for. */
const STDIN_NAME = '-';
/** Larger pieces are not read faster, and take more memory. */
const CHUNK_BYTES = 256 * 1024;
/** The longest magic number that is looked for. */
const MAGIC_BYTES = 4;

/** A dump that can be opened. */
export interface DumpFile {
  /** As the user wrote it, or found below a directory; `-` for standard input. */
  readonly name: string;
  /** Null for standard input and other pipes. */
  readonly sizeBytes: number | null;
}

/** A dump being read, once. */
export interface OpenDump extends DumpFile {
  /**
   * Its bytes, decompressed if they are gzip or Zstandard, in chunks of at most 1 MiB. A chunk is valid until the next one is asked for.
   * Throws a UserError when it cannot be read.
   */
  chunks(): AsyncIterable<Uint8Array>;
  /** Bytes read so far, as stored (compressed), for progress against `sizeBytes`. */
  bytesRead(): number;
  /** What was wrong with the compression, null when nothing was; known when `chunks` has ended. What came before was given. */
  damage(): string | null;
}

/**
 * The dumps that command-line arguments name: files, directories (searched recursively, without hidden files), glob patterns and
 * `-` for standard input. In the order of the arguments, within one by path; a file that is named twice counts once. Throws a
 * UserError for an argument that names nothing.
 */
export async function findDumps(args: readonly string[]): Promise<DumpFile[]> {
  const found = new Map<string, DumpFile>();
  for (const arg of args) {
    for (const file of await findOne(arg)) {
      const key = path.resolve(file.name);
      if (!found.has(key)) found.set(key, file);
    }
  }
  return [...found.values()];
}

async function findOne(arg: string): Promise<readonly DumpFile[]> {
  if (arg === STDIN_NAME) return [{ name: STDIN_NAME, sizeBytes: null }];
  const stats = await statIfThere(arg);
  if (stats !== null && !stats.isDirectory()) return [dumpFile(arg, stats)];
  const names = stats === null ? await matching(arg) : await filesIn(arg);
  if (names.length === 0) throw nothingFound(arg, stats !== null);
  return Promise.all(names.map(async (name) => dumpFile(name, await stat(name))));
}

function dumpFile(name: string, stats: Stats): DumpFile {
  return { name, sizeBytes: stats.isFile() ? stats.size : null };
}

async function statIfThere(name: string): Promise<Stats | null> {
  try {
    return await stat(name);
  } catch (error) {
    if (isFileError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw unreadable(name, error);
  }
}

async function matching(pattern: string): Promise<readonly string[]> {
  return sorted(await glob(pattern, { onlyFiles: true, expandDirectories: false }));
}

async function filesIn(directory: string): Promise<readonly string[]> {
  const names = await glob('**/*', { cwd: directory, onlyFiles: true, expandDirectories: false });
  return sorted(names.map((name) => path.join(directory, name)));
}

/** By code unit, whatever the locale. */
function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort();
}

function nothingFound(arg: string, isDirectory: boolean): UserError {
  if (isDirectory) return new UserError('input', `${arg} has no files in it`);
  return new UserError('input', `no such file or directory: ${arg}`, {
    fix: 'name files, directories or quoted patterns such as "traces/**/*.json", or - for standard input',
  });
}

/** Gets a dump ready for reading; nothing is read yet. */
export function openDump(file: DumpFile, { windowBytes }: MemoryLimits = DEFAULT_LIMITS): OpenDump {
  let bytes = 0;
  let damage: string | null = null;
  async function* stored(): AsyncGenerator<Uint8Array> {
    for await (const chunk of storedBytes(file)) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const source = stored();
    const first = await enoughForMagic(source);
    const all = joined(first, source);
    if (isGzip(first)) damage = yield* limited(gunzip(all));
    else if (isZstd(first)) damage = yield* limited(unzstd(all, { maxWindowBytes: windowBytes }));
    else yield* all;
  }
  const limited = (content: AsyncGenerator<Uint8Array, string | null>) =>
    limitedExpansion(content, { name: file.name, bytesRead: () => bytes });
  return { ...file, chunks, bytesRead: () => bytes, damage: () => damage };
}

async function* storedBytes({ name, sizeBytes }: DumpFile): AsyncGenerator<Uint8Array> {
  // Node's own stream for standard input, because a descriptor may be set to not block, which plain reads fail on.
  const chunks: AsyncIterable<Uint8Array> =
    name === STDIN_NAME ? stdin : fileBytes(name, sizeBytes);
  try {
    yield* chunks;
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** Reads into one buffer again and again: a new one for each piece would be garbage that a collector has to find. */
async function* fileBytes(name: string, sizeBytes: number | null): AsyncGenerator<Uint8Array> {
  const file = await open(name);
  try {
    // A small file needs no more memory than its size, and one byte for the end to show in the first read.
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, (sizeBytes ?? CHUNK_BYTES) + 1));
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

/** The first bytes, as many as a magic number needs unless there are no more. */
async function enoughForMagic(source: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  while (bytes.length < MAGIC_BYTES) {
    const next = await source.next();
    if (next.done === true) break;
    bytes = Buffer.concat([bytes, next.value]);
  }
  return bytes;
}

/** Ends the rest also where only the first piece is wanted. */
async function* joined(
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  try {
    yield first;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function unreadable(name: string, cause: unknown): unknown {
  if (!isFileError(cause)) return cause;
  const reason = REASONS[cause.code] ?? cause.message;
  return new UserError('input', `cannot read ${name}: ${reason}`, { cause });
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ENOENT: 'it is not there',
  EIO: 'the device reports an error',
};

function isFileError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
