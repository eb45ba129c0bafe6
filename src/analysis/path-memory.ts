/**
 * What finding a critical path takes, so that one after the other can use the same memory. Columns are by span number and at least as
 * long as what was reserved; what they hold from before is not cleared.
 */
export class PathMemory {
  #capacity = 0;
  parent = new Int32Array(0);
  firstChild = new Int32Array(0);
  nextSibling = new Int32Array(0);
  order = new Int32Array(0);
  /** 0, 1, 2, … */
  inOrder = new Int32Array(0);
  start = new Float64Array(0);
  end = new Float64Array(0);
  edges = new Uint8Array(0);
  calls = new Int32Array(0);
  shift = new Float64Array(0);
  shiftedStart = new Float64Array(0);
  shiftedEnd = new Float64Array(0);
  waiting = new Uint8Array(0);
  limit = new Float64Array(0);
  busyUntil = new Float64Array(0);
  from = new Float64Array(0);
  to = new Float64Array(0);
  outlivedBy = new Int32Array(0);
  windowFrom = new Float64Array(0);
  windowTo = new Float64Array(0);
  ownNs = new Float64Array(0);
  belowNs = new Float64Array(0);

  /** Makes room for `size` spans; columns that were handed out before may be replaced. */
  reserve(size: number): void {
    if (size <= this.#capacity) return;
    const capacity = this.#capacity === 0 ? size : Math.max(size, this.#capacity * 2);
    this.#capacity = capacity;
    this.parent = new Int32Array(capacity);
    this.firstChild = new Int32Array(capacity);
    this.nextSibling = new Int32Array(capacity);
    this.order = new Int32Array(capacity);
    this.inOrder = Int32Array.from({ length: capacity }, (_, i) => i);
    this.start = new Float64Array(capacity);
    this.end = new Float64Array(capacity);
    this.edges = new Uint8Array(capacity);
    this.calls = new Int32Array(capacity);
    this.shift = new Float64Array(capacity);
    this.shiftedStart = new Float64Array(capacity);
    this.shiftedEnd = new Float64Array(capacity);
    this.waiting = new Uint8Array(capacity);
    this.limit = new Float64Array(capacity);
    this.busyUntil = new Float64Array(capacity);
    this.from = new Float64Array(capacity);
    this.to = new Float64Array(capacity);
    this.outlivedBy = new Int32Array(capacity);
    this.windowFrom = new Float64Array(capacity);
    this.windowTo = new Float64Array(capacity);
    this.ownNs = new Float64Array(capacity);
    this.belowNs = new Float64Array(capacity);
  }
}
