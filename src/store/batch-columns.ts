import {
  INT64,
  INT64_PER_ROW,
  type RareFields,
  type SpanBatch,
  UINT32,
  UINT32_PER_ROW,
} from '../encoding/span-batch.ts';
import type { BatchKeys } from './batch-keys.ts';
import {
  emptyColumns,
  IDS_PER_SPAN,
  type RawIds,
  type SpanColumns,
  STATE_FLAGS,
  type StoredRareFields,
  WORD,
  WORDS_PER_SPAN,
} from './span-columns.ts';
import type { TraceEntry } from './trace-keys.ts';
import { bigEndian } from './trace-totals.ts';

/** The rows of a batch ordered by the keys of their traces, and as they stand within one trace. */
export function rowsByTrace({ length }: SpanBatch, keys: BatchKeys): Uint32Array {
  const entries = [...new Set(keys.traces)].sort((a, b) => a.key - b.key);
  const group = new Map(entries.map((entry, i) => [entry, i]));
  const groups = new Uint32Array(length);
  const ends = new Uint32Array(entries.length + 1);
  for (let row = 0; row < length; row++) {
    const index = group.get(keys.traceOf(row)) ?? 0;
    groups[row] = index;
    ends[index + 1] = (ends[index + 1] ?? 0) + 1;
  }
  for (let i = 1; i < ends.length; i++) ends[i] = (ends[i] ?? 0) + (ends[i - 1] ?? 0);
  const rows = new Uint32Array(length);
  for (let row = 0; row < length; row++) {
    const index = groups[row] ?? 0;
    rows[ends[index] ?? 0] = row;
    ends[index] = (ends[index] ?? 0) + 1;
  }
  return rows;
}

/** The columns of the rows in `rows`. Texts are shared with the batch. */
export function columnsOfRows(batch: SpanBatch, keys: BatchKeys, rows: Uint32Array): SpanColumns {
  const { buffer, byteOffset, byteLength } = batch.text;
  const columns = emptyColumns(
    rows.length,
    Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength),
  );
  const halves = new Uint32Array(
    batch.int64.buffer,
    batch.int64.byteOffset,
    batch.int64.length * 2,
  );
  rows.forEach((row, span) => {
    putIds(columns.ids, span, halves, row);
    putTimes(columns.timeHalves, span, halves, row);
    columns.sources[span] = keys.sourceOf(row);
    columns.hashes[span] = keys.contentHash(row);
    keys.put(columns.words, span, row);
    putWords(columns.words, span * WORDS_PER_SPAN, batch.uint32, row * UINT32_PER_ROW);
    const rare = rareFields(batch, row, keys.traceOf(row));
    if (rare !== null) columns.rare.set(span, rare);
  });
  return columns;
}

function putIds(ids: Uint32Array, span: number, halves: Uint32Array, row: number): void {
  const to = span * IDS_PER_SPAN;
  const id = (row * INT64_PER_ROW + INT64.spanId) * 2;
  const parent = (row * INT64_PER_ROW + INT64.parentSpanId) * 2;
  ids[to] = bigEndian(halves[id + 1] ?? 0);
  ids[to + 1] = bigEndian(halves[id] ?? 0);
  ids[to + 2] = bigEndian(halves[parent + 1] ?? 0);
  ids[to + 3] = bigEndian(halves[parent] ?? 0);
}

function putTimes(times: Int32Array, span: number, halves: Uint32Array, row: number): void {
  const start = (row * INT64_PER_ROW + INT64.start) * 2;
  const duration = (row * INT64_PER_ROW + INT64.duration) * 2;
  times[span * 4] = halves[start] ?? 0;
  times[span * 4 + 1] = halves[start + 1] ?? 0;
  times[span * 4 + 2] = halves[duration] ?? 0;
  times[span * 4 + 3] = halves[duration + 1] ?? 0;
}

function putWords(words: Uint32Array, to: number, uint32: Uint32Array, from: number): void {
  const flags = uint32[from + UINT32.flags] ?? 0;
  words[to + WORD.state] =
    (uint32[from + UINT32.status] ?? 0) |
    ((uint32[from + UINT32.timeFlags] ?? 0) << 2) |
    (flags < STATE_FLAGS ? flags << 6 : 0);
  words[to + WORD.textAt] = uint32[from + UINT32.textAt] ?? 0;
  words[to + WORD.attributes] = uint32[from + UINT32.attributes] ?? 0;
  words[to + WORD.events] = uint32[from + UINT32.events] ?? 0;
  words[to + WORD.links] = uint32[from + UINT32.links] ?? 0;
}

function rareFields(batch: SpanBatch, row: number, entry: TraceEntry): StoredRareFields | null {
  const rare = batch.rare.size === 0 ? undefined : batch.rare.get(row);
  const raw = batch.traces[batch.uint32[row * UINT32_PER_ROW + UINT32.trace] ?? 0]?.raw ?? null;
  const flags = batch.uint32[row * UINT32_PER_ROW + UINT32.flags] ?? 0;
  if (rare === undefined && raw === entry.traceIdRaw && flags < STATE_FLAGS) return null;
  const rawIds = rawIdsOf(raw, entry.traceIdRaw, rare);
  return {
    ...(rare !== undefined && rare.statusMessage !== '' && { message: rare.statusMessage }),
    ...(rare !== undefined && rare.extra !== null && { extra: JSON.parse(rare.extra) }),
    ...(rawIds !== null && { rawIds }),
    ...(flags >= STATE_FLAGS && { flags }),
  };
}

function rawIdsOf(
  spelled: string | null,
  usual: string | null,
  rare: RareFields | undefined,
): RawIds | null {
  const raw: RawIds = {};
  if (spelled !== usual) raw.trace = spelled;
  if (rare !== undefined && rare.spanIdRaw !== null) raw.span = rare.spanIdRaw;
  if (rare !== undefined && rare.parentSpanIdRaw !== null) raw.parent = rare.parentSpanIdRaw;
  return Object.keys(raw).length === 0 ? null : raw;
}
