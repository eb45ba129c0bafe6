import type { Place } from '../import-issue.ts';
import { tooLarge } from '../memory-limits.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { BRACE, BRACKET } from './json-bytes.ts';
import type { JsonCursor } from './json-cursor.ts';

/** How much of a dump is read again in search of the end of broken values, at most. */
const MAX_REREAD_BYTES = 64 * 1024 * 1024;

/** Reports what is wrong with a dump's text, where the cursor is unless said otherwise. */
export class JsonDamage {
  readonly #out: DecoderOutput;
  readonly #cursor: JsonCursor;
  /** Whether nothing has fitted since the last report. */
  #isRecovering = false;
  #rereadBytes = 0;

  constructor(out: DecoderOutput, cursor: JsonCursor) {
    this.#out = out;
    this.#cursor = cursor;
  }

  /** Something is not JSON. One stretch of damage is one issue, however many of its tokens do not fit. */
  report(example: string, at: Place = this.#cursor.place): void {
    if (!this.#isRecovering) this.#out.issue('json-syntax', at, example);
    this.#isRecovering = true;
  }

  /** Something was as it should be: what is wrong from here on is another damage. */
  fits(): void {
    this.#isRecovering = false;
  }

  /** The cursor is at JSON that begins with `byte`, of another type than the shape says there. */
  reportMismatch(byte: number, isTopLevel: boolean): void {
    const code = isTopLevel ? 'unrecognised-record' : 'bad-field';
    const bracketed = byte === BRACE ? 'an object' : byte === BRACKET ? 'a list' : null;
    const found = bracketed ?? this.#cursor.excerpt();
    this.#out.issue(code, this.#cursor.place, `${found} where this format has something else`);
  }

  /** As `report`, of a value that is lost with it. */
  reportLost(example: string, at: Place): void {
    if (!this.#isRecovering) this.#out.record();
    this.report(example, at);
  }

  /** A value whose text is not UTF-8, or whose objects have a field twice; it is read all the same. */
  reportRepaired(code: 'bad-text' | 'duplicate-field', at: Place, example: string): void {
    this.#out.issue(code, at, example);
  }

  /** A value that was passed over because of its size. */
  reportTooLarge(at: Place, bytes: number, limit: number): void {
    this.#out.record();
    this.#out.issue('record-too-large', at, tooLarge(bytes, limit));
    this.fits();
  }

  /** A value that was passed over because of its nesting. */
  reportTooDeep(at: Place, limit: number): void {
    this.#out.record();
    this.#out.issue('record-too-deep', at, `more than ${limit} levels`);
    this.fits();
  }

  /** The dump ends inside what begins at a place, a value that is lost or what holds such values. */
  reportCutOff(at: Place, isValue: boolean): void {
    if (isValue) this.#out.record();
    this.#out.issue('truncated-input', at, 'the dump ends inside what begins here');
  }

  /** Sets the cursor back to a line that it has passed, unless much has been read twice already: nesting damage would cost quadratic time. */
  goBackTo(line: Place): void {
    this.#rereadBytes += this.#cursor.place.byte - line.byte;
    if (this.#rereadBytes <= MAX_REREAD_BYTES) this.#cursor.goBackTo(line);
  }
}
