import type { Place } from '../import-issue.ts';
import { isDamagedText } from '../text-of.ts';
import { isCloser } from './json-bytes.ts';
import type { JsonCursor } from './json-cursor.ts';
import type { JsonDamage } from './json-damage.ts';
import type { JsonValue } from './json-shape.ts';
import { JsonValueEnd, MAX_JSON_DEPTH, type Stop } from './json-value-end.ts';
import { memberCount } from './member-count.ts';
import { JsonSyntaxError, parseExactly, parseSmall } from './parse-json.ts';

/** What a value is wanted for: as `key` of an object · to `read` it, which may be one of a few that are `repeated` · to `skip` it. */
export type Purpose = 'key' | 'read' | 'read-repeated' | 'skip';

/** Repeated values that are kept, and how long their text may be. */
const MAX_REPEATED = 1024;
const MAX_REPEATED_LENGTH = 16 * 1024;

const START: Place = { byte: 0, line: 1 };

/** Gathers the bytes of one value at a time, of any length and in any number of chunks, and parses them. */
export class JsonValueReader {
  readonly #end = new JsonValueEnd();
  readonly #limitBytes: number;
  #purpose: Purpose = 'skip';
  #at = START;
  #column = -1;
  #suspect: Place | null = null;
  #isTooLarge = false;
  readonly #repeated = new Map<string, JsonValue>();

  /** Longer values are passed over, so that memory stays bounded whatever the dump is. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

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
    this.#isTooLarge = false;
    this.#end.begin(cursor.byte);
    cursor.pos += 1;
  }

  /** Moves the cursor through the value: behind it, to the next line feed in it, or to the end of the bytes. */
  search(cursor: JsonCursor): Stop {
    cursor.pos = this.#end.search(cursor.bytes, cursor.pos, cursor.end);
    if (this.#purpose !== 'skip' && this.#length(cursor) > this.#limitBytes) {
      this.#isTooLarge = true;
      this.#purpose = 'skip';
      this.#suspect = null;
    }
    return this.#end.stop;
  }

  #length(cursor: JsonCursor): number {
    return cursor.offset - this.#at.byte;
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
    if (this.#isTooLarge) {
      damage.reportTooLarge(this.#at, this.#length(cursor), this.#limitBytes);
    } else if (this.#end.isTooDeep) {
      if (this.#purpose !== 'skip') damage.reportTooDeep(this.#at, MAX_JSON_DEPTH);
    } else if (this.#purpose !== 'skip') {
      return this.#parse(cursor, damage);
    } else if (this.#end.isBroken) {
      damage.report('brackets that do not pair', this.#at);
    }
    return undefined;
  }

  #parse(cursor: JsonCursor, damage: JsonDamage): JsonValue | undefined {
    const text = cursor.textFrom(this.#at.byte);
    if (isDamagedText(text, cursor.bytesFrom(this.#at.byte)))
      damage.reportRepaired('bad-text', this.#at, text.slice(text.indexOf('\ufffd')));
    if (this.#purpose !== 'read-repeated') return this.#parseText(text, cursor, damage);
    const known = this.#repeated.get(text);
    if (known !== undefined) {
      damage.fits();
      return known;
    }
    const value = this.#parseText(text, cursor, damage);
    if (value === undefined || text.length > MAX_REPEATED_LENGTH) return value;
    if (this.#repeated.size >= MAX_REPEATED) this.#repeated.clear();
    this.#repeated.set(text, value);
    return value;
  }

  #parseText(text: string, cursor: JsonCursor, damage: JsonDamage): JsonValue | undefined {
    try {
      const value = this.#end.hasLargeInteger ? parseExactly(text) : parseSmall(text);
      damage.fits();
      if (memberCount(value) < this.#end.members)
        damage.reportRepaired('duplicate-field', this.#at, 'of two fields with one name');
      return value;
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const place = cursor.placeAfter(this.#at, error.offset);
      if (this.#purpose === 'key') damage.report(error.message, place);
      else damage.reportLost(error.message, place);
      return undefined;
    }
  }
}
