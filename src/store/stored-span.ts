import { decodeEvents } from '../encoding/event-text.ts';
import { decodeLinks } from '../encoding/link-text.ts';
import type { SpanExtra } from '../encoding/span-extra.ts';
import { type Attributes, NO_ATTRIBUTES } from '../model/attributes.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import {
  type DroppedCounts,
  NOTHING_DROPPED,
  type Resource,
  type Scope,
  type Span,
  type SpanEvent,
  type SpanKind,
  type SpanLink,
  type SpanOrigin,
  STATUS_CODES,
  type StatusCode,
} from '../model/span.ts';
import { spanIdOfWords } from '../model/span-id-words.ts';
import { type Nanos, nanos, type UnixNano, unixNano } from '../model/time.ts';
import { LazyAttributes } from './lazy-attributes.ts';
import {
  flagsOf,
  hasParent,
  type SpanColumns,
  type StoredRareFields,
  statusOf,
  timeFlagsOf,
  WORD,
  wordOf,
} from './span-columns.ts';
import { originOf, type RowContext } from './stored-spans.ts';
import { bigEndian } from './trace-totals.ts';

const NO_EVENTS: readonly SpanEvent[] = [];
const NO_LINKS: readonly SpanLink[] = [];

/** A span that reads its columns when it is asked: analyses of many traces want a few fields of each. Equal to what `spansOfTrace` gives. */
export class StoredSpan implements Span {
  readonly name: string;
  readonly kind: SpanKind;
  readonly statusCode: StatusCode;
  readonly durationNs: Nanos;
  readonly timeFlags: number;
  readonly resource: Resource;
  readonly #columns: SpanColumns;
  readonly #at: number;
  readonly #context: RowContext;
  #spanId: SpanId | null = null;
  #start: UnixNano | null = null;
  #attributes: Attributes | null = null;
  #events: readonly SpanEvent[] | null = null;
  #links: readonly SpanLink[] | null = null;

  constructor(columns: SpanColumns, at: number, context: RowContext) {
    const operation = context.operation(wordOf(columns, at, WORD.operation));
    this.#columns = columns;
    this.#at = at;
    this.#context = context;
    this.name = operation.name;
    this.kind = operation.kind;
    this.statusCode = STATUS_CODES[statusOf(columns, at)] ?? 'unset';
    this.durationNs = durationOf(columns, at);
    this.timeFlags = timeFlagsOf(columns, at);
    this.resource = context.resource(wordOf(columns, at, WORD.resource));
  }

  get traceId(): TraceId {
    return this.#context.traceId;
  }

  get spanId(): SpanId {
    this.#spanId ??= idAt(this.#columns, this.#at * 4);
    return this.#spanId;
  }

  get parentSpanId(): SpanId | null {
    return hasParent(this.#columns, this.#at) ? idAt(this.#columns, this.#at * 4 + 2) : null;
  }

  get startUnixNano(): UnixNano {
    this.#start ??= unixNano(this.#columns.times[this.#at * 2] ?? 0n);
    return this.#start;
  }

  get endUnixNano(): UnixNano {
    return unixNano(this.startUnixNano + (this.#columns.times[this.#at * 2 + 1] ?? 0n));
  }

  get statusMessage(): string {
    return this.#rare?.message ?? '';
  }

  get traceState(): string {
    return this.#extra?.traceState ?? '';
  }

  get flags(): number {
    return flagsOf(this.#columns, this.#at);
  }

  get attributes(): Attributes {
    if (this.#attributes === null) {
      const length = this.#word(WORD.attributes);
      const from = this.#word(WORD.textAt);
      this.#attributes =
        length === 0 ? NO_ATTRIBUTES : LazyAttributes.of(this.#columns.texts, from, from + length);
    }
    return this.#attributes;
  }

  get events(): readonly SpanEvent[] {
    const length = this.#word(WORD.events);
    if (length === 0) return NO_EVENTS;
    if (this.#events === null) {
      const from = this.#word(WORD.textAt) + this.#word(WORD.attributes);
      this.#events = decodeEvents(this.#text(from, length), this.startUnixNano);
    }
    return this.#events;
  }

  get links(): readonly SpanLink[] {
    const length = this.#word(WORD.links);
    if (length === 0) return NO_LINKS;
    if (this.#links === null) {
      const before = this.#word(WORD.attributes) + this.#word(WORD.events);
      this.#links = decodeLinks(this.#text(this.#word(WORD.textAt) + before, length));
    }
    return this.#links;
  }

  get dropped(): DroppedCounts {
    return this.#extra?.dropped ?? NOTHING_DROPPED;
  }

  get scope(): Scope {
    return this.#context.scope(this.#word(WORD.scope));
  }

  get origin(): SpanOrigin {
    const plain = this.#context.origin(this.#columns.sources[this.#at] ?? 0);
    return originOf(plain, this.#extra, this.#rare?.rawIds);
  }

  get #rare(): StoredRareFields | undefined {
    const { rare } = this.#columns;
    return rare.size === 0 ? undefined : rare.get(this.#at);
  }

  get #extra(): SpanExtra | undefined {
    return this.#rare?.extra as SpanExtra | undefined;
  }

  #word(word: number): number {
    return wordOf(this.#columns, this.#at, word);
  }

  #text(from: number, length: number): string {
    return this.#columns.texts.toString('utf8', from, from + length);
  }
}

/** The id whose halves begin at `word` of the ids; no importer lets one of zeros in. */
function idAt({ ids }: SpanColumns, word: number): SpanId {
  return spanIdOfWords(bigEndian(ids[word] ?? 0), bigEndian(ids[word + 1] ?? 0));
}

/** As `durationBetween` has it. */
function durationOf({ timeHalves }: SpanColumns, at: number): Nanos {
  const ns = (timeHalves[at * 4 + 3] ?? 0) * 2 ** 32 + ((timeHalves[at * 4 + 2] ?? 0) >>> 0);
  return nanos(Math.max(0, ns));
}
