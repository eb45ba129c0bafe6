import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import zlib from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isZstd, unzstd } from '../../../src/importers/bytes/unzstd.ts';
import { portableZstdDecoders, zstdDecoders } from '../../../src/importers/bytes/zstd-decoder.ts';

/** Two frames of several blocks each (level 19, level 3), between them one that is to be skipped. */
const COMPRESSED = fixture('shop.otlp.jsonl.zst');
const CONTENT = fixture('shop.otlp.jsonl');
const MIB = 2 ** 20;

function fixture(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url)));
}

type Decoders = typeof zstdDecoders;

interface Decompressed {
  readonly content: Buffer;
  readonly damage: string | null;
}

async function decompressed(
  bytes: Uint8Array,
  decoders: Decoders,
  { pieceBytes = 64 * 1024, maxWindowBytes = 8 * MIB } = {},
): Promise<Decompressed> {
  const chunks: Uint8Array[] = [];
  const source = unzstd(pieces(bytes, pieceBytes), { maxWindowBytes, decoders });
  for (;;) {
    const next = await source.next();
    if (next.done === true) return { content: Buffer.concat(chunks), damage: next.value };
    expect(next.value.length).toBeLessThanOrEqual(MIB);
    chunks.push(next.value);
  }
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
const RAW = 0;
const RLE = 1;

/** A block: 24 bits of flags and size, then `bytes`. */
function block(type: number, size: number, bytes: readonly number[], isLast = false): number[] {
  const header = (size << 3) | (type << 1) | Number(isLast);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16, ...bytes];
}

/** A frame without checksum and content size, with a window of 2^(10 + `exponent`) bytes. */
function frame(blocks: readonly number[][], exponent = 7): Buffer {
  return Buffer.from([...MAGIC, 0x00, exponent << 3, ...blocks.flat()]);
}

const HELLO = frame([block(RAW, 5, [...Buffer.from('hello')], true)]);

describe.each([
  ['portable', portableZstdDecoders, true],
  ['of Node', zstdDecoders, 'createZstdDecompress' in zlib],
] as const)('the decoder %s', (_name, decoders, isThere) => {
  const decoderTest = test.skipIf(!isThere);

  decoderTest.each([1, 7, 1000, 64 * 1024])(
    'several frames and a skippable one, in pieces of %i bytes',
    async (pieceBytes) => {
      const { content, damage } = await decompressed(COMPRESSED, decoders, { pieceBytes });
      expect(damage).toBeNull();
      expect(content.equals(CONTENT)).toBe(true);
    },
  );

  decoderTest('cut off anywhere it gives what came before and says so', async () => {
    for (let length = 6; length < COMPRESSED.length; length += 97) {
      const { content, damage } = await decompressed(COMPRESSED.subarray(0, length), decoders);
      expect(damage).toContain('unexpected end of file');
      expect(CONTENT.subarray(0, content.length).equals(content)).toBe(true);
    }
    // What the first frame holds is all there when the second one is cut off.
    const { content } = await decompressed(COMPRESSED.subarray(0, -10), decoders);
    expect(content.length).toBeGreaterThan(CONTENT.length / 3);
  });

  decoderTest('a missing checksum leaves the content', async () => {
    const { content, damage } = await decompressed(COMPRESSED.subarray(0, -2), decoders);
    expect(damage).toContain('unexpected end of file');
    expect(content.equals(CONTENT)).toBe(true);
  });

  decoderTest('a wrong byte anywhere is damage', async () => {
    for (let at = 4; at < COMPRESSED.length; at += 211) {
      const wrong = Buffer.from(COMPRESSED);
      wrong[at] = (wrong[at] ?? 0) ^ 0x10;
      const { content, damage } = await decompressed(wrong, decoders);
      // The frame that is skipped may hold anything.
      if (!content.equals(CONTENT)) expect(damage).not.toBeNull();
    }
  });

  decoderTest.each([
    ['raw bytes', HELLO, 'hello'],
    ['a repeated byte', frame([block(RLE, 3, [0x61], true)]), 'aaa'],
    [
      'empty frames',
      Buffer.concat([frame([block(RAW, 0, [], true)]), HELLO, frame([block(RLE, 0, [1], true)])]),
      'hello',
    ],
    ['a size of one byte', Buffer.from([...MAGIC, 0x20, 2, ...block(RLE, 2, [0x62], true)]), 'bb'],
  ])('%s', async (_what, bytes, text) => {
    expect(await decompressed(bytes, decoders)).toEqual({
      content: Buffer.from(text),
      damage: null,
    });
  });

  decoderTest.each([
    ['what is no frame behind one', Buffer.concat([HELLO, Buffer.from('{"resourceSpans"')])],
    ['a block of a kind that there is not', Buffer.concat([HELLO, frame([block(3, 5, [])])])],
    ['a block that is too large', Buffer.concat([HELLO, frame([block(RLE, 2 ** 18, [1], true)])])],
    [
      'a size that is not the content’s',
      Buffer.concat([HELLO, Buffer.from([...MAGIC, 0x20, 9, ...block(RLE, 2, [1], true)])]),
    ],
    [
      'a reserved flag',
      Buffer.concat([HELLO, Buffer.from([...MAGIC, 0x08, ...Array(20).fill(0)])]),
    ],
    [
      'a dictionary that nobody has',
      Buffer.concat([HELLO, Buffer.from([...MAGIC, 0x01, 0, 7, ...block(RAW, 1, [1], true)])]),
    ],
  ])('%s is damage, and what came before is kept', async (_what, bytes) => {
    const { content, damage } = await decompressed(bytes, decoders);
    expect(content.toString('latin1')).toMatch(/^hello/);
    expect(damage).not.toBeNull();
  });

  decoderTest('a frame that wants more memory than there may be is refused', async () => {
    const bytes = frame([block(RLE, 3, [0x61], true)], 14);
    expect((await decompressed(bytes, decoders)).damage).toContain('--max-memory');
    const { content } = await decompressed(bytes, decoders, { maxWindowBytes: 16 * MIB });
    expect(content.toString()).toBe('aaa');
  });

  decoderTest('a few bytes that become many are not decompressed at once', async () => {
    const bomb = frame(Array(10_000).fill(block(RLE, 128 * 1024, [0x20])));
    let given = 0;
    const source = unzstd(pieces(bomb, 64 * 1024), { maxWindowBytes: 8 * MIB, decoders });
    const before = process.memoryUsage().arrayBuffers;
    for await (const chunk of source) {
      given += chunk.length;
      if (given > 64 * MIB) break;
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100 * MIB);
  });

  decoderTest('no bytes make it throw', async () => {
    const bytes = fc.uint8Array({ maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(bytes, async (random) => {
        const { damage } = await decompressed(Buffer.from([...MAGIC, ...random]), decoders);
        expect(typeof damage === 'string' || damage === null).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  decoderTest('no mutation of a frame makes it throw or hang', async () => {
    const at = fc.nat(COMPRESSED.length - 1);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(at, fc.nat(255)), { maxLength: 20 }), async (edits) => {
        const bytes = Buffer.from(COMPRESSED);
        for (const [index, byte] of edits) bytes[index] = byte;
        await decompressed(bytes, decoders);
      }),
      { numRuns: 100 },
    );
  });
});

test.each([
  ['a frame', HELLO, true],
  ['a frame that is to be skipped', Buffer.from([0x5f, 0x2a, 0x4d, 0x18]), true],
  ['JSON', Buffer.from('{"a"'), false],
  ['nothing', Buffer.alloc(0), false],
])('%s is told by its first bytes', (_what, bytes, is) => {
  expect(isZstd(bytes)).toBe(is);
});
