import type { BatchOwners } from '../../encoding/batch-owners.ts';
import { UINT32, UINT32_PER_ROW } from '../../encoding/span-batch.ts';
import type { SpanBatchBuilder } from '../../encoding/span-batch-builder.ts';
import type { Resource, Scope } from '../../model/span.ts';
import type { Place } from '../import-issue.ts';
import type { BytesReader, JsonObject, JsonValue } from '../json/json-shape.ts';
import { DEFAULT_LIMITS, type MemoryLimits } from '../memory-limits.ts';
import { isJsonObject, quote, type Report } from '../read-field.ts';
import { SharedObjects } from '../shared-objects.ts';
import { type OwnRows, spanScanner } from '../span-scanner.ts';
import type { DecoderOutput } from '../trace-format.ts';
import { readOtlpResource, readOtlpScope, readOtlpSpan } from './otlp-json-span.ts';

interface ReadSpan {
  readonly raw: JsonObject;
  readonly at: Place;
}

/** Where rows of a batch say to belong: their owner may become known after them. */
interface BatchSlot {
  readonly index: number;
  readonly generation: number;
  isPending: boolean;
}

/** One ScopeSpans. */
interface ScopeGroup {
  raw: JsonObject | null;
  rawAt: Place;
  schemaUrl: string;
  waiting: ReadSpan[];
  /** Its place in the batch that is being made, null before it has one. */
  slot: BatchSlot | null;
  /** Set once spans have left with it. */
  scope: Scope | null;
}

/**
 * Gives the spans of one ResourceSpans after another their resource and scope, in whatever order the fields come, and hands
 * them over in the order of the dump. The schema URL always stands behind the spans, the resource and the scope may: spans wait until
 * the object closes, or as much of it has passed as may be held.
 */
export class OtlpJsonBatch {
  readonly #format: string;
  readonly #out: DecoderOutput;
  readonly #limits: MemoryLimits;
  readonly #resources = new SharedObjects<Resource>();
  readonly #scopes = new SharedObjects<Scope>();

  #openedAt: Place = { byte: 0, line: 1 };
  #raw: JsonObject | null = null;
  #rawAt: Place = this.#openedAt;
  #schemaUrl = '';
  #resource: Resource | null = null;
  #groups: ScopeGroup[] = [];
  #slot: BatchSlot | null = null;
  /** Takes spans from their bytes; undefined when spans are wanted as objects. */
  readonly spanBytes: BytesReader | undefined;

  constructor(format: string, out: DecoderOutput) {
    this.#format = format;
    this.#out = out;
    this.#limits = out.limits ?? DEFAULT_LIMITS;
    this.spanBytes = out.batch === undefined ? undefined : this.#bytesReader(out.batch);
  }

  #bytesReader(batch: SpanBatchBuilder): BytesReader | undefined {
    const scanner = spanScanner();
    if (scanner === null) return undefined;
    const own: OwnRows = (rows) => this.#own(rows, batch);
    return (at) => {
      const group = this.#groups.at(-1);
      const spans = group === undefined ? null : scanner.read('readOtlpSpans', at, batch, own);
      if (group === undefined || spans === null) return 'odd';
      if (spans === 'later') return spans;
      this.#out.encoded?.(spans.count);
      if (!this.#waits(spans.lastOffset, group)) this.#release();
      return spans.end;
    };
  }

  /** Rows of the last group belong to what it has in the batch at hand, known or not. */
  #own(rows: Uint32Array, batch: SpanBatchBuilder): void {
    const { generation } = batch;
    const group = this.#groups.at(-1);
    if (group === undefined) throw new RangeError('a span outside of a ScopeSpans');
    if (this.#slot?.generation !== generation) {
      this.#slot = newSlot(batch, batch.resources, this.#resource);
    }
    if (group.slot?.generation !== generation) {
      group.slot = newSlot(batch, batch.scopes, group.scope);
    }
    const source = batch.source(this.#format);
    for (let row = 0; row < rows.length; row += UINT32_PER_ROW) {
      rows[row + UINT32.resource] = this.#slot.index;
      rows[row + UINT32.scope] = group.slot.index;
      rows[row + UINT32.source] = source;
    }
  }

  /** A ResourceSpans begins. */
  open(at: Place): void {
    this.#openedAt = at;
    this.#raw = null;
    this.#schemaUrl = '';
    this.#resource = null;
    this.#slot = null;
    this.#groups = [];
  }

  resource(value: JsonValue, at: Place): void {
    this.#raw = this.#object('resource', value, at);
    this.#rawAt = at;
    if (this.#resource !== null) this.#tooLate('resource', at);
  }

  resourceSchemaUrl(value: JsonValue, at: Place): void {
    this.#schemaUrl = this.#url(value, at);
  }

  /** A ScopeSpans begins. */
  openScope(at: Place): void {
    this.#groups.push({
      raw: null,
      rawAt: at,
      schemaUrl: '',
      waiting: [],
      slot: null,
      scope: null,
    });
  }

  scope(value: JsonValue, at: Place): void {
    const group = this.#groups.at(-1);
    if (group === undefined) return;
    group.raw = this.#object('scope', value, at);
    group.rawAt = at;
    if (group.scope !== null) this.#tooLate('scope', at);
  }

  scopeSchemaUrl(value: JsonValue, at: Place): void {
    const group = this.#groups.at(-1);
    if (group !== undefined) group.schemaUrl = this.#url(value, at);
  }

  span(raw: JsonValue, at: Place): void {
    this.#out.record();
    if (!isJsonObject(raw)) {
      this.#out.issue('unrecognised-record', at, `${quote(raw)} is no span`);
      return;
    }
    const group = this.#groups.at(-1);
    if (group === undefined) return;
    group.waiting.push({ raw, at });
    if (!this.#waits(at.byte, group)) this.#release();
  }

  /** The ResourceSpans ends: everything is known. */
  close(): void {
    this.#release();
    this.#groups = [];
  }

  #waits(offset: number, group: ScopeGroup): boolean {
    const isOwnerKnown = this.#raw !== null && group.raw !== null;
    const { waitingBytes, ownerWaitingBytes } = this.#limits;
    return offset - this.#openedAt.byte < (isOwnerKnown ? waitingBytes : ownerWaitingBytes);
  }

  #release(): void {
    this.#resource ??= this.#sharedResource();
    if (this.#slot?.isPending) fillSlot(this.#slot, this.#out.batch?.resources, this.#resource);
    for (const group of this.#groups) {
      if (group.waiting.length > 0 || group.slot?.isPending) {
        this.#releaseGroup(group, this.#resource);
      }
    }
    this.#groups = this.#groups.slice(-1);
    this.#out.batch?.closeIfFull();
  }

  #releaseGroup(group: ScopeGroup, resource: Resource): void {
    group.scope ??= this.#sharedScope(group);
    if (group.slot?.isPending) fillSlot(group.slot, this.#out.batch?.scopes, group.scope);
    const context = { format: this.#format, resource, scope: group.scope };
    for (const { raw, at } of group.waiting) {
      const span = readOtlpSpan(raw, context, this.#reportAt(at));
      if (span !== null) this.#out.span(span);
    }
    group.waiting = [];
  }

  #sharedResource(): Resource {
    return this.#resources.ofObject(this.#raw, this.#schemaUrl, () =>
      readOtlpResource(this.#raw, this.#schemaUrl, this.#reportAt(this.#rawAt)),
    );
  }

  #sharedScope({ raw, rawAt, schemaUrl }: ScopeGroup): Scope {
    return this.#scopes.ofObject(raw, schemaUrl, () =>
      readOtlpScope(raw, schemaUrl, this.#reportAt(rawAt)),
    );
  }

  #object(field: string, value: JsonValue, at: Place): JsonObject | null {
    if (isJsonObject(value)) return value;
    if (value !== null) this.#out.issue('bad-field', at, `${field}: ${quote(value)}`);
    return null;
  }

  #url(value: JsonValue, at: Place): string {
    if (typeof value === 'string') return value;
    if (value !== null) this.#out.issue('bad-field', at, `schemaUrl: ${quote(value)}`);
    return '';
  }

  #tooLate(field: string, at: Place): void {
    const size = this.#limits.ownerWaitingBytes;
    const example = `${field} comes after ${size} bytes of its spans, all that --max-memory allows`;
    this.#out.issue('bad-field', at, example);
  }

  #reportAt(at: Place): Report {
    return (code, example) => this.#out.issue(code, at, example);
  }
}

function newSlot<Owner extends object>(
  { generation }: SpanBatchBuilder,
  owners: BatchOwners<Owner, unknown>,
  owner: Owner | null,
): BatchSlot {
  const isPending = owner === null;
  return { index: isPending ? owners.reserve() : owners.slotOf(owner), generation, isPending };
}

function fillSlot<Owner extends object>(
  slot: BatchSlot,
  owners: BatchOwners<Owner, unknown> | undefined,
  owner: Owner,
): void {
  owners?.fill(slot.index, owner);
  slot.isPending = false;
}
