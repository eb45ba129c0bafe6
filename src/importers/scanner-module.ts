import { existsSync, readFileSync } from 'node:fs';

/** The function of the scanner that reads the spans of a format. */
export type SpanReader = 'readOtlpSpans' | 'readJaegerSpans' | 'readZipkinSpans';

/** What the scanner exports. */
export type ScannerExports = {
  readonly [name in SpanReader]: (from: number) => void;
} & {
  readonly memory: WebAssembly.Memory;
  /** Addresses of the parts of memory. */
  readonly INPUT: WebAssembly.Global;
  readonly INPUT_BYTES: WebAssembly.Global;
  readonly TEXT: WebAssembly.Global;
  readonly INTS: WebAssembly.Global;
  readonly WORDS: WebAssembly.Global;
  readonly HASHES: WebAssembly.Global;
  readonly RARE: WebAssembly.Global;
  readonly RARE_TEXT: WebAssembly.Global;
  /** How far they are filled. */
  readonly rowCount: () => number;
  readonly rareCount: () => number;
  readonly textBytes: () => number;
  readonly traceCount: () => number;
  readonly traceIds: () => number;
  readonly nameCount: () => number;
  readonly nameBytes: () => number;
  readonly nameEnds: () => number;
  readonly ownerCount: () => number;
  readonly ownerBytes: () => number;
  readonly ownerEnds: () => number;
  /** What the last call of a reader has read. */
  readonly spansEnd: () => number;
  readonly lastSpan: () => number;
  readonly dropLastSpan: () => void;
  readonly isFull: () => number;
  readonly clearRows: () => void;
  /** Members of an object, as two numbers each. */
  readonly MEMBERS: WebAssembly.Global;
  readonly readMembers: (from: number) => void;
  readonly membersEnd: () => number;
  readonly memberCount: () => number;
  readonly valueCount: () => number;
  readonly valueBytes: () => number;
  readonly valueEnds: () => number;
  readonly valuesAreFull: () => number;
  readonly clearValues: () => void;
  /** Fails when the value ends behind the input. */
  readonly skipValue: (from: number) => void;
};

/** Beside the bundle; where the sources run as they are, what the last build made of them. */
const FILES = [
  new URL('./scanner.wasm', import.meta.url),
  new URL('../../dist/scanner.wasm', import.meta.url),
];

/** The compiled scanner; null where the sources have never been built. */
export function scannerCode(): Uint8Array | null {
  const file = FILES.find((each) => existsSync(each));
  return file === undefined ? null : readFileSync(file);
}

/**
 * Starts a scanner. `putDouble` writes a number's stored form where it is told to and says how long that is: the text between the first two
 * addresses, to the third.
 */
export function startScanner(
  code: Uint8Array,
  putDouble: (from: number, to: number, out: number) => number,
): ScannerExports {
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), {
    host: { odd, putDouble },
  });
  return instance.exports as ScannerExports;
}

/** Thrown where bytes are not what the scanner knows. */
const ODD = new Error('read this in the ordinary way');

/** Whether the scanner did not come across anything odd. */
export function succeeds(read: () => void): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error !== ODD) throw error;
    return false;
  }
}

function odd(): never {
  throw ODD;
}

/** Adds the texts that stand one behind the other at `start` in a scanner's memory to those of `texts`, which are the first of them. */
export function addTexts(
  memory: Buffer,
  texts: string[],
  start: number,
  endsAt: number,
  count: number,
): string[] {
  const ends = new Uint32Array(memory.buffer, endsAt, count);
  for (let number = texts.length; number < count; number += 1) {
    const from = number === 0 ? 0 : (ends[number - 1] ?? 0);
    texts.push(memory.toString('utf8', start + from, start + (ends[number] ?? 0)));
  }
  return texts;
}
