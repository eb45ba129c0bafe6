import type { Place } from '../import-issue.ts';
import { DEFAULT_LIMITS } from '../memory-limits.ts';
import type { Decoder, DecoderOutput } from '../trace-format.ts';
import {
  BRACE,
  BRACKET,
  COLON,
  COMMA,
  IS_SPACE,
  isCloser,
  isOpener,
  LETTER_N,
  LINE_FEED,
  QUOTE,
} from './json-bytes.ts';
import { JsonCursor } from './json-cursor.ts';
import { JsonDamage } from './json-damage.ts';
import type { JsonScanState } from './json-scan-state.ts';
import { type BytesReader, type Shape, shapeFor, type ValueShape } from './json-shape.ts';
import { JsonStack } from './json-stack.ts';
import { MAX_JSON_DEPTH } from './json-value-end.ts';
import { JsonValueReader, type Purpose } from './json-value-reader.ts';

class JsonScanner implements Decoder {
  readonly #root: Shape;
  readonly #cursor = new JsonCursor();
  readonly #damage: JsonDamage;
  readonly #stack = new JsonStack();
  #state: JsonScanState = 'value';
  /** Where the top-level value at hand begins. */
  #recordAt: Place = { byte: 0, line: 1 };

  /** Whether the value at the cursor may be taken from its bytes when more of them have come, and that no more will come. */
  #waits = false;
  #isEnded = false;

  readonly #held: JsonValueReader;
  #read: ValueShape['read'] = () => {};

  constructor(root: Shape, out: DecoderOutput) {
    this.#root = root;
    this.#damage = new JsonDamage(out, this.#cursor);
    this.#held = new JsonValueReader((out.limits ?? DEFAULT_LIMITS).recordBytes);
  }

  push(chunk: Uint8Array): void {
    this.#cursor.append(chunk, this.#isInside() ? this.#held.heldFrom : null);
    this.#waits = false;
    this.#run();
  }

  end(): void {
    this.#waits = false;
    this.#isEnded = true;
    this.#run();
    while (this.#isInside() && this.#held.suspect !== null) {
      this.#abandonValue('it never ends');
      this.#run();
    }
    const isLost = this.#state === 'lost' || this.#state === 'lost-line';
    if (!isLost && (this.#stack.depth > 0 || this.#isInside())) {
      const isInValue = this.#isInside();
      const at = isInValue ? this.#held.at : this.#recordAt;
      this.#damage.reportCutOff(at, isInValue && this.#held.purpose.startsWith('read'));
    }
    this.#stack.popTo(0, this.#cursor.place);
  }

  #isInside(): boolean {
    return this.#state === 'inside' || this.#state === 'line';
  }

  #run(): void {
    const cursor = this.#cursor;
    while (cursor.pos < cursor.end && !this.#waits) {
      if (this.#state === 'inside') {
        if (!this.#goOn()) return;
      } else if (this.#state === 'lost') {
        this.#loseLine();
      } else {
        this.#character(cursor.byte);
      }
    }
  }

  #loseLine(): void {
    if (!this.#cursor.skipLine()) return;
    this.#state = 'lost-line';
    this.#damage.fits();
  }

  /** One byte outside of values. */
  #character(byte: number): void {
    if (byte === LINE_FEED) {
      this.#cursor.startLine();
    } else if (IS_SPACE[byte] === 1) {
      this.#cursor.pos += 1;
    } else {
      if (this.#cursor.indent === -1 && this.#cursor.beginText()) this.#cutRecord();
      this.#token(byte);
    }
  }

  #token(byte: number): void {
    switch (this.#state) {
      case 'first':
      case 'member':
        this.#member(byte);
        break;
      case 'colon':
        this.#colon(byte);
        break;
      case 'value':
        this.#value(byte);
        break;
      case 'after':
        this.#after(byte);
        break;
      case 'line':
        this.#lineInside();
        break;
      case 'lost-line':
      case 'lost':
      case 'inside':
        this.#resume(byte);
    }
  }

  #member(byte: number): void {
    const isList = this.#stack.top?.shape.kind === 'list';
    if (isCloser(byte)) {
      if (this.#state === 'member')
        this.#damage.report('a comma before the end of a list or object');
      this.#close(byte);
    } else if (isList || byte === QUOTE) {
      if (this.#cursor.isLineStart) this.#stack.noteMember(this.#cursor.indent);
      if (isList) this.#value(byte);
      else this.#begin('key');
    } else {
      this.#unexpected('a key', byte);
    }
  }

  #colon(byte: number): void {
    if (byte !== COLON) {
      this.#unexpected('a colon', byte);
      return;
    }
    this.#cursor.pos += 1;
    this.#state = 'value';
  }

  #after(byte: number): void {
    const isMember = this.#stack.top?.shape.kind === 'list' ? isOpener(byte) : byte === QUOTE;
    if (byte === COMMA) {
      this.#cursor.pos += 1;
      this.#state = 'member';
      this.#damage.fits();
    } else if (isCloser(byte)) {
      this.#close(byte);
    } else if (isMember) {
      this.#damage.report('a comma is missing');
      this.#state = 'member';
    } else {
      this.#unexpected('a comma', byte);
    }
  }

  #close(byte: number): void {
    const isNext = this.#stack.top?.closer === byte;
    if (isNext) this.#damage.fits();
    else this.#damage.report(`${this.#cursor.excerpt()} closes what is not open`);
    if (!isNext && this.#cursor.isLineStart) {
      this.#state = 'lost-line';
      return;
    }
    // One that does not pair is too many, or one before it is missing, which is more common.
    this.#stack.close(byte, this.#cursor.place);
    this.#cursor.pos += 1;
    this.#state = this.#stack.depth === 0 ? 'value' : 'after';
  }

  #value(byte: number): void {
    if (this.#stack.depth === 0) this.#topLevelValue(byte);
    else if (byte === COMMA || isCloser(byte)) this.#unexpected('a value', byte);
    else this.#shapedValue(byte, this.#stack.top?.next);
  }

  #topLevelValue(byte: number): void {
    if (isOpener(byte)) {
      this.#cursor.beginRecord(byte);
      this.#recordAt = this.#cursor.place;
      this.#damage.fits();
      this.#shapedValue(byte, this.#root);
    } else if (byte === COMMA) {
      this.#cursor.pos += 1;
    } else {
      this.#damage.report(`${this.#cursor.excerpt()} is no JSON object or list`);
      this.#state = 'lost';
    }
  }

  #shapedValue(byte: number, unresolved: Shape | undefined): void {
    const shape = unresolved === undefined ? undefined : shapeFor(unresolved, byte);
    if (shape?.kind === 'value') {
      if (shape.readBytes !== undefined && this.#takeBytes(shape.readBytes)) return;
      this.#read = shape.read;
      this.#begin(shape.isRepeated === true ? 'read-repeated' : 'read');
    } else if (shape !== undefined && this.#canEnter(shape.kind, byte)) {
      this.#stack.push(shape, this.#cursor.indent, this.#cursor.place);
      this.#cursor.pos += 1;
      this.#state = 'first';
    } else {
      if (unresolved !== undefined && byte !== LETTER_N)
        this.#damage.reportMismatch(byte, this.#stack.depth === 0);
      this.#begin('skip');
    }
  }

  /** Whether the value at the cursor, and maybe more behind it, could be taken from its bytes, or has to wait for more of them. */
  #takeBytes(readBytes: BytesReader): boolean {
    const cursor = this.#cursor;
    const { bytes, pos: from, valueEnd, offset, line } = cursor;
    const end = readBytes({ bytes, from, end: valueEnd, offset, line });
    if (end === 'odd') return false;
    if (end === 'later') {
      this.#waits = !this.#isEnded && valueEnd === cursor.end;
      return this.#waits;
    }
    cursor.passTo(end);
    this.#state = this.#stack.depth === 0 ? 'value' : 'after';
    this.#damage.fits();
    return true;
  }

  #canEnter(kind: 'object' | 'list', byte: number): boolean {
    return byte === (kind === 'object' ? BRACE : BRACKET) && this.#stack.depth < MAX_JSON_DEPTH;
  }

  #begin(purpose: Purpose): void {
    this.#held.begin(purpose, this.#cursor);
    this.#state = 'inside';
  }

  /** Goes on in the value at hand; false when that needs bytes that have not come yet. */
  #goOn(): boolean {
    const stop = this.#held.search(this.#cursor);
    if (stop === 'value') this.#endValue();
    if (stop === 'line') {
      this.#cursor.startLine();
      this.#state = 'line';
    }
    return stop !== 'bytes';
  }

  #endValue(): void {
    this.#state = this.#stack.depth === 0 ? 'value' : 'after';
    const value = this.#held.take(this.#cursor, this.#damage);
    if (value === undefined) return;
    if (this.#held.purpose !== 'key') this.#read(value, this.#held.at);
    else if (typeof value === 'string') this.#takeKey(value);
  }

  #takeKey(key: string): void {
    const open = this.#stack.top;
    if (open?.shape.kind !== 'object') return;
    open.next = open.shape.keys.get(key);
    const told = open.next === undefined ? open.shape.unknown : open.shape.named;
    told?.(key, this.#held.at);
    this.#state = 'colon';
  }

  /** The first character of a line inside the value at hand. */
  #lineInside(): void {
    if (this.#held.isBroken) {
      this.#abandonValue('brackets or quotes that do not pair');
    } else {
      this.#held.noteLine(this.#cursor);
      this.#state = 'inside';
    }
  }

  /** Gives a broken value up and goes on at a line that may be outside of it. */
  #abandonValue(problem: string): void {
    const { at, suspect } = this.#held;
    this.#damage.report(problem, at);
    this.#state = 'lost-line';
    if (suspect !== null) this.#damage.goBackTo(suspect);
  }

  /** In JSON lines the next record begins although this one has not ended. */
  #cutRecord(): void {
    const isAtRecord = this.#stack.depth === 0 && !this.#isInside();
    if (isAtRecord) {
      if (this.#state === 'lost-line') this.#state = 'value';
      return;
    }
    this.#damage.report('the line ends inside a record', this.#recordAt);
    this.#stack.popTo(0, this.#cursor.place);
    this.#state = 'value';
  }

  /** Looks whether the line that begins here tells where reading can go on. */
  #resume(byte: number): void {
    const point = this.#stack.resume(byte, this.#cursor.indent, this.#cursor.place);
    if (point === null) this.#state = 'lost';
    else this.#state = point === 'closer' ? 'after' : point === 'member' ? 'first' : 'value';
  }

  /**
   * Reports what stands in the place of something. It is skipped, unless it may be right in the state after, or is a line whose
   * indentation tells that what it should belong to was never closed.
   */
  #unexpected(wanted: string, byte: number): void {
    this.#damage.report(`${this.#cursor.excerpt()} instead of ${wanted}`);
    if (this.#cursor.isLineStart) this.#state = 'lost-line';
    else if (byte === COMMA || isCloser(byte)) this.#state = 'after';
    else this.#begin('skip');
  }
}

/**
 * A decoder that walks the bytes of a dump along `shape`, which each of its top-level values has: there may be one, one per
 * line, or pretty-printed ones one after another.
 *
 * Damage costs as little as can be told apart: a broken value that ends where its brackets say is skipped alone; after one that
 * does not, reading goes on at the next line that by its indentation belongs to something known, in JSON lines at the next line.
 */
export function jsonDecoder(shape: Shape, out: DecoderOutput): Decoder {
  return new JsonScanner(shape, out);
}
