import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findDumps, type OpenDump, openDump } from '../../src/importers/open-dump.ts';
import { UserError } from '../../src/model/user-error.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures', import.meta.url));

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tracecli-open-dump-'));
  await mkdir(path.join(folder, 'a/deep'), { recursive: true });
  await mkdir(path.join(folder, 'empty'));
  const files = ['b.json', 'a/2.json', 'a/10.json', 'a/deep/x.txt', 'a/.hidden', 'odd[1].json'];
  await Promise.all(files.map((name) => writeFile(path.join(folder, name), `in ${name}`)));
});

afterAll(() => rm(folder, { recursive: true }));

async function found(...args: string[]): Promise<string[]> {
  const dumps = await findDumps(args.map((arg) => (arg === '-' ? arg : path.join(folder, arg))));
  return dumps.map(({ name }) => (name === '-' ? name : path.relative(folder, name)));
}

describe('findDumps', () => {
  test.each([
    ['a file', ['b.json'], ['b.json']],
    [
      'a directory, recursively, without hidden files',
      ['a'],
      ['a/10.json', 'a/2.json', 'a/deep/x.txt'],
    ],
    ['a pattern', ['**/*.json'], ['a/10.json', 'a/2.json', 'b.json', 'odd[1].json']],
    ['a file whose name looks like a pattern', ['odd[1].json'], ['odd[1].json']],
    [
      'the order of the arguments, each file once',
      ['b.json', 'a/2.json', '*.json'],
      ['b.json', 'a/2.json', 'odd[1].json'],
    ],
    ['standard input', ['-', 'b.json'], ['-', 'b.json']],
  ])('%s', async (_what, args, names) => {
    expect(await found(...args)).toEqual(names);
  });

  test('sizes are those on disk, unknown for standard input', async () => {
    const dumps = await findDumps([path.join(folder, 'b.json'), '-']);
    expect(dumps.map(({ sizeBytes }) => sizeBytes)).toEqual([9, null]);
  });

  test.each([
    ['nowhere.json', 'no such file or directory'],
    ['b.json/x', 'no such file or directory'],
    ['*.nothing', 'no such file or directory'],
    ['empty', 'has no files in it'],
  ])('%s is refused', async (name, message) => {
    await expect(found(name)).rejects.toThrow(UserError);
    await expect(found(name)).rejects.toThrow(message);
  });
});

async function written(name: string, bytes: Uint8Array): Promise<OpenDump> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return openDump({ name: file, sizeBytes: bytes.length });
}

async function contentOf(dump: OpenDump): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of dump.chunks()) {
    expect(chunk.length).toBeLessThanOrEqual(1024 * 1024);
    chunks.push(Uint8Array.from(chunk));
  }
  return Buffer.concat(chunks);
}

/** Bytes that gzip halves at best. */
const noise = Buffer.from(
  Array.from({ length: 400_000 }, (_, index) => Math.imul(index, 2654435761).toString(16)).join(''),
);

describe('openDump', () => {
  test.each([
    ['a plain file', noise],
    ['one byte', Buffer.from('x')],
    ['no byte', Buffer.alloc(0)],
  ])('%s', async (_what, bytes) => {
    const dump = await written('plain', bytes);
    expect((await contentOf(dump)).equals(bytes)).toBe(true);
    expect(dump.bytesRead()).toBe(bytes.length);
    expect(dump.damage()).toBeNull();
  });

  test('gzip is told by its content, and counted as stored', async () => {
    const bytes = gzipSync(noise);
    const dump = await written('gzip.json', bytes);
    expect((await contentOf(dump)).equals(noise)).toBe(true);
    expect(dump.bytesRead()).toBe(bytes.length);
    expect(dump.damage()).toBeNull();
  });

  test('gzip in several members', async () => {
    const half = noise.length / 2;
    const members = [noise.subarray(0, half), noise.subarray(half), Buffer.alloc(0)];
    const dump = await written('members.gz', Buffer.concat(members.map((each) => gzipSync(each))));
    expect((await contentOf(dump)).equals(noise)).toBe(true);
    expect(dump.damage()).toBeNull();
  });

  test('gzip that is cut off gives what came before', async () => {
    const bytes = gzipSync(noise);
    const dump = await written('cut.gz', bytes.subarray(0, bytes.length / 2));
    const content = await contentOf(dump);
    expect(content.length).toBeGreaterThan(noise.length / 3);
    expect(noise.subarray(0, content.length).equals(content)).toBe(true);
    expect(dump.damage()).toContain('unexpected end');
  });

  test('gzip that is damaged gives what came before', async () => {
    const bytes = gzipSync(noise);
    bytes.fill(0xff, bytes.length / 2);
    const dump = await written('damaged.gz', bytes);
    const content = await contentOf(dump);
    expect(content.length).toBeGreaterThan(noise.length / 3);
    expect(dump.damage()).not.toBeNull();
  });

  test('Zstandard is told by its content, and counted as stored', async () => {
    const bytes = await readFile(path.join(FIXTURES, 'shop.otlp.jsonl.zst'));
    const dump = await written('zstd.json', bytes);
    const content = await readFile(path.join(FIXTURES, 'shop.otlp.jsonl'));
    expect((await contentOf(dump)).equals(content)).toBe(true);
    expect(dump.bytesRead()).toBe(bytes.length);
    expect(dump.damage()).toBeNull();
  });

  test('Zstandard that is cut off gives what came before', async () => {
    const bytes = await readFile(path.join(FIXTURES, 'shop.otlp.jsonl.zst'));
    const dump = await written('cut.zst', bytes.subarray(0, bytes.length - 100));
    const content = await contentOf(dump);
    const whole = await readFile(path.join(FIXTURES, 'shop.otlp.jsonl'));
    expect(content.length).toBeGreaterThan(whole.length / 3);
    expect(whole.subarray(0, content.length).equals(content)).toBe(true);
    expect(dump.damage()).toContain('unexpected end');
  });

  test('a reader may stop early', async () => {
    const dump = await written('early.gz', gzipSync(noise));
    for await (const chunk of dump.chunks()) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(dump.bytesRead()).toBeGreaterThan(0);
  });

  test('a file that is gone, and a directory', async () => {
    const gone = openDump({ name: path.join(folder, 'gone'), sizeBytes: 1 });
    await expect(contentOf(gone)).rejects.toThrow(UserError);
    await expect(contentOf(gone)).rejects.toThrow('it is not there');
    const directory = openDump({ name: folder, sizeBytes: null });
    await expect(contentOf(directory)).rejects.toThrow('it is a directory');
  });
});
