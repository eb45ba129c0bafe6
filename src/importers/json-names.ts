import { COLON, QUOTE } from './json-bytes.ts';
import { type JsonText, ODD } from './json-text.ts';

interface Name {
  readonly quoted: Uint8Array;
  readonly index: number;
}

/** The names of an object's fields, for telling them by their bytes. */
export class JsonNames {
  /** By the length of the name in its quotes. */
  readonly #byLength: Name[][] = [];

  constructor(names: readonly string[]) {
    names.forEach((name, index) => {
      const quoted = Buffer.from(JSON.stringify(name));
      const alike = this.#byLength[quoted.length];
      if (alike === undefined) this.#byLength[quoted.length] = [{ quoted, index }];
      else alike.push({ quoted, index });
    });
  }

  /** Consumes the next name and its colon; its index in the list. Throws `ODD` for any other name. */
  next(json: JsonText): number {
    if (json.peek() !== QUOTE) throw ODD;
    const { bytes, pos } = json;
    let end = pos + 1;
    while (bytes[end] !== QUOTE) if (++end - pos > 40) throw ODD;
    const alike = this.#byLength[end + 1 - pos];
    if (alike === undefined) throw ODD;
    for (let i = 0; i < alike.length; i++) {
      const name = alike[i];
      if (name !== undefined && json.acceptText(name.quoted)) {
        json.expect(COLON);
        return name.index;
      }
    }
    throw ODD;
  }
}

/** Consumes one certain name, given in quotes, and its colon. */
export function expectName(json: JsonText, quoted: Uint8Array): void {
  json.peek();
  if (!json.acceptText(quoted)) throw ODD;
  json.expect(COLON);
}
