import { ByteQueue } from './byte-queue.ts';
import type { Place } from './import-issue.ts';
import type { JsonObject } from './json-shape.ts';
import { ObjectNotationError, parseObjectNotation } from './object-notation.ts';
import type { Decoder, DecoderOutput } from './trace-format.ts';

const LINE_FEED = 0x0a;

/** A longer object is no span; it is dropped, so that memory stays bounded whatever the dump is. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

/**
 * Finds the objects that `console.dir` printed in a text, each from a line `{` to a line `}`, and hands them to `read`. An object
 * as large as a span never is on one line, and line feeds in strings are escaped, so lines alone tell where it ends. Whatever
 * the program printed between them is passed over and counted.
 */
export function objectNotationDecoder(
  read: (object: JsonObject, at: Place) => void,
  out: DecoderOutput,
): Decoder {
  const objects = new ObjectLines(read, out);
  const queue = new ByteQueue();
  let searched = 0;
  return {
    push(chunk) {
      queue.push(chunk);
      for (;;) {
        const bytes = queue.peek(queue.length);
        const end = bytes.indexOf(LINE_FEED, searched);
        if (end === -1) {
          searched = bytes.length;
          return;
        }
        objects.line(bytes.toString('utf8', 0, end), queue.offset);
        queue.skip(end + 1);
        searched = 0;
      }
    },
    end() {
      const rest = queue.peek(queue.length).toString('utf8');
      if (rest !== '') objects.line(rest, queue.offset);
      objects.end();
    },
  };
}

class ObjectLines {
  readonly #read: (object: JsonObject, at: Place) => void;
  readonly #out: DecoderOutput;
  #lineNumber = 0;
  /** The lines of an object whose last one has not come yet. */
  #lines: string[] | null = null;
  #at: Place = { byte: 0, line: 1 };

  constructor(read: (object: JsonObject, at: Place) => void, out: DecoderOutput) {
    this.#read = read;
    this.#out = out;
  }

  /** A line without its line feed, and its offset in the dump. */
  line(raw: string, byte: number): void {
    this.#lineNumber += 1;
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    if (line === '{') {
      // The end of the one before got lost: two programs, or a crash, wrote to one file.
      if (this.#lines !== null) this.#drop('an object without an end');
      this.#lines = [line];
      this.#at = { byte, line: this.#lineNumber };
    } else if (this.#lines === null) {
      if (line.trim() !== '') this.#passOver(line, byte);
    } else {
      this.#lines.push(line);
      if (line === '}') this.#close(this.#lines);
      else if (byte - this.#at.byte > MAX_OBJECT_BYTES) this.#drop('an object without an end');
    }
  }

  end(): void {
    if (this.#lines === null) return;
    this.#out.record();
    this.#out.issue('truncated-input', this.#at, 'the dump ends inside what begins here');
  }

  #close(lines: readonly string[]): void {
    this.#lines = null;
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
