/*
 * Reads spans from the bytes of a dump straight into rows of a `SpanBatch`, without making objects. Compiled from AssemblyScript to
 * WebAssembly; one instance per thread. It knows spans as exporters write them, about which there is nothing to report; what it takes
 * is what the importer's own decoder of the format takes from the same bytes, and everything else it leaves to that one.
 *
 * To add a format: a file `<format>-span.ts` with one function like `readOtlpSpan` over the primitives (`json.ts`, `json-names.ts`,
 * `json-string.ts`, `json-number.ts`, `ids.ts`, `seen-keys.ts`, `rows.ts`), which reads one span or is `odd`; a function here that calls
 * `readSpans` with it, like `readOtlpSpans`; its name in `SpanReader` of the importer's `scanner-module.ts`; and in the format's decoder
 * a `BytesReader` that calls `SpanScanner.read` with that name: as `OtlpJsonBatch` does where it is known what spans belong to, as
 * `JaegerRows` where spans say it themselves (`putOwner`). The test that compares both ways of reading
 * (`import-batches.test.ts`) then covers it.
 */
import { readJaegerSpan } from './jaeger-span';
import { BRACE, COMMA, SPACE } from './json';
import { readOtlpSpan } from './otlp-span';
import { dropLastRow, isFull, names, owners, rareRows, rows, traces } from './rows';
import { readZipkinSpan } from './zipkin-span';

export { skipValue } from './json';
export {
  clearValues,
  MEMBERS,
  memberCount,
  membersEnd,
  readMembers,
  valueBytes,
  valueCount,
  valueEnds,
  valuesAreFull,
} from './members';
export { HASHES, INPUT, INPUT_BYTES, INTS, RARE, RARE_TEXT, TEXT, WORDS } from './memory';
export { clearRows, isFull, textBytes } from './rows';

/** Where the last span that was read begins, and the address behind it. */
let spanAt: usize = 0;
let spanEnd: usize = 0;
/** The address behind the span before. */
let endBefore: usize = 0;

/** Reads spans of OTLP/JSON that begin at `from`, as `readSpans`. */
export function readOtlpSpans(from: usize): void {
  readSpans(from, readOtlpSpan);
}

/** The same for spans of Jaeger's query API. */
export function readJaegerSpans(from: usize): void {
  readSpans(from, readJaegerSpan);
}

/** The same for spans of Zipkin's API v2. */
export function readZipkinSpans(from: usize): void {
  readSpans(from, readZipkinSpan);
}

/**
 * Reads the span at `from` and those behind it in a list, as long as they stand on the same line and the rows are not full. Throws at
 * one that is odd; those before it are read.
 */
function readSpans(from: usize, readSpan: (from: usize) => usize): void {
  let p = from;
  while (true) {
    const end = readSpan(p);
    spanAt = p;
    endBefore = spanEnd;
    spanEnd = end;
    if (isFull() || load<u8>(end) != COMMA) return;
    p = end + 1;
    while (load<u8>(p) == SPACE) p++;
    if (load<u8>(p) != BRACE) return;
  }
}

/** The last span that was read is to be left after all; it was not the only one of its call. */
export function dropLastSpan(): void {
  dropLastRow();
  spanEnd = endBefore;
}

/* What the importer asks. */

export function lastSpan(): usize {
  return spanAt;
}

export function spansEnd(): usize {
  return spanEnd;
}

export function rowCount(): u32 {
  return rows;
}

export function rareCount(): u32 {
  return rareRows;
}

export function traceCount(): u32 {
  return traces.count;
}

/** Keys of `TRACE_KEY_BYTES` each. */
export function traceIds(): usize {
  return traces.bytes;
}

export function nameCount(): u32 {
  return names.count;
}

/** UTF-8, one behind the other. */
export function nameBytes(): usize {
  return names.bytes;
}

/** Where each name ends, as an offset in `nameBytes`. */
export function nameEnds(): usize {
  return names.ends;
}

export function ownerCount(): u32 {
  return owners.count;
}

/** UTF-8, one behind the other. */
export function ownerBytes(): usize {
  return owners.bytes;
}

/** Where each ends there, as an offset. */
export function ownerEnds(): usize {
  return owners.ends;
}
