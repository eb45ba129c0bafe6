import type { Place } from './import-issue.ts';
import { isCloser } from './json-bytes.ts';
import type { JsonCursor } from './json-cursor.ts';
import type { JsonValue } from './json-shape.ts';
import { JsonValueEnd, type Stop } from './json-value-end.ts';
import { parseExactly, parseSmall } from './parse-json.ts';

/** A longer value is no span; it is skipped, so that memory stays bounded whatever the dump is. */
export const MAX_VALUE_BYTES = 64 * 1024 * 1024;

/** What a value is wanted for: as `key` of an object · to `read` it · to `skip` it. */
export type Purpose = 'key' | 'read' | 'skip';

const START: Place = { byte: 0, line: 1 };

/** Gathers the bytes of one value at a time, of any length and in any number of chunks, and parses them. */
export class JsonValueReader {
  readonly #end = new JsonValueEnd();
  #purpose: Purpose = 'skip';
  #at = START;
  #column = -1;
  #suspect: Place | null = null;

  get purpose(): Purpose {
    return this.#purpose;
  }

  /** Where the value begins. */
  get at(): Place {
    return this.#at;
  }

  /** Offset from which on the cursor has to hold the bytes, null when they are not needed. */
  get heldFrom(): number | null {
    return this.#purpose === 'skip' ? null : this.#at.byte;
  }

  /** Whether brackets did not pair, or a string was open at the end of its line. */
  get isBroken(): boolean {
    return this.#end.isBroken;
  }

  get isTooDeep(): boolean {
    return this.#end.isTooDeep;
  }

  /** Start of a line in the value that is indented like one outside of it: the value may have ended before, were it not broken. */
  get suspect(): Place | null {
    return this.#suspect;
  }

  /** Begins at the cursor's byte. */
  begin(purpose: Purpose, cursor: JsonCursor): void {
    this.#purpose = purpose;
    this.#at = cursor.place;
    this.#column = cursor.isLineStart ? cursor.indent : -1;
    this.#suspect = null;
    this.#end.begin(cursor.byte);
    cursor.pos += 1;
  }

  /** Moves the cursor through the value: behind it, behind a line in it, or to the end of the bytes. */
  search(cursor: JsonCursor): Stop {
    cursor.pos = this.#end.search(cursor.bytes, cursor.pos, cursor.end);
    return this.#end.stop;
  }

  /** Whether more bytes have been gathered than a value may have; from then on they are skipped. */
  isTooLong(cursor: JsonCursor): boolean {
    if (this.#purpose === 'skip' || cursor.place.byte - this.#at.byte <= MAX_VALUE_BYTES)
      return false;
    this.#purpose = 'skip';
    this.#suspect = null;
    return true;
  }

  /** Notes that a line inside the value begins with the cursor's byte. */
  noteLine(cursor: JsonCursor): void {
    if (this.#suspect !== null || this.#purpose === 'skip' || this.#column <= 0) return;
    const { byte, indent } = cursor;
    const isOwnEnd = indent === this.#column && isCloser(byte);
    if (indent <= this.#column && !isOwnEnd) this.#suspect = cursor.linePlace;
  }

  /** The value that ends before the cursor. Throws a JsonSyntaxError. */
  parse(cursor: JsonCursor): JsonValue {
    const text = cursor.textFrom(this.#at.byte);
    return this.#end.hasLargeInteger ? parseExactly(text) : parseSmall(text);
  }
}
