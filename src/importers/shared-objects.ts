import type { JsonObject, JsonValue } from './json/json-shape.ts';

/** So many different ones are kept at a time; a dump with more has more objects, not more memory here. */
const MAX_ENTRIES = 4096;
/** Longer texts are not worth keeping for comparison. */
const MAX_TEXT_LENGTH = 16 * 1024;

/** Makes equal things one object: most batches and spans of a dump repeat the resource and scope of one before. */
export class SharedObjects<Value> {
  readonly #byText = new Map<string, Value>();
  /** What was last built from an object, for those that come again themselves. */
  readonly #byObject = new WeakMap<
    JsonObject,
    { readonly beside: string; readonly value: Value }
  >();

  /** The object that was built from equal JSON before, else what `build` makes. */
  of(raw: JsonValue, build: () => Value): Value {
    const text = JSON.stringify(raw, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    return this.get(text, build);
  }

  /** The same for an object, which may be the very same again, with a text `beside` it. */
  ofObject(raw: JsonObject | null, beside: string, build: () => Value): Value {
    const last = raw === null ? undefined : this.#byObject.get(raw);
    if (last !== undefined && last.beside === beside) return last.value;
    const value = this.of([raw, beside], build);
    if (raw !== null) this.#byObject.set(raw, { beside, value });
    return value;
  }

  /** The object that was built under this text before, else what `build` makes. */
  get(text: string, build: () => Value): Value {
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const built = build();
    if (text.length > MAX_TEXT_LENGTH) return built;
    if (this.#byText.size >= MAX_ENTRIES) this.#byText.clear();
    this.#byText.set(text, built);
    return built;
  }
}
