import type { Resource, Span } from '../../model/span.ts';
import type { IssueCode, Place } from '../import-issue.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import {
  type BytesAt,
  type BytesReader,
  either,
  type JsonObject,
  type JsonValue,
  list,
  type ObjectShape,
  object,
  type Shape,
  value,
} from '../json/json-shape.ts';
import { DEFAULT_LIMITS } from '../memory-limits.ts';
import { isJsonObject, quote } from '../read-field.ts';
import { SharedObjects } from '../shared-objects.ts';
import type { Decoder, DecoderOutput } from '../trace-format.ts';
import { FIELD, field, SPAN_FIELDS } from './jaeger-fields.ts';
import { rawTraceId } from './jaeger-id.ts';
import { InlineSpanReader } from './jaeger-inline-span.ts';
import { ProcessResources } from './jaeger-process.ts';
import { JaegerRows } from './jaeger-rows.ts';
import { type JaegerForm, readJaegerSpan, readWarnings } from './jaeger-span.ts';
import { TraceProcesses } from './jaeger-trace-processes.ts';

/** Part of the object that is being read may be missing after these. */
const LOSES_PART: ReadonlySet<IssueCode> = new Set([
  'json-syntax',
  'record-too-large',
  'record-too-deep',
]);

/**
 * Reads objects that are a trace (`spans`, `processes`), a batch of one process (`process`, `spans`) or a single span, which
 * only their keys tell apart.
 *
 * Jaeger writes a trace's processes after its spans: those wait for the end of their trace. Where the processes come first, or
 * stand in every span, all spans but the last are handed over at once; that one waits for the trace's warnings.
 */
export class TraceReader {
  /** The object itself. An object of a reader may not stand inside another of the same reader. */
  readonly shape: ObjectShape;
  readonly #form: JaegerForm;
  readonly #out: DecoderOutput;
  readonly #resources = new SharedObjects<Resource>();
  readonly #processResources: ProcessResources;
  readonly #single: InlineSpanReader;
  /** Null when spans are read as objects only. */
  readonly #rows: JaegerRows | null;
  #openedAt: Place = { byte: 0, line: null };
  /** The fields of the object except its spans and processes. */
  #record: Record<string, JsonValue> = {};
  #processes: TraceProcesses;
  #isContainer = false;
  #isDamaged = false;
  #held: Span[] = [];

  /** `wrapped` are further keys behind which traces or spans stand; they call back when there is such a key. */
  constructor(
    form: JaegerForm,
    out: DecoderOutput,
    wrapped: (found: () => void) => Readonly<Record<string, Shape>> = () => ({}),
  ) {
    this.#form = form;
    this.#out = out;
    this.#single = new InlineSpanReader(form, out);
    this.#rows = form.hasRows === true ? JaegerRows.of(form.format, out) : null;
    this.#processResources = new ProcessResources(form);
    this.#processes = this.#newProcesses();
    const found = (): void => {
      this.#isContainer = true;
    };
    const rows = this.#rows;
    const spans = whenList(
      value(
        (read, at) => this.#readSpan(read, at),
        rows === null ? undefined : (at) => this.#readRows(rows, at),
      ),
      found,
    );
    const processes = value(
      (read, at) => this.#processes.read(read, at),
      rows === null ? undefined : (at) => rows.readProcesses(at, this.#processes),
    );
    const own = SPAN_FIELDS.map((name): [string, Shape] => [name, this.#ownField(name)]);
    this.shape = object(
      { ...Object.fromEntries(own), spans, Spans: spans, processes, ...wrapped(found) },
      { open: (at) => this.#open(at), close: (_at, isWhole) => this.#close(isWhole) },
    );
  }

  /** Hands over what waits, at the end of a trace or of the dump. */
  flush(): void {
    this.#processes.settle(field(this.#record, FIELD.process));
    const warnings = readWarnings(field(this.#record, FIELD.warnings));
    for (const span of this.#held) this.#out.span(withWarnings(span, warnings));
    this.#rows?.release(warnings, this.#processes);
    this.#record = {};
    this.#processes = this.#newProcesses();
    this.#isContainer = false;
    this.#isDamaged = false;
    this.#held = [];
  }

  /** Part of the object could not be read. */
  noteDamage(): void {
    this.#isDamaged = true;
  }

  #newProcesses(): TraceProcesses {
    return new TraceProcesses(this.#form, this.#out, this.#resources, this.#processResources);
  }

  #readRows(rows: JaegerRows, at: BytesAt): ReturnType<BytesReader> {
    const end = rows.read(at, this.#processes);
    if (typeof end === 'number' && !this.#processes.areAwaited) this.#letGo(0);
    return end;
  }

  #ownField(name: string): Shape {
    return value((read) => {
      this.#record[name] = read;
    });
  }

  /** The object before may have broken off without being closed. */
  #open(at: Place): void {
    this.flush();
    this.#openedAt = at;
  }

  /** A single span is only known to be one at its end; one that is cut off or broken is not handed over in part. */
  #close(isWhole: boolean): void {
    const isTrace = this.#isContainer || this.#processes.areRead;
    const isSpan = !isTrace && field(this.#record, FIELD.spanId) !== undefined;
    const isIntact = isWhole && !this.#isDamaged;
    if (isSpan && isIntact) {
      this.#single.read(this.#record, this.#openedAt);
      this.#record = {};
    } else if (!isTrace && isIntact) {
      this.#out.record();
      this.#out.issue('unrecognised-record', this.#openedAt, 'an object without spans');
    }
    this.flush();
  }

  #readSpan(read: JsonValue, at: Place): void {
    this.#out.record();
    if (!isJsonObject(read)) {
      this.#out.issue('unrecognised-record', at, quote(read));
      return;
    }
    const record = this.#withTraceId(read);
    const resource = this.#processes.resourceOf(record, field(this.#record, FIELD.process), at);
    const span = readJaegerSpan(record, resource, this.#form, (code, example) =>
      this.#out.issue(code, at, example),
    );
    if (span !== null) this.#hold(span);
  }

  #hold(span: Span): void {
    this.#held.push(span);
    if (!this.#processes.areAwaited) this.#letGo(1);
  }

  /** Hands over the spans that wait, except the last `kept`. */
  #letGo(kept: number): void {
    for (const ready of this.#held.splice(0, this.#held.length - kept)) this.#out.span(ready);
  }

  /** Spans written by hand may leave their trace's id to the trace. */
  #withTraceId(span: JsonObject): JsonObject {
    if (rawTraceId(span) !== undefined) return span;
    const traceID = rawTraceId(this.#record);
    return traceID === undefined ? span : { ...span, traceID };
  }
}

/**
 * A dump of objects that `reader` reads, alone or in lists. Lists that cannot hold anything but spans name their `element`, which
 * is then read whole.
 */
export function decodeTraces(
  reader: TraceReader,
  out: DecoderOutput,
  element: Shape = reader.shape,
): Decoder {
  const elements = list(element);
  const root = either(
    () => reader.shape,
    () => elements,
  );
  return jsonDecoder(root, {
    limits: out.limits ?? DEFAULT_LIMITS,
    span: (span) => out.span(span),
    record: () => out.record(),
    split: (extra) => out.split(extra),
    issue: (code, at, example) => {
      if (LOSES_PART.has(code)) reader.noteDamage();
      out.issue(code, at, example);
    },
  });
}

/** A list of `element`, telling when it is there. */
export function whenList(element: Shape, found: () => void): Shape {
  const elements = list(element);
  const nothing = object({});
  return either(
    () => nothing,
    () => {
      found();
      return elements;
    },
  );
}

function withWarnings(span: Span, warnings: readonly string[]): Span {
  if (warnings.length === 0) return span;
  const all = [...span.origin.warnings, ...warnings];
  return { ...span, origin: { ...span.origin, warnings: all } };
}
