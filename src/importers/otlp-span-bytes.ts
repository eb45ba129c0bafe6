import type { BatchRows } from '../encoding/batch-rows.ts';
import { INT64, INT64_PER_ROW, type RareFields, UINT32 } from '../encoding/span-batch.ts';
import type { SpanBatchBuilder } from '../encoding/span-batch-builder.ts';
import { BRACE, CLOSING_BRACE, COMMA, QUOTE } from './json-bytes.ts';
import { JsonNames } from './json-names.ts';
import { hexWord, JsonText, ODD } from './json-text.ts';
import { OtlpAttributeBytes } from './otlp-attribute-bytes.ts';
import { OtlpEventBytes } from './otlp-event-bytes.ts';
import { putInt64 } from './put-int64.ts';

const SPAN_FIELDS = new JsonNames([
  'traceId',
  'spanId',
  'parentSpanId',
  'name',
  'kind',
  'startTimeUnixNano',
  'endTimeUnixNano',
  'attributes',
  'events',
  'links',
  'status',
  'flags',
  'traceState',
  'droppedAttributesCount',
  'droppedEventsCount',
  'droppedLinksCount',
]);
/** Of `SPAN_FIELDS`: ids, start and end, without which a span is not plain. */
const NEEDED = 0b0110_0011;
const START_SEEN = 1 << 5;

const STATUS_FIELDS = new JsonNames(['code', 'message']);

/** No span needs more; it bounds the room that is made for the text of one. */
const MAX_SPAN_BYTES = 1024 * 1024;
/** A longer name or message is read in the ordinary way. */
const MAX_STRING_BYTES = 16 * 1024;

/** What the row of a span needs that the span itself does not say. */
export interface RowOwner {
  readonly resource: number;
  readonly scope: number;
  readonly source: number;
}

/**
 * Reads spans of OTLP/JSON from their bytes into the columns of a batch, without making objects. It knows spans as exporters write
 * them, about which there is nothing to report; what it takes is what `readOtlpSpan` takes from the same bytes.
 */
export class OtlpSpanBytes {
  readonly #builder: SpanBatchBuilder;
  readonly #rows: BatchRows;
  readonly #json = new JsonText();
  readonly #attributes = new OtlpAttributeBytes(this.#json);
  readonly #events = new OtlpEventBytes(this.#json, this.#attributes);
  readonly #traceId = Buffer.alloc(32);
  readonly #spanId = Buffer.alloc(16);
  readonly #parentId = Buffer.alloc(16);
  readonly #string = Buffer.alloc(MAX_STRING_BYTES);
  readonly #name = Buffer.alloc(MAX_STRING_BYTES);
  #nameLength = 2;
  #hasParent = false;
  #message = '';
  #startBillions = 0;
  #startUnits = 0;
  #endBillions = 0;
  #endUnits = 0;

  constructor(builder: SpanBatchBuilder) {
    this.#builder = builder;
    this.#rows = builder.rows;
  }

  /** Adds the span that begins at `from`; gives the index behind it, −1 when it is not plain or ends behind `end`. */
  read(bytes: Uint8Array, from: number, end: number, owner: () => RowOwner): number {
    const limit = Math.min(end, from + MAX_SPAN_BYTES);
    this.#json.begin(bytes, from);
    try {
      this.#begin(limit - from);
      this.#readFields();
      if (this.#json.pos > limit) return -1;
      this.#commit(owner);
      return this.#json.pos;
    } catch (error) {
      if (error === ODD) return -1;
      throw error;
    }
  }

  #begin(bytes: number): void {
    const rows = this.#rows.begin();
    // Typed JSON is shorter than OTLP's but for long lists of large doubles.
    rows.reserveText(bytes * 2);
    const { uint32, at } = rows;
    uint32[at + UINT32.kind] = 0;
    uint32[at + UINT32.status] = 0;
    uint32[at + UINT32.timeFlags] = 0;
    uint32[at + UINT32.flags] = 0;
    this.#name[0] = QUOTE;
    this.#name[1] = QUOTE;
    this.#nameLength = 2;
    this.#hasParent = false;
    this.#message = '';
  }

  #readFields(): void {
    const json = this.#json;
    let seen = 0;
    json.expect(BRACE);
    do {
      const field = SPAN_FIELDS.next(json);
      if ((seen & (1 << field)) !== 0) throw ODD;
      seen |= 1 << field;
      this.#readField(field, seen);
    } while (json.accept(COMMA));
    json.expect(CLOSING_BRACE);
    if ((seen & NEEDED) !== NEEDED) throw ODD;
  }

  #readField(field: number, seen: number): void {
    const json = this.#json;
    const { uint32, at } = this.#rows;
    switch (field) {
      case 0:
        json.copyHex(32, this.#traceId, 0);
        break;
      case 1:
        json.copyHex(16, this.#spanId, 0);
        break;
      case 2:
        this.#readParent();
        break;
      case 3:
        this.#nameLength = this.#readString(this.#name);
        break;
      case 4:
        uint32[at + UINT32.kind] = this.#upTo(5);
        break;
      case 5:
        json.longInteger();
        this.#startBillions = json.billions;
        this.#startUnits = json.units;
        break;
      case 6:
        json.longInteger();
        this.#endBillions = json.billions;
        this.#endUnits = json.units;
        break;
      case 7:
        this.#readAttributes();
        break;
      case 8:
        this.#readEvents((seen & START_SEEN) !== 0);
        break;
      case 9:
        this.#readLinks();
        break;
      case 10:
        this.#readStatus();
        break;
      case 11:
        uint32[at + UINT32.flags] = json.smallInteger();
        break;
      case 12:
        if (this.#readString(this.#string) > 2) throw ODD;
        break;
      default:
        if (json.smallInteger() !== 0) throw ODD;
    }
  }

  #readParent(): void {
    const json = this.#json;
    json.peek();
    this.#hasParent = !json.acceptText(EMPTY);
    if (this.#hasParent) json.copyHex(16, this.#parentId, 0);
  }

  #readString(to: Buffer): number {
    const length = this.#json.copyString(to, 0);
    if (length > to.length) throw ODD;
    return length;
  }

  #upTo(max: number): number {
    const value = this.#json.smallInteger();
    if (value > max) throw ODD;
    return value;
  }

  /** Texts stand in the order of the columns; a dump that has them in another one is read in the ordinary way. */
  #readAttributes(): void {
    const rows = this.#rows;
    if (rows.uint32[rows.at + UINT32.textAt] !== rows.textEnd) throw ODD;
    const end = this.#attributes.copy(rows.text, rows.textEnd);
    rows.uint32[rows.at + UINT32.attributes] = end - rows.textEnd;
    rows.textEnd = end;
  }

  #readEvents(isStartKnown: boolean): void {
    const rows = this.#rows;
    if (rows.uint32[rows.at + UINT32.links] !== 0) throw ODD;
    this.#events.setStart(isStartKnown, this.#startBillions, this.#startUnits);
    const end = this.#events.copyEvents(rows.text, rows.textEnd);
    rows.uint32[rows.at + UINT32.events] = end - rows.textEnd;
    rows.textEnd = end;
  }

  #readLinks(): void {
    const rows = this.#rows;
    const end = this.#events.copyLinks(rows.text, rows.textEnd);
    rows.uint32[rows.at + UINT32.links] = end - rows.textEnd;
    rows.textEnd = end;
  }

  #readStatus(): void {
    const json = this.#json;
    json.expect(BRACE);
    if (json.accept(CLOSING_BRACE)) return;
    let seen = 0;
    do {
      const field = STATUS_FIELDS.next(json);
      if ((seen & (1 << field)) !== 0) throw ODD;
      seen |= 1 << field;
      if (field === 0) this.#rows.uint32[this.#rows.at + UINT32.status] = this.#upTo(2);
      else
        this.#message = JSON.parse(
          this.#string.toString('utf8', 0, this.#readString(this.#string)),
        );
    } while (json.accept(COMMA));
    json.expect(CLOSING_BRACE);
  }

  #commit(owner: () => RowOwner): void {
    const builder = this.#builder;
    const { uint32, at } = this.#rows;
    this.#putIdsAndTimes();
    const trace = builder.traceOfHex(this.#traceId);
    const name = builder.nameOfJson(this.#name, this.#nameLength);
    if (trace === null || name === null) throw ODD;
    const { resource, scope, source } = owner();
    uint32[at + UINT32.trace] = trace;
    uint32[at + UINT32.name] = name;
    uint32[at + UINT32.resource] = resource;
    uint32[at + UINT32.scope] = scope;
    uint32[at + UINT32.source] = source;
    builder.commitNamed(name, this.#message === '' ? null : withMessage(this.#message));
  }

  #putIdsAndTimes(): void {
    const { halves, length } = this.#rows;
    const at = length * INT64_PER_ROW;
    const spanLow = hexWord(this.#spanId, 8);
    const spanHigh = hexWord(this.#spanId, 0);
    const parentLow = this.#hasParent ? hexWord(this.#parentId, 8) : 0;
    const parentHigh = this.#hasParent ? hexWord(this.#parentId, 0) : 0;
    const isOwnParent = spanLow === parentLow && spanHigh === parentHigh;
    // Ids that are all zero are none.
    const isZero =
      (spanLow | spanHigh) === 0 || (this.#hasParent && (parentLow | parentHigh) === 0);
    const duration =
      (this.#endBillions - this.#startBillions) * 1e9 + this.#endUnits - this.#startUnits;
    if (isOwnParent || isZero || !(duration >= 0 && duration <= Number.MAX_SAFE_INTEGER)) throw ODD;
    halves[(at + INT64.spanId) * 2] = spanLow;
    halves[(at + INT64.spanId) * 2 + 1] = spanHigh;
    halves[(at + INT64.parentSpanId) * 2] = parentLow;
    halves[(at + INT64.parentSpanId) * 2 + 1] = parentHigh;
    putInt64(halves, at + INT64.start, this.#startBillions, this.#startUnits);
    putInt64(halves, at + INT64.duration, 0, duration);
  }
}

const EMPTY = Buffer.from('""');

function withMessage(statusMessage: string): RareFields {
  return { statusMessage, extra: null, spanIdRaw: null, parentSpanIdRaw: null };
}
