/**
 * How Zstandard frames are laid out, as far as one needs to know to cut a stream into frames and blocks.
 * Source: https://www.rfc-editor.org/rfc/rfc8878 (section 3.1)
 */

/** Four bytes that every frame of either kind begins with. */
export const MAGIC_BYTES = 4;

/** What compressed data begins with. */
export function isZstdFrame(bytes: Uint8Array): boolean {
  return bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd;
}

/** A frame of other things, with its length behind its magic number. */
export function isSkippableFrame(bytes: Uint8Array): boolean {
  const [first = 0] = bytes;
  return first >> 4 === 5 && bytes[1] === 0x2a && bytes[2] === 0x4d && bytes[3] === 0x18;
}

/** The longest header: magic number, descriptor, window, dictionary id, content size. */
export const MAX_HEADER_BYTES = 18;

export interface ZstdFrameHeader {
  /** Of the header, with its magic number. */
  readonly length: number;
  /** How much of what was decompressed must be kept at hand. */
  readonly windowBytes: number;
  /** What the frame decompresses to; null when it does not say. */
  readonly contentBytes: number | null;
  readonly needsDictionary: boolean;
  /** Whether the frame ends with a checksum of its content. */
  readonly hasChecksum: boolean;
}

const CHECKSUM_FLAG = 0x04;
const RESERVED_FLAG = 0x08;
const SINGLE_SEGMENT_FLAG = 0x20;
const DICTIONARY_ID_BYTES = [0, 1, 2, 4] as const;

/** Reads the header that `bytes` begins with; null when it is none, or cut off. */
export function readFrameHeader(bytes: Buffer): ZstdFrameHeader | null {
  const descriptor = bytes[MAGIC_BYTES];
  if (descriptor === undefined || (descriptor & RESERVED_FLAG) !== 0) return null;
  const isSingleSegment = (descriptor & SINGLE_SEGMENT_FLAG) !== 0;
  const dictionaryAt = MAGIC_BYTES + (isSingleSegment ? 1 : 2);
  const sizeAt = dictionaryAt + (DICTIONARY_ID_BYTES[descriptor & 3] ?? 0);
  const sizeBytes = contentSizeBytes(descriptor >> 6, isSingleSegment);
  if (bytes.length < sizeAt + sizeBytes) return null;
  const contentBytes = contentSize(bytes.subarray(sizeAt, sizeAt + sizeBytes));
  return {
    length: sizeAt + sizeBytes,
    windowBytes: isSingleSegment ? (contentBytes ?? 0) : windowSize(bytes[MAGIC_BYTES + 1] ?? 0),
    contentBytes,
    needsDictionary: bytes.subarray(dictionaryAt, sizeAt).some((byte) => byte !== 0),
    hasChecksum: (descriptor & CHECKSUM_FLAG) !== 0,
  };
}

function contentSizeBytes(flag: number, isSingleSegment: boolean): number {
  return flag === 0 ? Number(isSingleSegment) : 2 ** flag;
}

function contentSize(bytes: Buffer): number | null {
  switch (bytes.length) {
    case 0:
      return null;
    case 1:
      return bytes.readUInt8();
    case 2:
      return bytes.readUInt16LE() + 256;
    case 4:
      return bytes.readUInt32LE();
    default:
      return Number(bytes.readBigUInt64LE());
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

export const BLOCK_HEADER_BYTES = 3;
/** What a block holds, and gives, at most. */
const MAX_BLOCK_BYTES = 128 * 1024;

const RLE = 1;
const RESERVED = 3;

export interface ZstdBlockHeader {
  readonly isLast: boolean;
  /** Of what stands behind the header. */
  readonly length: number;
}

/** Reads the three bytes before a block; null when there is no such block. */
export function readBlockHeader(bytes: Buffer): ZstdBlockHeader | null {
  const header = bytes.readUIntLE(0, BLOCK_HEADER_BYTES);
  const type = (header >> 1) & 3;
  const size = header >> 3;
  if (type === RESERVED || size > MAX_BLOCK_BYTES) return null;
  return { isLast: (header & 1) === 1, length: type === RLE ? 1 : size };
}
