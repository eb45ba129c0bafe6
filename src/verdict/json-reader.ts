import { UserError } from '../model/user-error.ts';

/** Reads a JSON document of a known shape; anything else is an input error that says where. Fields that are not asked for do not matter. */
export class JsonReader {
  readonly root: Fields;

  constructor(text: string, name: string) {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      throw new UserError('input', `${name} is not JSON`, { cause });
    }
    this.root = new Fields(value, { name, path: '' });
  }
}

interface Place {
  readonly name: string;
  readonly path: string;
}

/** The fields of an object. */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #place: Place;

  constructor(value: unknown, place: Place) {
    this.#place = place;
    this.#values =
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? new Map(Object.entries(value))
        : this.fail('', 'an object');
  }

  fail(field: string, expected: string): never {
    const { name, path } = this.#place;
    throw new UserError('input', `${name} is damaged: expected ${expected}`, {
      where: [`${path}${field === '' ? '' : `.${field}`}`],
    });
  }

  /** Whether the field is there and not null. */
  has(field: string): boolean {
    return (this.#values.get(field) ?? null) !== null;
  }

  text(field: string): string {
    const value = this.#values.get(field);
    return typeof value === 'string' ? value : this.fail(field, 'a text');
  }

  number(field: string): number {
    const value = this.#values.get(field);
    return typeof value === 'number' ? value : this.fail(field, 'a number');
  }

  count(field: string): number {
    const value = this.number(field);
    return Number.isSafeInteger(value) && value >= 0 ? value : this.fail(field, 'a count');
  }

  oneOf<Word extends string>(field: string, words: readonly Word[]): Word {
    const text = this.text(field);
    return words.find((word) => word === text) ?? this.fail(field, `one of ${words.join(', ')}`);
  }

  fields(field: string): Fields {
    const { name, path } = this.#place;
    return new Fields(this.#values.get(field), { name, path: `${path}.${field}` });
  }

  list<Item>(field: string, read: (item: Fields) => Item): Item[] {
    const { name, path } = this.#place;
    return this.#array(field).map((item, index) =>
      read(new Fields(item, { name, path: `${path}.${field}[${index}]` })),
    );
  }

  texts(field: string): string[] {
    return this.#array(field).map((item) =>
      typeof item === 'string' ? item : this.fail(field, 'texts'),
    );
  }

  textOrNumbers(field: string): string | number[] {
    const value = this.#values.get(field);
    if (typeof value === 'string') return value;
    return this.#array(field).map((item) =>
      typeof item === 'number' ? item : this.fail(field, 'a text or numbers'),
    );
  }

  /** A list of lists. */
  rows(field: string): (readonly unknown[])[] {
    return this.#array(field).map((item) =>
      Array.isArray(item) ? item : this.fail(field, 'lists'),
    );
  }

  #array(field: string): readonly unknown[] {
    const value = this.#values.get(field);
    return Array.isArray(value) ? value : this.fail(field, 'a list');
  }
}
