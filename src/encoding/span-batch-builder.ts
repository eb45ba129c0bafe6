import { traceId } from '../model/ids.ts';
import { type Resource, type Scope, SPAN_KINDS, type Span, STATUS_CODES } from '../model/span.ts';
import { encodeAttributes } from './attribute-text.ts';
import { BatchOwners } from './batch-owners.ts';
import { BatchRows } from './batch-rows.ts';
import { ByteInterner } from './byte-interner.ts';
import { encodeEvents } from './event-text.ts';
import { encodeLinks } from './link-text.ts';
import { encodeResource, encodeScope } from './shared-encoding.ts';
import {
  type BatchTrace,
  type EncodedResource,
  type EncodedScope,
  type RareFields,
  type SpanBatch,
  UINT32,
} from './span-batch.ts';
import { encodeExtra } from './span-extra.ts';

/**
 * Makes batches out of spans that come one by one: as objects (`add`), or column by column by whoever reads them straight from bytes
 * (`rows`, then `commit`).
 */
export class SpanBatchBuilder {
  readonly rows = new BatchRows();
  readonly resources = new BatchOwners<Resource, EncodedResource>(encodeResource);
  readonly scopes = new BatchOwners<Scope, EncodedScope>(encodeScope);
  #traces: BatchTrace[] = [];
  #traceIndexes = new Map<string, number>();
  #names: string[] = [];
  #nameIndexes = new Map<string, number>();
  readonly #traceBytes = new ByteInterner();
  readonly #nameBytes = new ByteInterner();
  /** Indexes of the names and traces that came as bytes. */
  #byteNames: number[] = [];
  #byteTraces: number[] = [];
  #sources: string[] = [];
  #rare = new Map<number, RareFields>();
  #generation = 0;

  /** Rows of the batch at hand. */
  get length(): number {
    return this.rows.length;
  }

  /** Counts batches: indexes that were given for one batch mean nothing in the next. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether some span's resource or scope is not known yet, so that the batch cannot be taken. */
  get isPending(): boolean {
    return this.resources.pending + this.scopes.pending > 0;
  }

  add(span: Span): void {
    const { rows } = this;
    const { uint32 } = rows.begin();
    const at = rows.at;
    uint32[at + UINT32.trace] = this.trace(span.traceId, span.origin.traceIdRaw);
    uint32[at + UINT32.name] = this.name(span.name);
    uint32[at + UINT32.resource] = this.resources.slotOf(span.resource);
    uint32[at + UINT32.scope] = this.scopes.slotOf(span.scope);
    uint32[at + UINT32.source] = this.source(span.origin.format);
    uint32[at + UINT32.kind] = SPAN_KINDS.indexOf(span.kind);
    uint32[at + UINT32.status] = STATUS_CODES.indexOf(span.statusCode);
    uint32[at + UINT32.timeFlags] = span.timeFlags;
    uint32[at + UINT32.flags] = span.flags;
    rows.setIdsAndTimes(span);
    const attributes = span.attributes.size === 0 ? null : encodeAttributes(span.attributes);
    rows.putText(UINT32.attributes, attributes);
    rows.putText(UINT32.events, encodeEvents(span.events, span.startUnixNano));
    rows.putText(UINT32.links, encodeLinks(span.links));
    this.commit(span.name, rareFields(span));
  }

  /** Adds the row that has been written into `rows`. */
  commit(name: string, rare: RareFields | null): void {
    if (rare !== null) this.#rare.set(this.rows.length, rare);
    this.rows.commit(name, rare);
  }

  /** Index of a trace in the batch at hand. */
  trace(id: BatchTrace['id'], raw: string | null): number {
    const key = raw === null ? id : `${id}${raw}`;
    let index = this.#traceIndexes.get(key);
    if (index === undefined) {
      index = this.#traces.push({ id, raw }) - 1;
      this.#traceIndexes.set(key, index);
    }
    return index;
  }

  /** Index of a name in the batch at hand. */
  name(name: string): number {
    let index = this.#nameIndexes.get(name);
    if (index === undefined) {
      index = this.#names.push(name) - 1;
      this.#nameIndexes.set(name, index);
    }
    return index;
  }

  /** Index of a trace whose id stands as canonical hex in `bytes[0…32]`. Null when it is all zero or there are too many. */
  traceOfHex(bytes: Buffer): number | null {
    const number = this.#traceBytes.intern(bytes, 0, 32);
    if (number === null) return null;
    if (number < 0) {
      const id = traceId(bytes.toString('latin1', 0, 32));
      if (id === null) return null;
      this.#byteTraces[-1 - number] = this.trace(id, null);
    }
    return this.#byteTraces[number < 0 ? -1 - number : number] ?? null;
  }

  /** Index of a name that stands as a JSON string, as JSON.stringify spells it, in `bytes[0…length]`. Null when there are too many. */
  nameOfJson(bytes: Buffer, length: number): number | null {
    const number = this.#nameBytes.intern(bytes, 0, length);
    if (number === null) return null;
    if (number < 0) {
      this.#byteNames[-1 - number] = this.name(JSON.parse(bytes.toString('utf8', 0, length)));
    }
    return this.#byteNames[number < 0 ? -1 - number : number] ?? null;
  }

  /** Adds the row that has been written into `rows` with a name of this batch. */
  commitNamed(name: number, rare: RareFields | null): void {
    this.commit(this.#names[name] ?? '', rare);
  }

  /** Index of a format's name in the batch at hand. */
  source(format: string): number {
    const index = this.#sources.indexOf(format);
    return index === -1 ? this.#sources.push(format) - 1 : index;
  }

  /** Gives the batch away and begins the next one. Nothing may be pending. */
  take(): SpanBatch {
    const { resources, scopes, rows } = this;
    if (this.isPending) throw new RangeError('a span without its resource or scope');
    rows.renumber(UINT32.resource, resources.indexes);
    rows.renumber(UINT32.scope, scopes.indexes);
    const batch: SpanBatch = {
      ...rows.take(),
      traces: this.#traces,
      names: this.#names,
      resources: resources.take(),
      scopes: scopes.take(),
      sources: this.#sources,
      rare: this.#rare,
    };
    this.#traces = [];
    this.#traceIndexes = new Map();
    this.#names = [];
    this.#nameIndexes = new Map();
    this.#traceBytes.clear();
    this.#nameBytes.clear();
    this.#byteNames = [];
    this.#byteTraces = [];
    this.#sources = [];
    this.#rare = new Map();
    this.#generation += 1;
    return batch;
  }
}

function rareFields(span: Span): RareFields | null {
  const { spanIdRaw, parentSpanIdRaw } = span.origin;
  const { statusMessage } = span;
  const extra = encodeExtra(span);
  const isPlain = statusMessage === '' && spanIdRaw === null && parentSpanIdRaw === null;
  return isPlain && extra === null ? null : { statusMessage, extra, spanIdRaw, parentSpanIdRaw };
}
