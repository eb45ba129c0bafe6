import { once } from 'node:events';
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { ZstdFrameHeader } from './zstd-frame.ts';

/** What a part of a frame gave. */
export interface ZstdOutput {
  readonly chunks: readonly Uint8Array[];
  /** What is wrong with the frame, null when nothing is; `chunks` is what came before. */
  readonly damage: string | null;
}

/** Decompresses one frame. */
export interface ZstdDecoder {
  /** The next bytes of the frame: whole blocks, before the first its header, behind the last its checksum. */
  decode(bytes: Uint8Array, isLast: boolean): Promise<ZstdOutput>;
  close(): void;
}

export type NewZstdDecoder = (header: ZstdFrameHeader) => ZstdDecoder;

/** Node has Zstandard since 22.15. */
const nodeZlib: typeof zlib & {
  readonly createZstdDecompress?: (options: { chunkSize: number }) => Transform;
} = zlib;

const CHUNK_BYTES = 256 * 1024;

/** Node's own decoder where it has one, else the one in JavaScript, which takes about three times as long. */
export async function zstdDecoders(): Promise<NewZstdDecoder> {
  const { createZstdDecompress } = nodeZlib;
  if (createZstdDecompress === undefined) return portableZstdDecoders();
  return () => new NativeDecoder(createZstdDecompress({ chunkSize: CHUNK_BYTES }));
}

/** Written by hand for the same reason as `gunzip`. It is given one frame alone: it would stop silently in front of a second one. */
class NativeDecoder implements ZstdDecoder {
  readonly #stream: Transform;
  readonly #output: Uint8Array[] = [];
  #damage: string | null = null;

  constructor(stream: Transform) {
    this.#stream = stream;
    stream.on('data', (chunk: Uint8Array) => this.#output.push(chunk));
    stream.on('error', (error) => {
      this.#damage = error.message;
    });
  }

  async decode(bytes: Uint8Array, isLast: boolean): Promise<ZstdOutput> {
    await new Promise<void>((resolve) => {
      // A failed write does not call back.
      this.#stream.once('close', resolve);
      this.#stream.write(bytes, () => {
        this.#stream.off('close', resolve);
        resolve();
      });
    });
    if (isLast && this.#damage === null) {
      const closed = once(this.#stream, 'close');
      this.#stream.end();
      // `once` rejects on an error, which the listener above has noted.
      await closed.catch(() => {});
    }
    return { chunks: this.#output.splice(0), damage: this.#damage };
  }

  close(): void {
    this.#stream.destroy();
  }
}

/** The decoder in JavaScript, which runs on every Node. */
export async function portableZstdDecoders(): Promise<NewZstdDecoder> {
  const [{ Decompress }, { default: xxhash }] = await Promise.all([
    import('fzstd'),
    import('xxhash-wasm'),
  ]);
  const hashes = await xxhash();
  return (header) => {
    const output: Uint8Array[] = [];
    const stream = new Decompress((chunk) => output.push(chunk));
    return new PortableDecoder(header, { stream, output, hash: hashes.create64() });
  };
}

interface PortableParts {
  readonly stream: { push(bytes: Uint8Array, isLast: boolean): void };
  readonly output: Uint8Array[];
  readonly hash: { update(bytes: Uint8Array): unknown; digest(): bigint };
}

/** fzstd checks neither length nor checksum. */
class PortableDecoder implements ZstdDecoder {
  readonly #header: ZstdFrameHeader;
  readonly #parts: PortableParts;
  #contentBytes = 0;

  constructor(header: ZstdFrameHeader, parts: PortableParts) {
    this.#header = header;
    this.#parts = parts;
  }

  async decode(bytes: Uint8Array, isLast: boolean): Promise<ZstdOutput> {
    const { stream, output, hash } = this.#parts;
    let damage: string | null = null;
    try {
      stream.push(bytes, isLast);
    } catch (error) {
      // Where it does not look closely, wrong bytes make it leave the bounds of an array.
      damage = error instanceof Error ? error.message : 'invalid zstd data';
    }
    const chunks = output.splice(0);
    for (const chunk of chunks) {
      this.#contentBytes += chunk.length;
      if (this.#header.hasChecksum) hash.update(chunk);
    }
    if (isLast) damage ??= this.#whatIsWrong(bytes);
    return { chunks, damage };
  }

  #whatIsWrong(end: Uint8Array): string | null {
    const { contentBytes, hasChecksum } = this.#header;
    if (contentBytes !== null && contentBytes !== this.#contentBytes)
      return `${this.#contentBytes} bytes instead of ${contentBytes}`;
    if (!hasChecksum) return null;
    const { buffer, byteOffset, length } = end;
    const stored = new DataView(buffer, byteOffset + length - CHECKSUM_BYTES).getUint32(0, true);
    // The low half of XXH64 with seed 0.
    const isRight = BigInt(stored) === BigInt.asUintN(32, this.#parts.hash.digest());
    return isRight ? null : 'the checksum is wrong';
  }

  close(): void {}
}

export const CHECKSUM_BYTES = 4;
