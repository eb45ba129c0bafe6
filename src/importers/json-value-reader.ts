import type { Place } from './import-issue.ts';
import { isCloser } from './json-bytes.ts';
import type { JsonCursor } from './json-cursor.ts';
import type { JsonDamage } from './json-damage.ts';
import type { JsonValue } from './json-shape.ts';
import { JsonValueEnd, MAX_JSON_DEPTH, type Stop } from './json-value-end.ts';
import { JsonSyntaxError, parseExactly, parseSmall } from './parse-json.ts';

/** A longer value is no span; it is skipped, so that memory stays bounded whatever the dump is. */
const MAX_VALUE_BYTES = 64 * 1024 * 1024;

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

  /** Moves the cursor through the value: behind it, to the next line feed in it, or to the end of the bytes. */
  search(cursor: JsonCursor, damage: JsonDamage): Stop {
    cursor.pos = this.#end.search(cursor.bytes, cursor.pos, cursor.end);
    if (this.#end.stop === 'bytes') this.#limitLength(cursor, damage);
    return this.#end.stop;
  }

  #limitLength(cursor: JsonCursor, damage: JsonDamage): void {
    const length = cursor.place.byte - this.#at.byte;
    if (this.#purpose === 'skip' || length <= MAX_VALUE_BYTES) return;
    damage.report('a value of more than 64 MiB', this.#at);
    this.#purpose = 'skip';
    this.#suspect = null;
  }

  /** Notes that a line inside the value begins with the cursor's byte. */
  noteLine(cursor: JsonCursor): void {
    if (this.#suspect !== null || this.#purpose === 'skip' || this.#column <= 0) return;
    const { byte, indent } = cursor;
    const isOwnEnd = indent === this.#column && isCloser(byte);
    if (indent <= this.#column && !isOwnEnd) this.#suspect = cursor.linePlace;
  }

  /** The value that ends before the cursor; undefined when it is not wanted or is damaged. */
  take(cursor: JsonCursor, damage: JsonDamage): JsonValue | undefined {
    if (this.#end.isTooDeep) {
      damage.report(`nested deeper than ${MAX_JSON_DEPTH} levels`, this.#at);
    } else if (this.#purpose !== 'skip') {
      return this.#parse(cursor, damage);
    } else if (this.#end.isBroken) {
      damage.report('brackets that do not pair', this.#at);
    }
    return undefined;
  }

  #parse(cursor: JsonCursor, damage: JsonDamage): JsonValue | undefined {
    const text = cursor.textFrom(this.#at.byte);
    try {
      const value = this.#end.hasLargeInteger ? parseExactly(text) : parseSmall(text);
      damage.fits();
      return value;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      damage.report(error.message, cursor.placeAfter(this.#at, error.offset));
      return undefined;
    }
  }
}
