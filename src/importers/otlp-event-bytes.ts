import { BRACE, BRACKET, CLOSING_BRACE, CLOSING_BRACKET, COMMA, QUOTE } from './json-bytes.ts';
import { JsonNames } from './json-names.ts';
import { type JsonText, ODD, putAscii } from './json-text.ts';
import type { OtlpAttributeBytes } from './otlp-attribute-bytes.ts';

/** In the order in which they have to come. */
const EVENT_FIELDS = new JsonNames([
  'timeUnixNano',
  'name',
  'attributes',
  'droppedAttributesCount',
]);
const LINK_FIELDS = new JsonNames(['traceId', 'spanId', 'attributes', 'droppedAttributesCount']);

/** Copies OTLP's events and links from bytes to bytes, into the JSON that the store keeps. */
export class OtlpEventBytes {
  readonly #json: JsonText;
  readonly #attributes: OtlpAttributeBytes;
  #isStartKnown = false;
  #billions = 0;
  #units = 0;

  constructor(json: JsonText, attributes: OtlpAttributeBytes) {
    this.#json = json;
    this.#attributes = attributes;
  }

  /** When the span of the next events begins, if that has been read. */
  setStart(isKnown: boolean, billions: number, units: number): void {
    this.#isStartKnown = isKnown;
    this.#billions = billions;
    this.#units = units;
  }

  /** Consumes a list of events and writes one to `out[at…]`; gives where it ends there. Nothing is written for an empty list. */
  copyEvents(out: Uint8Array, at: number): number {
    return this.#copyList(out, at, (to) => this.#copyEvent(out, to));
  }

  /** The same for links. */
  copyLinks(out: Uint8Array, at: number): number {
    return this.#copyList(out, at, (to) => this.#copyLink(out, to));
  }

  #copyList(out: Uint8Array, at: number, copy: (at: number) => number): number {
    const json = this.#json;
    json.expect(BRACKET);
    if (json.accept(CLOSING_BRACKET)) return at;
    let to = at;
    do {
      out[to] = to === at ? BRACKET : COMMA;
      to = copy(to + 1);
    } while (json.accept(COMMA));
    json.expect(CLOSING_BRACKET);
    out[to] = CLOSING_BRACKET;
    return to + 1;
  }

  #copyEvent(out: Uint8Array, at: number): number {
    const json = this.#json;
    json.expect(BRACE);
    let to = at;
    let last = -1;
    do {
      const field = EVENT_FIELDS.next(json);
      if (field <= last || (last === -1) !== (field === 0) || (last === 0 && field !== 1))
        throw ODD;
      last = field;
      if (field === 0) to = this.#copyTime(out, at);
      else if (field === 1) to = json.copyString(out, to + putAscii(',"name":', out, to));
      else to = this.#copyRest(field, out, to);
    } while (json.accept(COMMA));
    if (last < 1) throw ODD;
    json.expect(CLOSING_BRACE);
    out[to] = CLOSING_BRACE;
    return to + 1;
  }

  #copyTime(out: Uint8Array, at: number): number {
    this.#json.longInteger();
    const offset = (this.#json.billions - this.#billions) * 1e9 + this.#json.units - this.#units;
    if (!this.#isStartKnown || !Number.isSafeInteger(offset)) throw ODD;
    return at + putAscii(`{"offsetNs":${offset}`, out, at);
  }

  #copyLink(out: Uint8Array, at: number): number {
    const json = this.#json;
    json.expect(BRACE);
    if (LINK_FIELDS.next(json) !== 0) throw ODD;
    let to = this.#copyId(32, '{"traceId":"', out, at);
    json.expect(COMMA);
    if (LINK_FIELDS.next(json) !== 1) throw ODD;
    to = this.#copyId(16, ',"spanId":"', out, to);
    let last = 1;
    while (json.accept(COMMA)) {
      const field = LINK_FIELDS.next(json);
      if (field <= last) throw ODD;
      last = field;
      to = this.#copyRest(field, out, to);
    }
    json.expect(CLOSING_BRACE);
    out[to] = CLOSING_BRACE;
    return to + 1;
  }

  #copyId(digits: number, before: string, out: Uint8Array, at: number): number {
    const start = at + putAscii(before, out, at);
    this.#json.copyHex(digits, out, start);
    if (isZero(out, start, digits)) throw ODD;
    out[start + digits] = QUOTE;
    return start + digits + 1;
  }

  /** Attributes, or a count of dropped ones, of which only 0 is plain. */
  #copyRest(field: number, out: Uint8Array, at: number): number {
    if (field === 2) {
      const start = at + putAscii(',"attributes":', out, at);
      const end = this.#attributes.copy(out, start);
      return end === start ? at : end;
    }
    if (this.#json.smallInteger() !== 0) throw ODD;
    return at;
  }
}

function isZero(bytes: Uint8Array, from: number, digits: number): boolean {
  for (let at = from; at < from + digits; at++) if (bytes[at] !== 0x30) return false;
  return true;
}
