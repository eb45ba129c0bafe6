import { ByteSource } from './byte-source.ts';
import { CHECKSUM_BYTES, type NewZstdDecoder, zstdDecoders } from './zstd-decoder.ts';
import {
  BLOCK_HEADER_BYTES,
  isSkippableFrame,
  isZstdFrame,
  MAGIC_BYTES,
  MAX_HEADER_BYTES,
  readBlockHeader,
  readFrameHeader,
  type ZstdFrameHeader,
} from './zstd-frame.ts';

/** Blocks that are decompressed at a time: 1 MiB at most, whatever they were made from. */
const BLOCKS_AT_ONCE = 8;

/** Whether bytes begin like Zstandard, whatever the file is called. A stream may begin with a frame that is to be skipped. */
export function isZstd(bytes: Uint8Array): boolean {
  return isZstdFrame(bytes) || isSkippableFrame(bytes);
}

export interface UnzstdOptions {
  /** Frames that want more of what was decompressed at hand are refused: a few bytes could make that gigabytes. */
  readonly maxWindowBytes: number;
  /** Node's own unless said otherwise. */
  readonly decoders?: () => Promise<NewZstdDecoder>;
}

/**
 * Decompresses Zstandard, also several frames one after another, at most 1 MiB at a time. Gives back what is wrong with it, null for
 * nothing; all that could be decompressed before the damage has been yielded then.
 *
 * The stream is cut into frames and blocks here, because decoders differ in what they do behind the first frame (Node's stops there
 * silently), do not say when a frame is cut off, and would put no bound to what a few bytes give.
 */
export async function* unzstd(
  source: AsyncIterable<Uint8Array>,
  { maxWindowBytes, decoders = zstdDecoders }: UnzstdOptions,
): AsyncGenerator<Uint8Array, string | null> {
  const bytes = new ByteSource(source);
  const newDecoder = await decoders();
  try {
    for (;;) {
      const start = await bytes.peek(MAX_HEADER_BYTES);
      if (start.length === 0) return null;
      const damage = isZstdFrame(start)
        ? yield* dataFrame(bytes, start, { newDecoder, maxWindowBytes })
        : await passOver(bytes, start);
      if (damage !== null) return damage;
    }
  } finally {
    await bytes.close();
  }
}

const CUT_OFF = 'unexpected end of file inside a zstd frame';

async function passOver(bytes: ByteSource, start: Buffer): Promise<string | null> {
  if (!isSkippableFrame(start)) return 'bytes that are no zstd frame';
  const headerBytes = MAGIC_BYTES + 4;
  if (start.length < headerBytes) return CUT_OFF;
  return (await bytes.skip(headerBytes + start.readUInt32LE(MAGIC_BYTES))) ? null : CUT_OFF;
}

async function* dataFrame(
  bytes: ByteSource,
  start: Buffer,
  { newDecoder, maxWindowBytes }: { newDecoder: NewZstdDecoder; maxWindowBytes: number },
): AsyncGenerator<Uint8Array, string | null> {
  const header = readFrameHeader(start);
  if (header === null) return start.length < MAX_HEADER_BYTES ? CUT_OFF : 'a bad zstd header';
  if (header.needsDictionary) return 'a zstd frame that needs a dictionary';
  if (header.windowBytes > maxWindowBytes) {
    return `a zstd frame that needs ${header.windowBytes} bytes at hand, ${maxWindowBytes} are allowed; try a larger --max-memory`;
  }
  const decoder = newDecoder(header);
  try {
    let isLast = false;
    let before = await bytes.take(header.length);
    while (!isLast) {
      const blocks = await takeBlocks(bytes, header);
      const content = Buffer.concat([...(before === null ? [] : [before]), ...blocks.bytes]);
      before = null;
      isLast = blocks.isLast;
      const { chunks, damage } = await decoder.decode(content, isLast);
      yield* chunks;
      if (damage !== null) return damage;
      if (blocks.damage !== null) return blocks.damage;
    }
    return null;
  } finally {
    decoder.close();
  }
}

/** The next whole blocks; with the last of the frame its checksum, if it has one. */
async function takeBlocks(
  source: ByteSource,
  { hasChecksum }: ZstdFrameHeader,
): Promise<{ bytes: readonly Buffer[]; isLast: boolean; damage: string | null }> {
  const bytes: Buffer[] = [];
  const ended = (damage: string) => ({ bytes, isLast: false, damage });
  while (bytes.length < BLOCKS_AT_ONCE) {
    const start = await source.peek(BLOCK_HEADER_BYTES);
    if (start.length < BLOCK_HEADER_BYTES) return ended(CUT_OFF);
    const header = readBlockHeader(start);
    if (header === null) return ended('a bad zstd block');
    const block = await source.take(BLOCK_HEADER_BYTES + header.length);
    if (block === null) return ended(CUT_OFF);
    bytes.push(block);
    if (!header.isLast) continue;
    const checksum = await source.take(hasChecksum ? CHECKSUM_BYTES : 0);
    if (checksum === null) return ended(CUT_OFF);
    return { bytes: [...bytes, checksum], isLast: true, damage: null };
  }
  return { bytes, isLast: false, damage: null };
}
