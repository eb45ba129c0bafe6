const FIRST_CAPACITY = 64;

/** Stretches of time that one span each owns, by time: nobody below it was being waited for. Columns may be longer than `count`. */
export class OwnedTimes {
  #count = 0;
  /** Numbers in the `PathTree`. */
  owner = new Int32Array(FIRST_CAPACITY);
  from = new Float64Array(FIRST_CAPACITY);
  to = new Float64Array(FIRST_CAPACITY);

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
  }

  /** What continues the last one of the same owner is joined to it. */
  push(owner: number, from: number, to: number): void {
    const last = this.#count - 1;
    if (last >= 0 && this.owner[last] === owner && this.to[last] === from) {
      this.to[last] = to;
      return;
    }
    if (this.#count === this.owner.length) this.#grow();
    this.owner[this.#count] = owner;
    this.from[this.#count] = from;
    this.to[this.#count++] = to;
  }

  #grow(): void {
    const capacity = this.#count * 2;
    const { owner, from, to } = this;
    this.owner = new Int32Array(capacity);
    this.from = new Float64Array(capacity);
    this.to = new Float64Array(capacity);
    this.owner.set(owner);
    this.from.set(from);
    this.to.set(to);
  }
}
