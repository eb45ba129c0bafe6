import type { SpanId } from '../model/ids.ts';
import { type IdWords, spanIdOfWords } from '../model/span-id-words.ts';

const FIRST_CAPACITY = 1024;
const NO_PART = -1;

/** A group's part in one trace. */
export interface Part {
  readonly ns: number;
  /** The trace's number. */
  readonly trace: number;
}

/**
 * What groups sum up to over all traces, and their parts in each of them, in columns: 28 bytes a group and 24 a part. There may be nearly
 * as many groups as spans, where every request takes another way.
 */
export class PartColumns {
  #groups = 0;
  #spans = new Uint32Array(FIRST_CAPACITY);
  #traces = new Uint32Array(FIRST_CAPACITY);
  #totalNs = new Float64Array(FIRST_CAPACITY);
  #inclusiveNs = new Float64Array(FIRST_CAPACITY);
  #shares = new Float64Array(FIRST_CAPACITY);
  /** Of each group the part that was added last; each part knows the one before. */
  #lastPart = new Int32Array(FIRST_CAPACITY);

  #parts = 0;
  #ns = new Float64Array(FIRST_CAPACITY);
  #trace = new Uint32Array(FIRST_CAPACITY);
  #idHigh = new Uint32Array(FIRST_CAPACITY);
  #idLow = new Uint32Array(FIRST_CAPACITY);
  #before = new Int32Array(FIRST_CAPACITY);

  /** Groups are numbered from 0 to one less. */
  get groups(): number {
    return this.#groups;
  }

  addInclusive(group: number, ns: number): void {
    this.#reserveGroup(group);
    this.#inclusiveNs[group] = (this.#inclusiveNs[group] ?? 0) + ns;
  }

  /** A part that is not 0: so many spans of the trace, of which the one with the id `span` owns most, own `ns`, which is the `share` of its duration. */
  add(group: number, part: Part, spans: number, share: number, span: IdWords): void {
    this.#reserveGroup(group);
    this.#spans[group] = (this.#spans[group] ?? 0) + spans;
    this.#traces[group] = (this.#traces[group] ?? 0) + 1;
    this.#totalNs[group] = (this.#totalNs[group] ?? 0) + part.ns;
    this.#shares[group] = (this.#shares[group] ?? 0) + share;
    if (this.#parts === this.#ns.length) this.#growParts();
    const index = this.#parts++;
    this.#ns[index] = part.ns;
    this.#trace[index] = part.trace;
    this.#idHigh[index] = span.high;
    this.#idLow[index] = span.low;
    this.#before[index] = this.#lastPart[group] ?? NO_PART;
    this.#lastPart[group] = index;
  }

  #reserveGroup(group: number): void {
    if (group < this.#groups) return;
    if (group >= this.#spans.length) this.#growGroups(Math.max(group + 1, this.#spans.length * 2));
    this.#lastPart.fill(NO_PART, this.#groups, group + 1);
    this.#groups = group + 1;
  }

  #growGroups(capacity: number): void {
    this.#spans = enlarged(this.#spans, new Uint32Array(capacity));
    this.#traces = enlarged(this.#traces, new Uint32Array(capacity));
    this.#totalNs = enlarged(this.#totalNs, new Float64Array(capacity));
    this.#inclusiveNs = enlarged(this.#inclusiveNs, new Float64Array(capacity));
    this.#shares = enlarged(this.#shares, new Float64Array(capacity));
    this.#lastPart = enlarged(this.#lastPart, new Int32Array(capacity));
  }

  #growParts(): void {
    const capacity = this.#parts * 2;
    this.#ns = enlarged(this.#ns, new Float64Array(capacity));
    this.#trace = enlarged(this.#trace, new Uint32Array(capacity));
    this.#idHigh = enlarged(this.#idHigh, new Uint32Array(capacity));
    this.#idLow = enlarged(this.#idLow, new Uint32Array(capacity));
    this.#before = enlarged(this.#before, new Int32Array(capacity));
  }

  totalOf(group: number): number {
    return this.#totalNs[group] ?? 0;
  }

  sumsOf(group: number) {
    return {
      spans: this.#spans[group] ?? 0,
      traces: this.#traces[group] ?? 0,
      totalNs: this.#totalNs[group] ?? 0,
      inclusiveNs: this.#inclusiveNs[group] ?? 0,
      shares: this.#shares[group] ?? 0,
    };
  }

  /** The numbers of a group's parts, the last first. */
  partsOf(group: number): number[] {
    const parts: number[] = [];
    for (let part = this.#lastPart[group] ?? NO_PART; part !== NO_PART; ) {
      parts.push(part);
      part = this.#before[part] ?? NO_PART;
    }
    return parts;
  }

  /** The parts of a group, the last first. */
  *eachPart(group: number): Generator<Part> {
    for (let part = this.#lastPart[group] ?? NO_PART; part !== NO_PART; ) {
      yield { ns: this.nsOf(part), trace: this.traceOf(part) };
      part = this.#before[part] ?? NO_PART;
    }
  }

  nsOf(part: number): number {
    return this.#ns[part] ?? 0;
  }

  traceOf(part: number): number {
    return this.#trace[part] ?? 0;
  }

  spanIdOf(part: number): SpanId {
    return spanIdOfWords(this.#idHigh[part] ?? 0, this.#idLow[part] ?? 0);
  }
}

function enlarged<T extends Uint32Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
