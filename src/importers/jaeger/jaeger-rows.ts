import { UINT32, UINT32_PER_ROW } from '../../encoding/span-batch.ts';
import type { SpanBatchBuilder } from '../../encoding/span-batch-builder.ts';
import type { Scope } from '../../model/span.ts';
import type { Place } from '../import-issue.ts';
import { LINE_FEED } from '../json/json-bytes.ts';
import type { BytesAt } from '../json/json-shape.ts';
import { NO_SCOPE } from '../span-builder.ts';
import { type SpanScanner, spanScanner } from '../span-scanner.ts';
import type { DecoderOutput } from '../trace-format.ts';
import type { TraceProcesses } from './jaeger-trace-processes.ts';

/** Takes spans of traces from their bytes into rows of a batch. */
export class JaegerRows {
  readonly #format: string;
  readonly #out: DecoderOutput;
  readonly #batch: SpanBatchBuilder;
  readonly #scanner: SpanScanner;
  /** By their text. */
  readonly #scopes = new Map<string, Scope>();

  private constructor(
    format: string,
    out: DecoderOutput,
    batch: SpanBatchBuilder,
    scanner: SpanScanner,
  ) {
    this.#format = format;
    this.#out = out;
    this.#batch = batch;
    this.#scanner = scanner;
  }

  /** Null where spans are wanted as objects. */
  static of(format: string, out: DecoderOutput): JaegerRows | null {
    const scanner = out.batch === undefined ? null : spanScanner();
    if (out.batch === undefined || scanner === null) return null;
    return new JaegerRows(format, out, out.batch, scanner);
  }

  /**
   * As `BytesReader`, for spans of the trace with `processes`. While those are awaited all rows wait for the warnings of the trace;
   * otherwise it is the last span that does, which is left to be read as an object.
   */
  read(at: BytesAt, processes: TraceProcesses): number | 'odd' | 'later' {
    const isAwaited = processes.areAwaited || !processes.areRead;
    if (isAwaited) this.#batch.hold();
    const own = (rows: Uint32Array): void => this.#own(rows, at, processes);
    const spans = isAwaited
      ? this.#scanner.read('readJaegerSpans', at, this.#batch, own)
      : this.#scanner.readButLast('readJaegerSpans', at, this.#batch, own);
    if (spans === null) return 'odd';
    if (spans === 'later') return spans;
    this.#out.encoded?.(spans.count);
    return spans.end;
  }

  /** As `BytesReader`, for the processes of a trace. */
  readProcesses(at: BytesAt, processes: TraceProcesses): number | 'odd' | 'later' {
    const read = this.#scanner.readMembers(at, this.#batch);
    if (typeof read === 'string') return read;
    const isPlain = processes.readTexts(read.members, { byte: at.offset, line: at.line });
    return isPlain ? read.end : 'odd';
  }

  /** The trace ends, with `warnings` for all its rows that wait. */
  release(warnings: readonly string[], processes: TraceProcesses): void {
    processes.fillRows(this.#batch);
    this.#batch.release(warnings);
    this.#batch.closeIfFull();
  }

  #own(rows: Uint32Array, at: BytesAt, processes: TraceProcesses): void {
    const scanner = this.#scanner;
    const source = this.#batch.source(this.#format);
    const places = new PlacesFrom(at);
    for (let row = 0; row < rows.length; row += UINT32_PER_ROW) {
      const id = scanner.ownerText(rows[row + UINT32.resource] ?? 0);
      const placeOf = () => places.at(scanner.offsetOf(rows[row + UINT32.source] ?? 0));
      rows[row + UINT32.resource] = processes.rowSlot(id, placeOf, this.#batch);
      rows[row + UINT32.scope] = this.#batch.scopes.slotOf(
        this.#scope(scanner.ownerText(rows[row + UINT32.scope] ?? 0)),
      );
      rows[row + UINT32.source] = source;
    }
  }

  /** A scope by its name and version as two strings of JSON; no text for none. */
  #scope(text: string): Scope {
    if (text === '') return NO_SCOPE;
    let scope = this.#scopes.get(text);
    if (scope === undefined) {
      const [name, version]: [string, string] = JSON.parse(`[${text}]`);
      scope = { ...NO_SCOPE, name, version };
      if (this.#scopes.size >= MAX_SCOPES) this.#scopes.clear();
      this.#scopes.set(text, scope);
    }
    return scope;
  }
}

const MAX_SCOPES = 4096;

/** Counts the lines of bytes that begin at a place. */
class PlacesFrom {
  readonly #bytes: Uint8Array;
  /** What has to be added to an offset in the dump for the index. */
  readonly #shift: number;
  #line: number;
  #counted: number;

  constructor({ bytes, from, offset, line }: BytesAt) {
    this.#bytes = bytes;
    this.#shift = from - offset;
    this.#line = line;
    this.#counted = from;
  }

  /** The place of an offset, which is not before the last one that was asked for. */
  at(byte: number): Place {
    const passed = this.#bytes.subarray(this.#counted, byte + this.#shift);
    this.#counted = byte + this.#shift;
    for (let at = passed.indexOf(LINE_FEED); at !== -1; at = passed.indexOf(LINE_FEED, at + 1)) {
      this.#line += 1;
    }
    return { byte, line: this.#line };
  }
}
