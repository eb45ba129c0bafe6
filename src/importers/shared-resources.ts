import type { Resource } from '../model/span.ts';
import type { JsonValue } from './json-shape.ts';

/** How many different ones are remembered; a dump whose every span has its own gains nothing from memory. */
const MAX_RESOURCES = 1000;

/** For formats that repeat the whole resource in every span: equal ones become one object. */
export class SharedResources {
  readonly #byText = new Map<string, Resource>();

  /** The resource that `raw` says, by `build` when there was none like it yet. */
  of(raw: readonly JsonValue[], build: () => Resource): Resource {
    const text = JSON.stringify(raw, (_key, value: unknown) =>
      typeof value === 'bigint' ? `${value}n` : value,
    );
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size >= MAX_RESOURCES) this.#byText.clear();
    const resource = build();
    this.#byText.set(text, resource);
    return resource;
  }
}
