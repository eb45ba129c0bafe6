/**
 * The resources or scopes of a batch. Spans name them by slot, so that a span can be added before its owner is known: reserve a slot,
 * fill it later. Slots with one object get one index.
 */
export class BatchOwners<Owner extends object, Encoded> {
  readonly #encode: (owner: Owner) => Encoded;
  /** The same few come in every batch. */
  readonly #known = new WeakMap<Owner, Encoded>();
  #encoded: Encoded[] = [];
  #indexByOwner = new Map<Owner, number>();
  #slotByOwner = new Map<Owner, number>();
  /** By slot; −1 for a slot that waits. */
  #indexes: number[] = [];
  #pending = 0;

  constructor(encode: (owner: Owner) => Encoded) {
    this.#encode = encode;
  }

  /** Slots that wait for their owner. */
  get pending(): number {
    return this.#pending;
  }

  /** Index in `take` of each slot. */
  get indexes(): readonly number[] {
    return this.#indexes;
  }

  /** The slot of a known owner. */
  slotOf(owner: Owner): number {
    let slot = this.#slotByOwner.get(owner);
    if (slot === undefined) {
      slot = this.#indexes.push(this.#indexOf(owner)) - 1;
      this.#slotByOwner.set(owner, slot);
    }
    return slot;
  }

  /** A slot for an owner that is not known yet. */
  reserve(): number {
    this.#pending += 1;
    return this.#indexes.push(-1) - 1;
  }

  fill(slot: number, owner: Owner): void {
    if (this.#indexes[slot] !== -1) throw new RangeError('the slot has an owner');
    this.#indexes[slot] = this.#indexOf(owner);
    this.#pending -= 1;
  }

  /** The owners by index. Begins anew. */
  take(): readonly Encoded[] {
    const encoded = this.#encoded;
    this.#encoded = [];
    this.#indexByOwner = new Map();
    this.#slotByOwner = new Map();
    this.#indexes = [];
    return encoded;
  }

  #indexOf(owner: Owner): number {
    let index = this.#indexByOwner.get(owner);
    if (index === undefined) {
      index = this.#encoded.push(this.#encodedOwner(owner)) - 1;
      this.#indexByOwner.set(owner, index);
    }
    return index;
  }

  #encodedOwner(owner: Owner): Encoded {
    let encoded = this.#known.get(owner);
    if (encoded === undefined) {
      encoded = this.#encode(owner);
      this.#known.set(owner, encoded);
    }
    return encoded;
  }
}
