import { ByteQueue } from '../bytes/byte-queue.ts';
import type { Place } from '../import-issue.ts';
import { DEFAULT_LIMITS, tooLarge } from '../memory-limits.ts';
import { textOf } from '../text-of.ts';
import type { Decoder, DecoderOutput } from '../trace-format.ts';
import type { JsonObject } from './json-shape.ts';
import { ObjectNotationError, parseObjectNotation } from './object-notation.ts';

const LINE_FEED = 0x0a;

/**
 * Finds the objects that `console.dir` printed in a text, each from a line `{` to a line `}`, and hands them to `read`. An object
 * as large as a span never is on one line, and line feeds in strings are escaped, so lines alone tell where it ends. Whatever
 * the program printed between them is passed over and counted.
 */
export function objectNotationDecoder(
  read: (object: JsonObject, at: Place) => void,
  out: DecoderOutput,
): Decoder {
  const { recordBytes } = out.limits ?? DEFAULT_LIMITS;
  const objects = new ObjectLines(read, out, recordBytes);
  const queue = new ByteQueue();
  let searched = 0;
  /** Where a line begins of which the beginning has been thrown away. */
  let longLine: number | null = null;
  const endLine = (bytes: Buffer): void => {
    if (longLine === null) objects.line(bytes, queue.offset);
    else objects.longLine(longLine);
    longLine = null;
  };
  return {
    push(chunk) {
      queue.push(chunk);
      for (;;) {
        const bytes = queue.peek(queue.length);
        const end = bytes.indexOf(LINE_FEED, searched);
        if (end === -1) {
          searched = bytes.length;
          break;
        }
        endLine(bytes.subarray(0, end));
        queue.skip(end + 1);
        searched = 0;
      }
      if (queue.length <= recordBytes) return;
      longLine ??= queue.offset;
      queue.skip(queue.length);
      searched = 0;
    },
    end() {
      const rest = queue.peek(queue.length);
      if (rest.length > 0 || longLine !== null) endLine(rest);
      objects.end();
    },
  };
}

class ObjectLines {
  readonly #read: (object: JsonObject, at: Place) => void;
  readonly #out: DecoderOutput;
  readonly #limitBytes: number;
  #lineNumber = 0;
  /** The lines of an object whose last one has not come yet. */
  #lines: string[] | null = null;
  #at: Place = { byte: 0, line: 1 };
  /** Whether the lines of the object at hand are not kept any more. */
  #isTooLarge = false;

  constructor(
    read: (object: JsonObject, at: Place) => void,
    out: DecoderOutput,
    limitBytes: number,
  ) {
    this.#read = read;
    this.#out = out;
    this.#limitBytes = limitBytes;
  }

  /** A line without its line feed, and its offset in the dump. */
  line(bytes: Buffer, byte: number): void {
    const end = byte + bytes.length;
    this.#lineNumber += 1;
    const at = { byte, line: this.#lineNumber };
    const raw = textOf(bytes, (code, example) => this.#out.issue(code, at, example));
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '{') {
      // The end of the one before got lost: two programs, or a crash, wrote to one file.
      if (this.#lines !== null) this.#drop('an object without an end');
      this.#lines = [line];
      this.#isTooLarge = false;
      this.#at = { byte, line: this.#lineNumber };
    } else if (this.#lines === null) {
      if (line.trim() !== '') this.#passOver(line, byte);
    } else {
      this.#lines.push(line);
      this.#limitSize(end);
      if (line === '}') this.#close(this.#lines, end);
    }
  }

  /** A line, beginning at an offset, that is longer than anything may be. */
  longLine(byte: number): void {
    this.#lineNumber += 1;
    if (this.#lines === null) this.#passOver('a very long line', byte);
    else this.#limitSize(Number.POSITIVE_INFINITY);
  }

  #limitSize(end: number): void {
    this.#isTooLarge ||= end - this.#at.byte > this.#limitBytes;
    if (this.#isTooLarge) this.#lines = [];
  }

  end(): void {
    if (this.#lines === null) return;
    this.#out.record();
    this.#out.issue('truncated-input', this.#at, 'the dump ends inside what begins here');
  }

  #close(lines: readonly string[], end: number): void {
    this.#lines = null;
    if (this.#isTooLarge) {
      this.#out.record();
      const example = tooLarge(end - this.#at.byte, this.#limitBytes);
      this.#out.issue('record-too-large', this.#at, example);
      return;
    }
    try {
      this.#read(parseObjectNotation(lines.join('\n')), this.#at);
    } catch (error) {
      if (!(error instanceof ObjectNotationError)) throw error;
      this.#drop(error.message);
    }
  }

  #drop(example: string): void {
    this.#lines = null;
    this.#out.record();
    this.#out.issue('unrecognised-record', this.#at, example);
  }

  #passOver(line: string, byte: number): void {
    this.#out.issue('other-signal', { byte, line: this.#lineNumber }, line);
  }
}
