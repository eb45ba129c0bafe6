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
  /** By index + 1: the name that came after it the last time, and probably will again. */
  readonly #following: (Name | undefined)[] = [];
  #last = -1;

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
    json.peek();
    let name = this.#following[this.#last + 1];
    if (name === undefined || !json.acceptText(name.quoted)) {
      name = this.#find(json);
      this.#following[this.#last + 1] = name;
    }
    this.#last = name.index;
    json.expect(COLON);
    return name.index;
  }

  #find(json: JsonText): Name {
    const { bytes, pos } = json;
    if (bytes[pos] !== QUOTE) throw ODD;
    let end = pos + 1;
    while (bytes[end] !== QUOTE) if (++end - pos > LONGEST) throw ODD;
    const name = this.#byLength[end + 1 - pos]?.find(({ quoted }) => json.acceptText(quoted));
    if (name === undefined) throw ODD;
    return name;
  }
}

/** No name of a format is longer. */
const LONGEST = 40;

/** Consumes one certain name, given in quotes, and its colon. */
export function expectName(json: JsonText, quoted: Uint8Array): void {
  json.peek();
  if (!json.acceptText(quoted)) throw ODD;
  json.expect(COLON);
}
