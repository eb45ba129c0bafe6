import { encodeDouble } from '../encoding/attribute-text.ts';
import { BRACE, BRACKET, CLOSING_BRACE, CLOSING_BRACKET, COLON, COMMA } from './json-bytes.ts';
import { expectName, JsonNames } from './json-names.ts';
import { type JsonText, ODD, putAscii } from './json-text.ts';
import { SeenKeys } from './seen-keys.ts';

const KEY = Buffer.from('"key"');
const VALUE = Buffer.from('"value"');
const VALUES = Buffer.from('"values"');
/** Maps and bytes are rare enough for the ordinary way. */
const TYPES = ['stringValue', 'intValue', 'doubleValue', 'boolValue', 'arrayValue'];
const TYPE_NAMES = new JsonNames(TYPES);
const [STRING, INT, DOUBLE, BOOL] = TYPES.map((_type, index) => index);
const MAX_DEPTH = 8;

/** Copies OTLP's attributes from bytes to bytes, from the list of key-value objects to the store's typed JSON. */
export class OtlpAttributeBytes {
  readonly #json: JsonText;
  readonly #seen = new SeenKeys();

  constructor(json: JsonText) {
    this.#json = json;
  }

  /** Consumes a list and writes an object to `out[at…]`; gives where it ends there. Nothing is written for an empty list. */
  copy(out: Uint8Array, at: number): number {
    const json = this.#json;
    json.expect(BRACKET);
    if (json.accept(CLOSING_BRACKET)) return at;
    this.#seen.begin();
    let to = at;
    do {
      out[to] = to === at ? BRACE : COMMA;
      to = this.#copyAttribute(out, to + 1);
    } while (json.accept(COMMA));
    json.expect(CLOSING_BRACKET);
    out[to] = CLOSING_BRACE;
    return to + 1;
  }

  #copyAttribute(out: Uint8Array, at: number): number {
    const json = this.#json;
    json.expect(BRACE);
    expectName(json, KEY);
    const colon = json.copyString(out, at);
    this.#seen.see(out, at, colon);
    out[colon] = COLON;
    json.expect(COMMA);
    expectName(json, VALUE);
    const end = this.#copyValue(out, colon + 1, 0);
    json.expect(CLOSING_BRACE);
    return end;
  }

  #copyValue(out: Uint8Array, at: number, depth: number): number {
    const json = this.#json;
    json.expect(BRACE);
    if (json.accept(CLOSING_BRACE)) return at + putAscii('null', out, at);
    const type = TYPE_NAMES.next(json);
    let to: number;
    if (type === STRING) to = json.copyString(out, at);
    else if (type === INT) to = json.copyInteger(out, at);
    else if (type === BOOL) to = at + putAscii(String(json.boolean()), out, at);
    else if (type === DOUBLE) to = this.#copyDouble(out, at);
    else to = this.#copyList(out, at, depth);
    json.expect(CLOSING_BRACE);
    return to;
  }

  #copyDouble(out: Uint8Array, at: number): number {
    const end = this.#json.copyFraction(out, at);
    return end >= 0 ? end : at + putAscii(encodeDouble(this.#json.number()), out, at);
  }

  #copyList(out: Uint8Array, at: number, depth: number): number {
    const json = this.#json;
    if (depth === MAX_DEPTH) throw ODD;
    json.expect(BRACE);
    expectName(json, VALUES);
    json.expect(BRACKET);
    let to = at;
    if (json.accept(CLOSING_BRACKET)) out[to++] = BRACKET;
    else {
      do {
        out[to] = to === at ? BRACKET : COMMA;
        to = this.#copyValue(out, to + 1, depth + 1);
      } while (json.accept(COMMA));
      json.expect(CLOSING_BRACKET);
    }
    out[to] = CLOSING_BRACKET;
    json.expect(CLOSING_BRACE);
    return to + 1;
  }
}
