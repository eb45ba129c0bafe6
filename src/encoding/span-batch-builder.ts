import { type Resource, type Scope, SPAN_KINDS, type Span, STATUS_CODES } from '../model/span.ts';
import { encodeAttributes } from './attribute-text.ts';
import { type BatchColumns, joinColumns, renumber } from './batch-columns.ts';
import { BatchOwners } from './batch-owners.ts';
import { BatchRows, withRareFields } from './batch-rows.ts';
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
import { addWarnings, encodeExtra } from './span-extra.ts';

/** Makes rows of spans without objects, and holds them until they are wanted. */
export interface RowSource {
  readonly length: number;
  readonly textBytes: number;
  /** Hands the rows over, by `append`. */
  handOver(): void;
}

/** How large a batch may become before it is closed. */
export interface BatchLimits {
  readonly rows: number;
  readonly textBytes: number;
}

const NO_LIMITS: BatchLimits = { rows: Infinity, textBytes: Infinity };

/** Rows of sources that get warnings. */
interface WarnedRows {
  readonly from: number;
  readonly to: number;
  readonly warnings: readonly string[];
}

/** Makes batches out of spans that come one by one as objects (`add`), or as rows of a source beside that (`readFrom`). */
export class SpanBatchBuilder {
  readonly #rows = new BatchRows();
  readonly resources = new BatchOwners<Resource, EncodedResource>(encodeResource);
  readonly scopes = new BatchOwners<Scope, EncodedScope>(encodeScope);
  readonly #limits: BatchLimits;
  /** Batches that are closed and wait to be taken. */
  readonly #closed: SpanBatch[] = [];
  #source: RowSource | null = null;
  #parts: BatchColumns[] = [];
  /** The first row of the source that is held, null for none. */
  #heldFrom: number | null = null;
  #warned: WarnedRows[] = [];
  #traces: BatchTrace[] = [];
  #traceIndexes = new Map<string, number>();
  #names: string[] = [];
  #nameIndexes = new Map<string, number>();
  #sources: string[] = [];
  #generation = 0;

  constructor(limits = NO_LIMITS) {
    this.#limits = limits;
  }

  /** Rows of the batch at hand. */
  get length(): number {
    return this.#rows.length + this.#sourceRows;
  }

  /** Those that are a source's. */
  get #sourceRows(): number {
    const appended = this.#parts.reduce((sum, part) => sum + part.length, 0);
    return appended + (this.#source?.length ?? 0);
  }

  /** Bytes of their text. */
  get textBytes(): number {
    const appended = this.#parts.reduce((sum, part) => sum + part.text.length, 0);
    return this.#rows.textBytes + appended + (this.#source?.textBytes ?? 0);
  }

  /** Counts batches: indexes that were given for one batch mean nothing in the next. */
  get generation(): number {
    return this.#generation;
  }

  /** Whether rows are held, or their resource or scope is not known yet, so that the batch cannot be taken. */
  get isPending(): boolean {
    return this.#heldFrom !== null || this.resources.pending + this.scopes.pending > 0;
  }

  add(span: Span): void {
    const rows = this.#rows.begin();
    const { uint32 } = rows;
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
    rows.commit(span.name, rareFields(span));
  }

  /** From now on `source` may have rows of the batch at hand; null for none. */
  readFrom(source: RowSource | null): void {
    this.#source = source;
  }

  /** Rows that a source makes from now on may get warnings. */
  hold(): void {
    this.#heldFrom ??= this.#sourceRows;
  }

  /** They get `warnings` behind their own, and nothing else any more. */
  release(warnings: readonly string[]): void {
    if (this.#heldFrom !== null && warnings.length > 0) {
      this.#warned.push({ from: this.#heldFrom, to: this.#sourceRows, warnings });
    }
    this.#heldFrom = null;
  }

  /** Adds rows whose traces, names, slots and sources are those of the batch at hand; their rare fields are not in the hashes. */
  append(part: BatchColumns): void {
    this.#parts.push(part);
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

  /** Index of a format's name in the batch at hand. */
  source(format: string): number {
    const index = this.#sources.indexOf(format);
    return index === -1 ? this.#sources.push(format) - 1 : index;
  }

  /** Closes the batch if it is full. Call it where nothing is pending, as often as that is. */
  closeIfFull(): void {
    const { rows, textBytes } = this.#limits;
    const isFull = this.length >= rows || this.textBytes >= textBytes;
    if (isFull && !this.isPending) this.#closed.push(this.take());
  }

  /** The next batch that is closed, null for none. */
  nextClosed(): SpanBatch | null {
    return this.#closed.shift() ?? null;
  }

  /** Gives the batch at hand away and begins the next one. Nothing may be pending. */
  take(): SpanBatch {
    const { resources, scopes } = this;
    if (this.isPending) throw new RangeError('a span without its resource or scope');
    const columns = this.#takeColumns();
    renumber(columns.uint32, UINT32.resource, resources.indexes);
    renumber(columns.uint32, UINT32.scope, scopes.indexes);
    const batch: SpanBatch = {
      ...columns,
      traces: this.#traces,
      names: this.#names,
      resources: resources.take(),
      scopes: scopes.take(),
      sources: this.#sources,
    };
    this.#traces = [];
    this.#traceIndexes = new Map();
    this.#names = [];
    this.#nameIndexes = new Map();
    this.#sources = [];
    this.#generation += 1;
    return batch;
  }

  #takeColumns(): BatchColumns {
    this.#source?.handOver();
    const parts = this.#parts;
    this.#parts = [];
    const warned = this.#warned;
    this.#warned = [];
    let first = 0;
    for (const part of parts) {
      for (const rows of warned) addWarningsTo(part, first, rows);
      for (const [row, fields] of part.rare) {
        part.hashes[row] = withRareFields(part.hashes[row] ?? 0, fields);
      }
      first += part.length;
    }
    if (this.#rows.length > 0 || parts.length === 0) parts.push(this.#rows.take());
    return joinColumns(parts);
  }
}

const NOTHING_RARE: RareFields = {
  statusMessage: '',
  extra: null,
  spanIdRaw: null,
  parentSpanIdRaw: null,
};

/** Puts warnings into the rare fields of those rows of a part that get them; `first` is its first row. */
function addWarningsTo(
  part: BatchColumns,
  first: number,
  { from, to, warnings }: WarnedRows,
): void {
  const end = Math.min(to - first, part.length);
  for (let row = Math.max(0, from - first); row < end; row += 1) {
    const fields = part.rare.get(row) ?? NOTHING_RARE;
    part.rare.set(row, { ...fields, extra: addWarnings(fields.extra, warnings) });
  }
}

function rareFields(span: Span): RareFields | null {
  const { spanIdRaw, parentSpanIdRaw } = span.origin;
  const { statusMessage } = span;
  const extra = encodeExtra(span);
  const isPlain = statusMessage === '' && spanIdRaw === null && parentSpanIdRaw === null;
  return isPlain && extra === null ? null : { statusMessage, extra, spanIdRaw, parentSpanIdRaw };
}
