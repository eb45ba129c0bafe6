import type { SpanId } from '../../model/ids.ts';
import { isUnixNano, unixNano } from '../../model/time.ts';
import type { IssueCode, Place } from '../import-issue.ts';
import { jsonDecoder } from '../json/json-scanner.ts';
import { either, type JsonObject, type JsonValue, list, value } from '../json/json-shape.ts';
import { NextjsClock } from '../otlp/nextjs-clock.ts';
import {
  badField,
  isJsonObject,
  quote,
  type Report,
  readBoolean,
  readField,
  readString,
  type TimeField,
  toInteger,
} from '../read-field.ts';
import { isNoId, quoteId, type ReadId, readParentId, readSpanId, readTraceId } from '../read-id.ts';
import { SharedObjects } from '../shared-objects.ts';
import type { Decoder, DecoderOutput } from '../trace-format.ts';
import { isZipkinV1, readZipkinV1 } from './read-zipkin-v1.ts';
import { readZipkinV2 } from './read-zipkin-v2.ts';
import { splitZipkinV1 } from './split-zipkin-v1.ts';
import type { ZipkinSpan } from './zipkin-record.ts';
import { zipkinRows } from './zipkin-rows.ts';
import { type ZipkinIdentity, type ZipkinShared, zipkinSpan } from './zipkin-span.ts';

/**
 * Decodes spans of both versions, alone, in a list, or in a list of lists (one per trace, as Zipkin's `/traces` answers; one
 * per line in a Next.js trace). Every record becomes a span, or two when it holds both halves of a call; halves and fragments
 * that came as records of their own are not joined here.
 */
export function zipkinDecoder(out: DecoderOutput): Decoder {
  const records = new ZipkinRecords(out);
  const span = value((record, at) => records.read(record, at), zipkinRows(out, records.shared));
  const spans = list(
    either(
      () => span,
      () => list(span),
    ),
  );
  return jsonDecoder(
    either(
      () => span,
      () => spans,
    ),
    out,
  );
}

/** Every field that a span of either version has, and those of Next.js. */
const KNOWN_FIELDS: ReadonlySet<string> = new Set([
  'traceId',
  'parentId',
  'id',
  'kind',
  'name',
  'timestamp',
  'duration',
  'debug',
  'shared',
  'localEndpoint',
  'remoteEndpoint',
  'annotations',
  'tags',
  'binaryAnnotations',
  'trace_id',
  'trace_id_high',
  'parent_id',
  'binary_annotations',
  'startTime',
]);

class ZipkinRecords {
  readonly #out: DecoderOutput;
  readonly shared: ZipkinShared = {
    resources: new SharedObjects(),
    scopes: new SharedObjects(),
  };
  readonly #nextjs = new NextjsClock();

  constructor(out: DecoderOutput) {
    this.#out = out;
  }

  read(record: JsonValue, at: Place): void {
    this.#out.record();
    const report = (code: IssueCode, example: string): void => this.#out.issue(code, at, example);
    if (!isJsonObject(record)) {
      report('unrecognised-record', quote(record));
      return;
    }
    const identity = readIdentity(record, report);
    if (identity === null) return;
    for (const key of Object.keys(record)) if (!KNOWN_FIELDS.has(key)) report('unknown-field', key);
    const spans = this.#spansOf(record, identity, report);
    for (const span of spans) {
      this.#out.span(zipkinSpan(identity, span, this.shared, report));
    }
    if (spans.length > 1) this.#out.split(spans.length - 1);
  }

  #spansOf(record: JsonObject, identity: ZipkinIdentity, report: Report): readonly ZipkinSpan[] {
    if (identity.format === 'zipkin-v1') return splitZipkinV1(readZipkinV1(record, report));
    const span = readZipkinV2(record, report);
    const start = this.#onCalendar(record, identity, span.start);
    return [start === span.start ? span : { ...span, start }];
  }

  /** Only Next.js has both `startTime` and numbers for ids. */
  #onCalendar(record: JsonObject, { traceId }: ZipkinIdentity, start: TimeField): TimeField {
    const millis = toInteger(readField(record, 'startTime') ?? '');
    if (millis === null || typeof record['id'] !== 'number') return start;
    const startTime = millis * 1_000_000n;
    if (typeof start !== 'bigint' || !isUnixNano(startTime)) return start;
    return this.#nextjs.toUnix(traceId.id, start, unixNano(startTime));
  }
}

function readIdentity(record: JsonObject, report: Report): ZipkinIdentity | null {
  const rawTraceId = traceIdField(record);
  const rawId = readField(record, 'id');
  const traceId = readTraceId(rawTraceId);
  const spanId = readSpanId(rawId);
  if (traceId === null || spanId === null) {
    reportMissingId(record, { rawTraceId, rawId, isTraceMissing: traceId === null }, report);
    return null;
  }
  return {
    format: isZipkinV1(record) ? 'zipkin-v1' : 'zipkin-v2',
    traceId,
    spanId,
    parent: readParent(record, report),
    name: readString(record, 'name', report),
    debug: readBoolean(record, 'debug', report) ?? false,
  };
}

/** Thrift gives a 128-bit trace id as two integers. */
function traceIdField(record: JsonObject): JsonValue | undefined {
  const low = readField(record, 'traceId', 'trace_id');
  const high = toInteger(readField(record, 'trace_id_high') ?? 0) ?? 0n;
  const integer = high === 0n || low === undefined ? null : toInteger(low);
  return integer === null ? low : hex64(high) + hex64(integer);
}

function hex64(value: bigint): string {
  return BigInt.asUintN(64, value).toString(16).padStart(16, '0');
}

function readParent(record: JsonObject, report: Report): ReadId<SpanId> | null {
  const raw = readField(record, 'parentId', 'parent_id');
  const parent = readParentId(raw);
  if (parent === null && raw !== undefined && !isNoId(raw)) badField(report, 'parentId', raw);
  return parent;
}

function reportMissingId(
  record: JsonObject,
  ids: { rawTraceId: JsonValue | undefined; rawId: JsonValue | undefined; isTraceMissing: boolean },
  report: Report,
): void {
  const { rawTraceId, rawId, isTraceMissing } = ids;
  const keys = Object.keys(record);
  if (!keys.some((key) => KNOWN_FIELDS.has(key))) {
    report('unrecognised-record', `an object with ${keys.slice(0, 5).join(', ')}`);
  } else if (isTraceMissing) {
    report('trace-id-missing', `traceId: ${quoteId(rawTraceId ?? null)}`);
  } else {
    report('span-id-missing', `id: ${quoteId(rawId ?? null)}`);
  }
}
