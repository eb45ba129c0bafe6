import {
  INT64_PER_ROW,
  type SpanBatch,
  UINT32,
  UINT32_PER_ROW,
} from '../../src/encoding/span-batch.ts';

/** A row with everything that it refers to, in a form that does not depend on the batch. */
function rowText(batch: SpanBatch, row: number): string {
  const at = row * UINT32_PER_ROW;
  const column = (index: number) => batch.uint32[at + index] ?? 0;
  const textAt = column(UINT32.textAt);
  const lengths = [UINT32.attributes, UINT32.events, UINT32.links].map(column);
  const end = lengths.reduce((sum, length) => sum + length, textAt);
  return JSON.stringify([
    batch.traces[column(UINT32.trace)],
    [...batch.int64.subarray(row * INT64_PER_ROW, (row + 1) * INT64_PER_ROW)].map(String),
    batch.names[column(UINT32.name)],
    batch.resources[column(UINT32.resource)],
    batch.scopes[column(UINT32.scope)],
    batch.sources[column(UINT32.source)],
    [UINT32.kind, UINT32.status, UINT32.timeFlags, UINT32.flags].map(column),
    lengths,
    Buffer.from(batch.text.subarray(textAt, end)).toString('utf8'),
    batch.hashes[row],
    batch.rare.get(row) ?? null,
  ]);
}

/** The rows of batches as texts, whatever their order. */
export function rowsOf(batches: readonly SpanBatch[]): string[] {
  return batches
    .flatMap((batch) => Array.from({ length: batch.length }, (_, row) => rowText(batch, row)))
    .sort();
}
